import type { routing } from '@lienthong/contracts/json';
import { STATUS_KEYS } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';

interface OutboxCountsProps {
  counts: readonly routing.StatusCount[];
  withdrawn: number;
}

/** How many recipients are how far. */
export function OutboxCounts({ counts, withdrawn }: OutboxCountsProps) {
  const { t } = useText();
  return (
    <span className="row">
      {counts.map(({ status, count }) => {
        const { key, tone } = STATUS_KEYS[status];
        return (
          <span key={status} className={`badge ${tone && `badge-${tone}`}`}>
            {`${t(key)}: ${count}`}
          </span>
        );
      })}
      {withdrawn > 0 && <span className="badge">{t('outbox.withdrawn', { count: withdrawn })}</span>}
    </span>
  );
}
