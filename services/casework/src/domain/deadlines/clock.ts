/** Legal clocks as records of what happened; where one stands is computed on the calendar of the day. */
import { refuse, startOfVietnamDate, vietnamDate } from '@lienthong/kit';
import {
  add,
  addDays,
  type Calendar,
  type Clock,
  type ClockEvent,
  type Duration,
  deadline,
  HOUR_MS,
  workingDaysBetween,
  workingMsBetween,
} from '@lienthong/working-time';
import type { ClockRecord } from '../dossier/state.ts';

/** @param reception whether the cutoff applies: it came from a citizen or from another agency */
export const newClock = (receivedAt: number, duration: Duration, reception: boolean): ClockRecord => ({
  receivedAt,
  duration,
  reception,
  events: [],
  agreed: null,
});

/** A clock without a duration: it ends when its parties agreed that it ends. */
export const agreedClock = (at: number, dueAt: number): ClockRecord =>
  agree(newClock(at, { unit: 'days', days: 0 }, false), at, dueAt);

export const agree = (clock: ClockRecord, at: number, dueAt: number): ClockRecord => ({
  ...clock,
  agreed: { dueAt, at, after: clock.events.length },
});

export const happened = (clock: ClockRecord, type: ClockEvent['type'], at: number): ClockRecord => ({
  ...clock,
  events: [...clock.events, { type, at }],
});

/** Where a running clock stands. */
export interface Running {
  dueAt: number;
  /** From when what is left counts. */
  countsFrom: number;
}

/**
 * Null while it is paused.
 * @throws RefusalError OUTSIDE_CALENDAR when it leaves the years of the calendar
 */
export function running(calendar: Calendar, clock: ClockRecord): Running | null {
  const computed = computedClock(calendar, clock);
  if (computed.state === 'paused') return null;
  return agreedEnd(calendar, clock) ?? { dueAt: computed.deadline, countsFrom: computed.countsFrom };
}

function computedClock(calendar: Calendar, clock: ClockRecord): Clock {
  const result = deadline(calendar, clock);
  return result.ok ? result.value : refuse(result.refusal);
}

/** The agreed end, moved by the pauses after it; undefined when none was agreed, or a restart has ended it. */
function agreedEnd(calendar: Calendar, { agreed, events, duration }: ClockRecord): Running | undefined {
  if (agreed === null) return undefined;
  let dueAt = onWorkingDay(calendar, agreed.dueAt);
  let countsFrom = agreed.at;
  let pausedAt = agreed.at;
  for (const { type, at } of events.slice(agreed.after)) {
    if (type === 'restart') return undefined;
    if (type === 'pause') pausedAt = at;
    else if (pausedAt <= dueAt) {
      dueAt = shifted(calendar, dueAt, pausedAt, at, duration);
      countsFrom = at;
    }
  }
  return { dueAt, countsFrom };
}

/** An end on a day off is the end of the next working day (Civil Code 2015, article 148.5). */
function onWorkingDay(calendar: Calendar, dueAt: number): number {
  const date = startOfVietnamDate(vietnamDate(new Date(dueAt - 1))).getTime();
  return workingMsBetween(calendar, date, date + DAY_MS) > 0 ? dueAt : addDays(calendar, dueAt, 0);
}

const DAY_MS = 24 * HOUR_MS;

/** As `resume` of working time: days move by whole working days, hours keep what was left to the millisecond. */
function shifted(calendar: Calendar, dueAt: number, from: number, to: number, { unit }: Duration): number {
  if (unit === 'hours') {
    // An agreed end need not be in office hours; a pause that took none of them leaves it where it is.
    if (workingMsBetween(calendar, from, to) === 0) return dueAt;
    return add(calendar, to, { unit, ms: workingMsBetween(calendar, from, dueAt) });
  }
  const taken = workingDaysBetween(calendar, from, to);
  return taken === 0 ? dueAt : addDays(calendar, dueAt, taken);
}
