import { startOfVietnamDate, vietnamDate } from '@lienthong/kit';
import {
  type Calendar,
  nextWorkingMoment,
  OutsideCalendarError,
  subtractDays,
} from '@lienthong/working-time';

const DAY_MS = 86_400_000;

/** The instant itself in office hours, else the next opening; beyond the calendar's horizon the instant itself. */
export const openingAt = (calendar: Calendar, at: Date): Date =>
  within(at, () => new Date(nextWorkingMoment(calendar, at.getTime())));

/** The next time it is "HH:MM" in Vietnam. */
export function nextTimeOfDay(now: Date, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const today = startOfVietnamDate(vietnamDate(now)).getTime() + (hours * 60 + minutes) * 60_000;
  return new Date(today > now.getTime() ? today : today + DAY_MS);
}

/** When the reminder of a date is due: at the opening of the last working day before it. */
export function remindAt(calendar: Calendar, dueOn: string): Date {
  const noon = startOfVietnamDate(dueOn).getTime() + DAY_MS / 2;
  return within(new Date(noon - DAY_MS), () => {
    const closing = new Date(subtractDays(calendar, noon, 1));
    return new Date(nextWorkingMoment(calendar, startOfVietnamDate(vietnamDate(closing)).getTime()));
  });
}

function within(otherwise: Date, compute: () => Date): Date {
  try {
    return compute();
  } catch (error) {
    if (error instanceof OutsideCalendarError) return otherwise;
    throw error;
  }
}
