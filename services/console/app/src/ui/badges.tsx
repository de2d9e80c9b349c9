import type { routing } from '@lienthong/contracts/json';
import { TriangleAlert } from 'lucide-react';
import { STATUS_KEYS, URGENCY_KEYS } from '../text/document.ts';
import { useText } from '../text/text.tsx';

interface StatusBadgeProps {
  status: routing.DeliveryStatus;
  /** At the recipient: what its issuer has sent is new there. */
  received?: boolean;
}

export function StatusBadge({ status, received = false }: StatusBadgeProps) {
  const { t } = useText();
  const { key, tone } = STATUS_KEYS[status];
  return (
    <span className={`badge ${tone && `badge-${tone}`}`}>
      {t(received && status === 'DELIVERY_STATUS_UNSPECIFIED' ? 'status.new' : key)}
    </span>
  );
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
