import type { common } from '@lienthong/contracts/json';
import type { Translate } from './text.tsx';

/** "15 ngày làm việc"; '' where none is given. */
export function durationText(duration: common.WorkingDuration | undefined, t: Translate): string {
  if (duration === undefined) return '';
  const { days, halfDays, calendarDays, minutes } = duration;
  if (days !== undefined) return t('duration.days', { days });
  if (halfDays !== undefined) return t('duration.halfDays', { days: halfDays / 2 });
  if (calendarDays !== undefined) return t('duration.calendarDays', { days: calendarDays });
  if (minutes !== undefined)
    return minutes % 60 === 0
      ? t('duration.hours', { hours: minutes / 60 })
      : t('duration.minutes', { minutes });
  return '';
}
