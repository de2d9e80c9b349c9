import type { routing } from '@lienthong/contracts/json';
import { dateText, momentText } from '../../text/dates.ts';
import { STATUS_KEYS } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';

interface TimelineProps {
  sentAt: string | undefined;
  history: readonly routing.StatusEntry[];
}

/** A document's journey to one recipient, newest first. */
export function DeliveryTimeline({ sentAt, history }: TimelineProps) {
  const { t, language } = useText();
  return (
    <ol className="timeline">
      {history.toReversed().map((entry) => (
        <li key={`${entry.at} ${entry.status} ${entry.late}`} data-tone={toneOf(entry)}>
          <p>
            <strong>
              {entry.reroute === undefined
                ? t(STATUS_KEYS[entry.status].key)
                : t('delivery.rerouted', { to: entry.reroute.to?.name ?? '' })}
            </strong>
            {entry.late && ` ${t('delivery.late')}`}
          </p>
          <p className="small muted">
            {[entry.agencyName, entry.at && momentText(new Date(entry.at), language)]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {entry.assignee !== '' && <p>{t('delivery.assignedTo', { name: entry.assignee })}</p>}
          {entry.reason !== '' && <p>{entry.reason}</p>}
          {entry.reroute !== undefined && (
            <p className="small">
              {`${entry.reroute.legalBasis} · ${dateText(entry.reroute.effectiveOn, language)}`}
            </p>
          )}
        </li>
      ))}
      <li>
        <p>
          <strong>{t('status.sent')}</strong>
        </p>
        <p className="small muted">{sentAt === undefined ? '' : momentText(new Date(sentAt), language)}</p>
      </li>
    </ol>
  );
}

const toneOf = ({ status }: routing.StatusEntry): string => {
  const { tone } = STATUS_KEYS[status];
  return tone === 'danger' || tone === 'good' ? tone : '';
};
