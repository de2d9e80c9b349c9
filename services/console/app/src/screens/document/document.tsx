import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Replace, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useMe } from '../../api/me.ts';
import { query } from '../../api/query-client.ts';
import { useText } from '../../text/text.tsx';
import { Attachments } from '../../ui/attachments.tsx';
import { UrgencyBadge } from '../../ui/badges.tsx';
import { DocumentFacts } from '../../ui/document-facts.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { DirectiveAnswers } from './answers.tsx';
import { RecallForm } from './recall-form.tsx';
import { Recipients } from './recipients.tsx';

const route = getRouteApi('/van-ban-di/$documentId');

/** A document that the agency has issued, and its journey to each recipient. */
export function DocumentScreen() {
  const { t } = useText();
  const { documentId } = route.useParams();
  const me = useMe();
  const [recalls, setRecalls] = useState(false);
  const found = useQuery(query('routing.v1.DocumentRoutingService/GetDocument', { documentId }));
  const document = found.data?.document;
  if (document === undefined)
    return (
      <Screen title={t('outbox.title')}>
        {found.error === null ? (
          <p className="empty">{t('list.loading')}</p>
        ) : (
          <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
        )}
      </Screen>
    );
  const isOwn = document.issuerId === me?.agencyId;
  return (
    <Screen
      title={document.subject}
      actions={
        isOwn && (
          <>
            <Link className="button" to="/soan" search={{ thay: documentId }}>
              <Replace size={16} className="icon" aria-hidden />
              {t('replace.title')}
            </Link>
            <button type="button" className="button button-danger" onClick={() => setRecalls(true)}>
              <Undo2 size={16} className="icon" aria-hidden />
              {t('recall.title')}
            </button>
          </>
        )
      }
    >
      <UrgencyBadge urgency={document.urgency} />
      <div className="columns">
        <div className="stack">
          <section className="panel stack" aria-label={t('document.facts')}>
            <DocumentFacts document={document} />
          </section>
          {document.attachments.length > 0 && (
            <section className="stack" aria-labelledby="attachments">
              <h2 id="attachments">{t('document.attachments')}</h2>
              <Attachments kind="van-ban" files={document.attachments} />
            </section>
          )}
        </div>
        <div className="stack">
          {document.steering === 'STEERING_TYPE_DIRECTIVE' && isOwn && (
            <DirectiveAnswers document={document} />
          )}
          {isOwn && <Recipients documentId={documentId} count={document.recipientCount} />}
        </div>
      </div>
      {recalls && <RecallForm documentId={documentId} onClose={() => setRecalls(false)} />}
    </Screen>
  );
}
