import { nextDate, vietnamTime, weekdayOf } from './dates.ts';

/** How near a deadline is, as people say it. */
export type Nearness =
  | { kind: 'days'; days: number }
  | { kind: 'hours'; hours: number; minutes: number }
  | { kind: 'late-days'; days: number }
  | { kind: 'late-hours'; hours: number };

export type IsWorkday = (date: string) => boolean;

/** Monday to Friday: what holds while nothing else is known of a year. */
export const isWeekday: IsWorkday = (date) => ![0, 6].includes(weekdayOf(date));

/** Longer is not counted day by day. */
const MOST_DAYS = 400;

/** Counts working days after the date of now up to that of the deadline; within one day, hours. */
export function nearnessOf(due: Date, now: Date, isWorkday: IsWorkday = isWeekday): Nearness {
  const [dueDate, date] = [vietnamTime(due).date, vietnamTime(now).date];
  const minutes = Math.floor(Math.abs(due.getTime() - now.getTime()) / 60_000);
  if (due <= now) {
    const days = workdaysBetween(dueDate, date, isWorkday);
    return days === 0 ? { kind: 'late-hours', hours: Math.floor(minutes / 60) } : { kind: 'late-days', days };
  }
  if (dueDate === date) return { kind: 'hours', hours: Math.floor(minutes / 60), minutes: minutes % 60 };
  return { kind: 'days', days: workdaysBetween(date, dueDate, isWorkday) };
}

/** Days after `from`, up to and with `to`. */
function workdaysBetween(from: string, to: string, isWorkday: IsWorkday): number {
  let days = 0;
  let date = from;
  for (let n = 0; n < MOST_DAYS && date < to; n += 1) {
    date = nextDate(date);
    if (isWorkday(date)) days += 1;
  }
  return days;
}
