import { Clock3 } from 'lucide-react';
import { useWorkdays } from '../text/calendar.ts';
import { momentText } from '../text/dates.ts';
import { type Nearness, nearnessOf } from '../text/deadline.ts';
import { useNow } from '../text/now.ts';
import { type Translate, useText } from '../text/text.tsx';

interface DeadlineProps {
  at: Date;
  /** Its time may still move with the calendar of a year that is not decided. */
  provisional?: boolean;
}

/** "còn 2 ngày làm việc, hạn 17:00 Thứ Ba 03/6". */
export function Deadline({ at, provisional = false }: DeadlineProps) {
  const { t, language } = useText();
  const now = useNow();
  const nearness = nearnessOf(at, now, useWorkdays());
  const due = t(provisional ? 'deadline.dueProvisional' : 'deadline.due', {
    at: momentText(at, language, now),
  });
  return (
    <span className={`badge ${toneOf(nearness)}`}>
      <Clock3 size={14} className="icon" aria-hidden />
      <span>{`${nearnessText(nearness, t)}, ${due}`}</span>
    </span>
  );
}

export function nearnessText(nearness: Nearness, t: Translate): string {
  switch (nearness.kind) {
    case 'days':
      return t('deadline.days', { days: nearness.days });
    case 'hours':
      return t('deadline.hours', { hours: nearness.hours, minutes: nearness.minutes });
    case 'late-days':
      return t('deadline.lateDays', { days: nearness.days });
    case 'late-hours':
      return t('deadline.lateHours', { hours: nearness.hours });
  }
}

function toneOf({ kind, ...rest }: Nearness): string {
  if (kind === 'late-days' || kind === 'late-hours') return 'badge-danger';
  return kind === 'hours' || (rest as { days: number }).days <= 1 ? 'badge-warn' : '';
}
