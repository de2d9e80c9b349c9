import {
  type Calendar,
  HOUR_MS,
  MINUTE_MS,
  nextWorkingMoment,
  workingMsBetween,
} from '@lienthong/working-time';

/**
 * Weights of arrivals. They are assumptions, not measurements: more after the weekend than before it, few around Tết and
 * many after it, more in the morning than before closing.
 */
const BY_WEEKDAY = [1, 1.25, 1.05, 1, 0.95, 0.85, 1];
const BY_MONTH = [0.9, 0.75, 1.15, 1.05, 1, 1.05, 1.05, 1, 0.95, 1.05, 1.05, 1];
const BY_HOUR = (hour: number): number => (hour < 9 ? 1.2 : hour < 15 ? 1 : 0.8);

const DAY_MS = 24 * HOUR_MS;
const VIETNAM_MS = 7 * HOUR_MS;

/** One hour in which an agency takes dossiers in. All its arrivals count at one instant, its middle minute. */
export interface Slot {
  at: number;
  /** The share of arrivals, relative to other slots. */
  weight: number;
}

/** The twelve months that begin with the day of an instant, in Vietnam. */
export function yearFrom(at: number): { from: number; to: number } {
  const day = Math.floor((at + VIETNAM_MS) / DAY_MS) * DAY_MS;
  const next = new Date(day);
  next.setUTCFullYear(next.getUTCFullYear() + 1);
  return { from: day - VIETNAM_MS, to: next.getTime() - VIETNAM_MS };
}

/** The hours in which an agency takes dossiers in, in order. */
export function slotsOf(calendar: Calendar, { from, to }: { from: number; to: number }): Slot[] {
  const slots: Slot[] = [];
  for (let hour = from; hour < to; hour += HOUR_MS) {
    const open = workingMsBetween(calendar, hour, hour + HOUR_MS);
    if (open === 0) continue;
    const local = new Date(hour + VIETNAM_MS);
    const [month, weekday] = [BY_MONTH[local.getUTCMonth()] ?? 1, BY_WEEKDAY[local.getUTCDay()] ?? 1];
    const weight = (open / HOUR_MS) * month * weekday * BY_HOUR(local.getUTCHours());
    slots.push({
      at: nextWorkingMoment(calendar, hour) + Math.floor(open / 2 / MINUTE_MS) * MINUTE_MS,
      weight,
    });
  }
  return slots;
}
