/**
 * Arithmetic on a calendar. Instants are epoch milliseconds. Every function throws OutsideCalendarError when an
 * instant or its result is outside the calendar's horizon, and RangeError for an invalid amount.
 */
import { type Calendar, type DayPlan, OFF } from './calendar/build.ts';
import { type Duration, HALF_DAY_MS, hours as hoursOf, wholeDays } from './duration.ts';
import { OutsideCalendarError } from './result.ts';
import { dayOfInstant, startOfDay } from './time.ts';

/** Whether an office is open: a span's start is inside, its end is not. */
export function isWorking(calendar: Calendar, at: number): boolean {
  return nextWorkingMoment(calendar, at) === at;
}

/** The instant itself when the office is open, else the next opening. */
export function nextWorkingMoment(calendar: Calendar, at: number): number {
  const index = indexOf(calendar, at);
  const midnight = startOfIndex(calendar, index);
  for (const { start, end } of planAt(calendar, index).spans) {
    if (at < midnight + end) return Math.max(at, midnight + start);
  }
  return openingOf(calendar, daysBefore(calendar, index + 1));
}

/**
 * When the clock of something received starts: at once when received in office hours up to the cutoff; at the
 * next opening of that day when received before it; else at the beginning of the next working day. A cutoff of
 * 15:00 is met at 15:00:00.000 and missed one millisecond later ("tiếp nhận sau 15 giờ").
 */
export function startOfClock(calendar: Calendar, receivedAt: number): number {
  const index = indexOf(calendar, receivedAt);
  const late = missedCutoff(calendar, receivedAt) !== undefined;
  return late
    ? openingOf(calendar, daysBefore(calendar, index + 1))
    : nextWorkingMoment(calendar, receivedAt);
}

/** The cutoff in force on the date of a reception that came after it. */
export function missedCutoff(
  calendar: Calendar,
  receivedAt: number,
): Calendar['cutoffs'][number] | undefined {
  const index = indexOf(calendar, receivedAt);
  const cutoff = calendar.cutoffs.find((version) => version.index <= index);
  return cutoff !== undefined && receivedAt - startOfIndex(calendar, index) > cutoff.at ? cutoff : undefined;
}

/** The end of a duration that starts at `from`. */
export function add(calendar: Calendar, from: number, duration: Duration): number {
  switch (duration.unit) {
    case 'hours':
      return addMs(calendar, from, duration.ms);
    case 'days': {
      const end = endOfWholeDays(calendar, from, duration.days);
      return Number.isInteger(duration.days) ? end : addMs(calendar, end, HALF_DAY_MS);
    }
    case 'calendar-days':
      return addCalendarDays(calendar, from, duration.days);
  }
}

/** The end of working days without their half. */
export const endOfWholeDays = (calendar: Calendar, from: number, days: number): number =>
  addDays(calendar, from, Math.floor(days));

/**
 * The first instant by which that many working hours (to the minute) have passed since `from`. An end that coincides
 * with the end of office hours is closing time, not the next opening. 0 hours from outside office hours is the next opening.
 */
export function addHours(calendar: Calendar, from: number, hours: number): number {
  return add(calendar, from, hoursOf(hours));
}

/**
 * The end of office hours of the n-th working day after the working day of `from`, which is not counted itself
 * (Civil Code 2015, articles 147.2 and 148.1). 0 is the end of that very day.
 */
export function addDays(calendar: Calendar, from: number, days: number): number {
  return closingOf(calendar, workingDayOf(calendar, from) + wholeDays(days));
}

/**
 * The end of office hours n dates after the date of `from`; on a day off, of the next working day (Civil Code 2015,
 * articles 147.2 and 148.5). 0 is the end of that very date.
 */
export function addCalendarDays(calendar: Calendar, from: number, days: number): number {
  const index = dateOf(calendar, from) + wholeDays(days);
  if (index >= calendar.plans.length) throw outside(calendar, 'a date');
  return closingOf(calendar, daysBefore(calendar, index));
}

/** Dates after that of a, up to and with that of b; negative when b is earlier. */
export function calendarDaysBetween(calendar: Calendar, a: number, b: number): number {
  return dateOf(calendar, b) - dateOf(calendar, a);
}

