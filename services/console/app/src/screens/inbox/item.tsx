import type { routing } from '@lienthong/contracts/json';
import { Link } from '@tanstack/react-router';
import { Paperclip } from 'lucide-react';
import { dateText, shortMoment } from '../../text/dates.ts';
import { numberOf, typeName, URGENCY_KEYS } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';
import { StatusBadge, UrgencyBadge } from '../../ui/badges.tsx';

const NEW: readonly routing.DeliveryStatus[] = ['DELIVERY_STATUS_UNSPECIFIED', 'DELIVERY_STATUS_ARRIVED'];

export function InboxItem({ item: { delivery, document } }: { item: routing.InboxItem }) {
  const { t, language } = useText();
  if (delivery === undefined || document === undefined) return null;
  const { status, sentAt } = delivery;
  const classes = [
    'item',
    URGENCY_KEYS[document.urgency] && 'item-urgent',
    NEW.includes(status) && 'item-new',
  ];
  return (
    <li className={classes.filter(Boolean).join(' ')}>
      <div className="stack tight">
        <Link className="item-title" to="/van-ban-den/$deliveryId" params={{ deliveryId: delivery.id }}>
          {document.subject}
        </Link>
        <div className="about">
          <span className="number">{numberOf(document)}</span>
          <span>{typeName(document.type)}</span>
          <span>{document.issuerName}</span>
          {document.attachmentCount > 0 && (
            <span className="row tight">
              <Paperclip size={14} className="icon" aria-hidden />
              {t('document.attachmentCount', { count: document.attachmentCount })}
            </span>
          )}
          {document.dueOn !== '' && (
            <strong>{t('document.answerBy', { date: dateText(document.dueOn, language) })}</strong>
          )}
        </div>
      </div>
      <div className="side-info">
        <span className="small muted number">
          {sentAt === undefined ? '' : shortMoment(new Date(sentAt), language)}
        </span>
        <span className="row">
          <UrgencyBadge urgency={document.urgency} />
          <StatusBadge status={status} received />
        </span>
      </div>
    </li>
  );
}
