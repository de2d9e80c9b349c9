/** Legal clocks as records of what happened to them; the deadline is computed on the calendar of the day. */
import { refuse, startOfVietnamDate, vietnamDate } from '@lienthong/kit';
import {
  add,
  addDays,
  type Calendar,
  type Clock,
  type ClockEvent,
  calendarDaysBetween,
  type Duration,
  deadline,
  HOUR_MS,
  uncertainYears,
  workingDaysBetween,
  workingMsBetween,
} from '@lienthong/working-time';
import type { ClockRecord } from '../dossier/state.ts';

const DAY_MS = 24 * HOUR_MS;

/** @param reception whether the cutoff applies: the dossier came from a citizen or another agency */
export const createClock = (receivedAt: number, duration: Duration, reception: boolean): ClockRecord => ({
  receivedAt,
  duration,
  reception,
  events: [],
  agreed: null,
});

/** A clock without a duration: it ends at an agreed date. */
export const createAgreedClock = (at: number, dueAt: number): ClockRecord =>
  setAgreedEnd(createClock(at, { unit: 'days', days: 0 }, false), at, dueAt);

/** Replaces the computed end by an agreed one. */
export const setAgreedEnd = (clock: ClockRecord, at: number, dueAt: number): ClockRecord => ({
  ...clock,
  agreed: { dueAt, at, after: clock.events.length },
});

export const recordEvent = (clock: ClockRecord, type: ClockEvent['type'], at: number): ClockRecord => ({
  ...clock,
  events: [...clock.events, { type, at }],
});

/** What a running clock shows. */
export interface ClockReading {
  dueAt: number;
  /** From when the time that is left counts. */
  countsFrom: number;
  /** It reaches into a year that is not decided yet. */
  provisional: boolean;
}

/** Null while the clock is paused. Refuses, by RefusalError: OUTSIDE_CALENDAR beyond the years of the calendar. */
export function readClock(calendar: Calendar, clock: ClockRecord): ClockReading | null {
  const computed = computeClock(calendar, clock);
  if (computed.state === 'paused') return null;
  const { deadline: dueAt, countsFrom, uncertainYears: years } = computed;
  return readAgreedEnd(calendar, clock) ?? { dueAt, countsFrom, provisional: years.length > 0 };
}

function computeClock(calendar: Calendar, clock: ClockRecord): Clock {
  const result = deadline(calendar, clock);
  return result.ok ? result.value : refuse(result.refusal);
}

/** The agreed end, moved by the pauses after it; undefined without an agreement, and when a restart has ended it. */
function readAgreedEnd(
  calendar: Calendar,
  { agreed, events, duration }: ClockRecord,
): ClockReading | undefined {
  if (agreed === null) return undefined;
  let dueAt = moveToWorkingDay(calendar, agreed.dueAt);
  let countsFrom = agreed.at;
  let pausedAt = agreed.at;
  for (const { type, at } of events.slice(agreed.after)) {
    if (type === 'restart') return undefined;
    if (type === 'pause') pausedAt = at;
    else if (pausedAt <= dueAt) {
      dueAt = shiftByPause(calendar, dueAt, pausedAt, at, duration);
      countsFrom = at;
    }
  }
  return { dueAt, countsFrom, provisional: uncertainYears(calendar, agreed.at, dueAt).length > 0 };
}

/** An end on a day off is the end of the next working day (Civil Code 2015, article 148.5). */
function moveToWorkingDay(calendar: Calendar, dueAt: number): number {
  const date = startOfVietnamDate(vietnamDate(new Date(dueAt - 1))).getTime();
  return workingMsBetween(calendar, date, date + DAY_MS) > 0 ? dueAt : addDays(calendar, dueAt, 0);
}

/** Like `resume` of working time: days move by whole days of their kind, hours keep what was left to the millisecond. */
function shiftByPause(
  calendar: Calendar,
  dueAt: number,
  from: number,
  to: number,
  { unit }: Duration,
): number {
  if (unit === 'hours') {
    // An agreed end need not be in office hours; a pause that took none of them leaves it where it is.
    if (workingMsBetween(calendar, from, to) === 0) return dueAt;
    return add(calendar, to, { unit, ms: workingMsBetween(calendar, from, dueAt) });
  }
  const between = unit === 'days' ? workingDaysBetween : calendarDaysBetween;
  const taken = between(calendar, from, to);
  return taken === 0 ? dueAt : add(calendar, dueAt, { unit, days: taken });
}