/** The index of an instant's date; closing time at midnight belongs to the date that it ends. */
export const dateOf = (calendar: Calendar, at: number): number =>
  indexOf(calendar, indexOf(calendar, at) > 0 && isWorking(calendar, at - 1) ? at - 1 : at);

/**
 * The last instant that is at least n working days before `at`: `workingDaysBetween(x, at) >= n` exactly for the
 * instants x up to this one.
 */
export function subtractDays(calendar: Calendar, at: number, days: number): number {
  return closingOf(calendar, workingDayOf(calendar, at) - wholeDays(days));
}

/** Working milliseconds from a to b; negative when b is earlier. */
export function workingMsBetween(calendar: Calendar, a: number, b: number): number {
  return workedMs(calendar, b) - workedMs(calendar, a);
}

/** Working days after the working day of a, up to and with that of b; negative when b is earlier. */
export function workingDaysBetween(calendar: Calendar, a: number, b: number): number {
  return workingDayOf(calendar, b) - workingDayOf(calendar, a);
}

/**
 * The ordinal of the working day an instant belongs to: its own date up to and with closing time; after that, or
 * on a day off, the next working day.
 */
export function workingDayOf(calendar: Calendar, at: number): number {
  // A day that closes at 24:00 owns the midnight that ends it.
  const index = indexOf(calendar, at - 1);
  const open = at <= startOfIndex(calendar, index) + planAt(calendar, index).closes;
  return daysBefore(calendar, open ? index : index + 1);
}

/** The index of the date of an instant. */
export function indexOf(calendar: Calendar, at: number): number {
  const index = dayOfInstant(at) - calendar.firstDay;
  if (index >= 0 && index < calendar.plans.length) return index;
  const date = new Date(at);
  throw outside(calendar, Number.isNaN(date.getTime()) ? `the instant ${at}` : date.toISOString());
}

export const startOfIndex = (calendar: Calendar, index: number): number =>
  startOfDay(calendar.firstDay + index);

/** Working milliseconds since the calendar's first day. */
export function workedMs(calendar: Calendar, at: number): number {
  const index = indexOf(calendar, at);
  const time = at - startOfIndex(calendar, index);
  let worked = calendar.msBefore[index] as number;
  for (const { start, end } of planAt(calendar, index).spans) {
    if (time <= start) break;
    worked += Math.min(time, end) - start;
  }
  return worked;
}

function addMs(calendar: Calendar, from: number, ms: number): number {
  if (!(ms >= 0)) throw new RangeError(`working time must be from 0 up, not ${ms} ms`);
  // The end of a span is still inside, so that 0 more hours stay where an earlier sum ended.
  if (ms === 0) return isWorking(calendar, from - 1) ? from : nextWorkingMoment(calendar, from);
  const target = workedMs(calendar, from) + ms;
  const day = dayReaching(calendar, target, indexOf(calendar, from));
  let rest = target - (calendar.msBefore[day] as number);
  for (const { start, end } of planAt(calendar, day).spans) {
    if (rest <= end - start) return startOfIndex(calendar, day) + start + rest;
    rest -= end - start;
  }
  throw outside(calendar, 'an end of working hours');
}

/** The first date, from a given one on, at whose end that much has been worked; the count of dates when none. */
function dayReaching({ msBefore, plans }: Calendar, target: number, from: number): number {
  let low = from;
  let high = plans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((msBefore[middle + 1] as number) < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

const planAt = (calendar: Calendar, index: number): DayPlan => calendar.plans[index] ?? OFF;

const daysBefore = (calendar: Calendar, index: number): number => calendar.daysBefore[index] as number;

/** The date index of a working day; throws past the horizon. */
export function indexOfWorkingDay(calendar: Calendar, ordinal: number): number {
  const index = calendar.workingDays[ordinal];
  if (index === undefined) throw outside(calendar, 'a working day');
  return index;
}

function openingOf(calendar: Calendar, ordinal: number): number {
  const index = indexOfWorkingDay(calendar, ordinal);
  return startOfIndex(calendar, index) + (planAt(calendar, index).spans[0]?.start ?? 0);
}

function closingOf(calendar: Calendar, ordinal: number): number {
  const index = indexOfWorkingDay(calendar, ordinal);
  return startOfIndex(calendar, index) + planAt(calendar, index).closes;
}

const outside = ({ horizon }: Calendar, what: string): OutsideCalendarError =>
  new OutsideCalendarError(what, horizon.from, horizon.to);
