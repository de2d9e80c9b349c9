import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Forward, Reply } from 'lucide-react';
import { useMe } from '../../api/me.ts';
import { query } from '../../api/query-client.ts';
import { dateText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { Attachments } from '../../ui/attachments.tsx';
import { StatusBadge, UrgencyBadge } from '../../ui/badges.tsx';
import { DocumentFacts } from '../../ui/document-facts.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { WaitingNote } from '../../waiting/waiting-note.tsx';
import { DeliveryActions } from './actions.tsx';
import { DeliveryTimeline } from './timeline.tsx';

const route = getRouteApi('/van-ban-den/$deliveryId');

/** A document that has come in: what it says, what is to be done with it, and its way so far. */
export function DeliveryScreen() {
  const { t, language } = useText();
  const { deliveryId } = route.useParams();
  const me = useMe();
  const found = useQuery(query('routing.v1.DocumentRoutingService/GetDelivery', { deliveryId }));
  const { delivery, document: summary, history = [] } = found.data ?? {};
  const whole = useQuery({
    ...query('routing.v1.DocumentRoutingService/GetDocument', { documentId: summary?.id ?? '' }),
    enabled: summary !== undefined,
  });
  if (delivery === undefined || summary === undefined)
    return (
      <Screen title={t('delivery.title')}>
        {found.error === null ? (
          <p className="empty">{t('list.loading')}</p>
        ) : (
          <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
        )}
      </Screen>
    );
  const { document } = whole.data ?? {};
  const holds = me !== undefined && delivery.holder?.agencyId === me.agencyId;
  return (
    <Screen title={summary.subject}>
      <div className="row">
        <StatusBadge status={delivery.status} received={holds} />
        <UrgencyBadge urgency={summary.urgency} />
        {summary.dueOn !== '' && (
          <span className="badge badge-warn">
            {t('document.answerBy', { date: dateText(summary.dueOn, language) })}
          </span>
        )}
      </div>
      <WaitingNote thing={delivery.id} />
      <div className="columns">
        <div className="stack">
          <section className="panel stack" aria-label={t('document.facts')}>
            {document !== undefined && <DocumentFacts document={document} />}
            <ProblemNote error={whole.error} onRetry={() => void whole.refetch()} />
            {document !== undefined && document.tasks.length > 0 && (
              <div className="stack tight">
                <h2>{t('document.tasks')}</h2>
                <ul className="stack tight">
                  {document.tasks.map(({ content, dueOn }) => (
                    <li key={content}>
                      {content}
                      {dueOn !== '' && ` (${t('document.answerBy', { date: dateText(dueOn, language) })})`}
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </section>
          {document !== undefined && document.attachments.length > 0 && (
            <section className="stack" aria-labelledby="attachments">
              <h2 id="attachments">{t('document.attachments')}</h2>
              <Attachments kind="van-ban" files={document.attachments} />
            </section>
          )}
        </div>
        <div className="stack">
          {holds && (
            <section className="panel stack no-print" aria-labelledby="actions">
              <h2 id="actions">{t('delivery.actions')}</h2>
              <DeliveryActions delivery={delivery} subject={summary.subject} history={history} />
              <div className="row">
                <Link className="button" to="/soan" search={{ 'tra-loi': summary.id }}>
                  <Reply size={16} className="icon" aria-hidden />
                  {t('delivery.reply')}
                </Link>
                <Link className="button" to="/soan" search={{ chuyen: summary.id }}>
                  <Forward size={16} className="icon" aria-hidden />
                  {t('delivery.passOn')}
                </Link>
              </div>
            </section>
          )}
          <section className="panel stack" aria-labelledby="journey">
            <h2 id="journey">{t('delivery.journey')}</h2>
            <DeliveryTimeline sentAt={delivery.sentAt} history={history} />
          </section>
        </div>
      </div>
    </Screen>
  );
}
