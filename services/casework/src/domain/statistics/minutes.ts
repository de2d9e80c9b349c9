import { type Calendar, MINUTE_MS, OutsideCalendarError, workingMsBetween } from '@lienthong/working-time';
import type { Period } from './tally.ts';

/** Minutes of office hours from one instant to another without the pauses between; 0 when it is not later. */
export function workedMinutes(
  calendar: Calendar,
  from: number,
  to: number,
  pauses: readonly Period[],
): number {
  if (to <= from) return 0;
  const ms = pauses.reduce(
    (left, pause) => {
      const within = clip(pause, from, to);
      return within === undefined ? left : left - workingMsBetween(calendar, within.from, within.to);
    },
    workingMsBetween(calendar, from, to),
  );
  return ms / MINUTE_MS;
}

/** The same for the parts of several periods that lie between two instants. */
export const minutesOf = (
  calendar: Calendar,
  periods: readonly Period[],
  from: number,
  to: number,
  pauses: readonly Period[],
): number =>
  periods.reduce((total, period) => {
    const within = clip(period, from, to);
    return within === undefined ? total : total + workedMinutes(calendar, within.from, within.to, pauses);
  }, 0);

function clip({ from, to }: Period, first: number, last: number): { from: number; to: number } | undefined {
  const within = { from: Math.max(from, first), to: Math.min(to ?? last, last) };
  return within.from < within.to ? within : undefined;
}

/** Null beyond the calendar's years: the fact stays, without minutes. */
export function withinYears<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof OutsideCalendarError) return null;
    throw error;
  }
}
