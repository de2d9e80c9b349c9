import type { feed } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { query } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { shortMoment } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { AgencyName } from './agency-name.tsx';
import { TILE_MS, Tile } from './tile.tsx';

const SHOWN = 50;

/** Webhooks that take nothing, with what their receivers answered; a suspended one is resumed here. */
export function Webhooks() {
  const { t } = useText();
  const found = useQuery({
    ...query('feed.v1.WebhookOperationsService/ListAllWebhooks', { failingOnly: true, pageSize: SHOWN }),
    refetchInterval: TILE_MS,
  });
  return (
    <Tile title={t('operation.webhooks')} found={found}>
      {({ webhooks, nextPageToken }) => (
        <>
          {webhooks.length === 0 ? (
            <p className="empty">{t('operation.webhooksWell')}</p>
          ) : (
            <ul className="list">
              {webhooks.map(({ agencyId, webhook }) =>
                webhook === undefined ? null : (
                  <OneWebhook key={webhook.id} agencyId={agencyId} webhook={webhook} />
                ),
              )}
            </ul>
          )}
          {nextPageToken !== '' && <p className="small muted">{t('operation.moreWebhooks')}</p>}
        </>
      )}
    </Tile>
  );
}

function OneWebhook({ agencyId, webhook }: { agencyId: string; webhook: feed.Webhook }) {
  const { t, language } = useText();
  const [open, setOpen] = useState(false);
  const resume = useCommand('feed.v1.WebhookOperationsService/ResumeSuspendedWebhook');
  const { id, url, state, failingSince, lastError, pending } = webhook;
  const isSuspended = state === 'WEBHOOK_STATE_SUSPENDED';
  return (
    <li className="item">
      <div className="stack tight">
        <span>
          <AgencyName agencyId={agencyId} />
        </span>
        <div className="about">
          <span className="number">{url}</span>
          <span>{t('operation.webhookWaiting', { count: Number(pending) })}</span>
          {failingSince !== undefined && (
            <span>{t('operation.failingSince', { at: shortMoment(new Date(failingSince), language) })}</span>
          )}
        </div>
        <p className="small">{lastError}</p>
        <ProblemNote error={resume.error} />
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t('operation.attempts')}</summary>
          {open && <Attempts webhookId={id} />}
        </details>
      </div>
      <div className="side-info">
        {isSuspended && <span className="badge badge-danger">{t('operation.suspended')}</span>}
        {isSuspended && (
          <button
            type="button"
            className="button"
            disabled={resume.running}
            onClick={() => resume.run({ webhookId: id })}
          >
            <Play size={16} className="icon" aria-hidden />
            {t('operation.resume')}
          </button>
        )}
      </div>
    </li>
  );
}

function Attempts({ webhookId }: { webhookId: string }) {
  const { t, language } = useText();
  const found = useQuery(
    query('feed.v1.WebhookOperationsService/ListWebhookAttempts', { webhookId, pageSize: 10 }),
  );
  return (
    <>
      <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
      <ol className="stack tight small">
        {found.data?.attempts.map(({ eventId, type, number, at, status, answer }) => (
          <li key={`${eventId} ${number}`}>
            {at === undefined ? '' : shortMoment(new Date(at), language)}{' '}
            {type.slice(type.lastIndexOf('.') + 1)}
            {status === 0 ? '' : `, HTTP ${status}`}
            {answer === '' ? '' : `: ${answer}`}
          </li>
        ))}
      </ol>
      {found.data?.attempts.length === 0 && <p className="empty">{t('operation.noAttempts')}</p>}
    </>
  );
}
