import type { routing } from '@lienthong/contracts/json';
import { TriangleAlert } from 'lucide-react';
import { STATUS_KEYS, URGENCY_KEYS } from '../text/document.ts';
import { useText } from '../text/text.tsx';

export function StatusBadge({ status }: { status: routing.DeliveryStatus }) {
  const { t } = useText();
  const { key, tone } = STATUS_KEYS[status];
  return <span className={`badge ${tone && `badge-${tone}`}`}>{t(key)}</span>;
}

/** Nothing for what is not urgent. */
export function UrgencyBadge({ urgency }: { urgency: routing.Urgency }) {
  const { t } = useText();
  const key = URGENCY_KEYS[urgency];
  if (key === undefined) return null;
  return (
    <span className="badge badge-danger">
      <TriangleAlert size={14} className="icon" aria-hidden />
      {t(key)}
    </span>
  );
}
