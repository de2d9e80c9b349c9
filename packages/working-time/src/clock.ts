/** The legal clock of a dossier or a step, as an immutable value: an event gives the next clock. */
import {
  add,
  addHours,
  calendarDaysBetween,
  endOfWholeDays,
  indexOf,
  startOfClock,
  workingDaysBetween,
  workingMsBetween,
} from './arithmetic.ts';
import type { Calendar } from './calendar/build.ts';
import { type Duration, HALF_DAY_MS } from './duration.ts';
import { type Refusal, type Result, withinCalendar } from './result.ts';
import { dayOfInstant, yearOfDay } from './time.ts';

interface Counting {
  /** The whole duration; a restart begins with it again. */
  duration: Duration;
  /** The reception the clock counts from: the first one, or the latest restart. */
  receivedAt: number;
  /** When the latest event happened; the next one may not be earlier. */
  since: number;
  /** From when the remaining duration counts. */
  countsFrom: number;
  /** The duration that was left at `countsFrom`. */
  remaining: Duration;
}

export interface RunningClock extends Counting {
  state: 'running';
  deadline: number;
  /** Years of the computation that have no table yet: the deadline is provisional. */
  uncertainYears: readonly number[];
}

export interface PausedClock extends Counting {
  state: 'paused';
  /** The deadline that had passed before the pause; pausing does not undo being late. */
  missed: number | null;
}

export type Clock = RunningClock | PausedClock;

/** `restart` is the arrival of a completed supplement: a new reception, cutoff included, with the whole duration. */
export interface ClockEvent {
  type: 'pause' | 'resume' | 'restart';
  at: number;
}

export interface DeadlineRequest {
  /** Epoch milliseconds. */
  receivedAt: number;
  duration: Duration;
  /** False: the work stayed in its agency, so the cutoff does not apply. A restart is always a reception. */
  reception?: boolean;
  /** In the order in which they happened. */
  events?: readonly ClockEvent[];
}

/** The clock after all events. Refuses: OUTSIDE_CALENDAR and the reasons of `advance`. */
export function deadline(calendar: Calendar, request: DeadlineRequest): Result<Clock> {
  let result: Result<Clock> = start(calendar, request.receivedAt, request.duration, request.reception);
  for (const event of request.events ?? []) {
    if (!result.ok) return result;
    result = advance(calendar, result.value, event);
  }
  return result;
}

/** @param reception false: the cutoff does not apply, and the deadline is what `add` gives */
export function start(
  calendar: Calendar,
  receivedAt: number,
  duration: Duration,
  reception = true,
): Result<RunningClock> {
  return withinCalendar(() => {
    // Work that arrives exactly at the end of a span counts from there: closing time belongs to its working day.
    const countsFrom = reception ? startOfClock(calendar, receivedAt) : addHours(calendar, receivedAt, 0);
    return running(calendar, { duration, receivedAt, since: receivedAt, countsFrom, remaining: duration });
  });
}

/** The clock after one event. Refuses: CLOCK_BACKWARDS, CLOCK_ALREADY_PAUSED, CLOCK_NOT_PAUSED, OUTSIDE_CALENDAR. */
export function advance(calendar: Calendar, clock: Clock, { type, at }: ClockEvent): Result<Clock> {
  switch (type) {
    case 'pause':
      return pause(calendar, clock, at);
    case 'resume':
      return resume(calendar, clock, at);
    case 'restart':
      return restart(calendar, clock, at);
  }
}

/** Stops the clock and keeps the rest: hours to the millisecond, days without the day of the pause. */
export function pause(calendar: Calendar, clock: Clock, at: number): Result<PausedClock> {
  if (clock.state === 'paused') return refused('CLOCK_ALREADY_PAUSED', 'the clock is already paused');
  return after(calendar, clock, at, () => {
    const { duration, receivedAt, countsFrom } = clock;
    const missed = at > clock.deadline ? clock.deadline : null;
    const remaining = left(calendar, clock, at);
    return {
      ok: true,
      value: { state: 'paused', duration, receivedAt, since: at, countsFrom, remaining, missed },
    };
  });
}

/** The clock continues with the rest; the working day of the resumption is not counted. */
export function resume(calendar: Calendar, clock: Clock, at: number): Result<RunningClock> {
  if (clock.state === 'running') return refused('CLOCK_NOT_PAUSED', 'the clock is running');
  return after(calendar, clock, at, () => {
    const { duration, receivedAt, remaining, missed } = clock;
    // A pause that ends before the clock would have started does not shorten it.
    const countsFrom = Math.max(at, clock.countsFrom);
    return running(calendar, { duration, receivedAt, since: at, countsFrom, remaining }, missed);
  });
}

/** Starts from zero, as if received now (a supplement that is complete). */
export function restart(calendar: Calendar, clock: Clock, at: number): Result<RunningClock> {
  return after(calendar, clock, at, () => start(calendar, at, clock.duration));
}

/** The rest of a running clock at an instant; 0 after the deadline. */
export function left(calendar: Calendar, clock: RunningClock, at: number): Duration {
  const { remaining, countsFrom } = clock;
  const until = Math.min(Math.max(at, countsFrom), clock.deadline);
  switch (remaining.unit) {
    case 'hours':
      return hoursLeft(remaining.ms - workingMsBetween(calendar, countsFrom, until));
    case 'days': {
      const half = endOfWholeDays(calendar, countsFrom, remaining.days);
      if (until > half) return hoursLeft(HALF_DAY_MS - workingMsBetween(calendar, half, until));
      return daysLeft('days', remaining.days - workingDaysBetween(calendar, countsFrom, until));
    }
    case 'calendar-days':
      return daysLeft('calendar-days', remaining.days - calendarDaysBetween(calendar, countsFrom, until));
  }
}

const hoursLeft = (ms: number): Duration => ({ unit: 'hours', ms: Math.max(0, ms) });

const daysLeft = (unit: 'days' | 'calendar-days', days: number): Duration => ({
  unit,
  days: Math.max(0, days),
});

function running(
  calendar: Calendar,
  counting: Counting,
  missed: number | null = null,
): { ok: true; value: RunningClock } {
  const deadline = missed ?? add(calendar, counting.countsFrom, counting.remaining);
  const years = uncertainYears(calendar, counting.receivedAt, deadline);
  return { ok: true, value: { state: 'running', ...counting, deadline, uncertainYears: years } };
}

const NONE: readonly number[] = [];

/** The years from one instant to another that have no table. */
export function uncertainYears({ yearsWithTable }: Calendar, from: number, to: number): readonly number[] {
  const first = yearOfDay(dayOfInstant(from));
  const last = yearOfDay(dayOfInstant(to));
  if (first === last && yearsWithTable.has(first)) return NONE;
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return years.filter((year) => !yearsWithTable.has(year));
}

/** Runs `next` unless the event at `at` is earlier than the clock's latest event. */
function after<T>(calendar: Calendar, clock: Clock, at: number, next: () => Result<T>): Result<T> {
  return withinCalendar(() => {
    indexOf(calendar, at);
    if (at >= clock.since) return next();
    const [event, latest] = [at, clock.since].map((instant) => new Date(instant).toISOString());
    return refused('CLOCK_BACKWARDS', `an event at ${event} cannot follow one at ${latest}`);
  });
}

const refused = (reason: string, message: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { kind: 'failed-precondition', reason, message },
});
