import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  add,
  addDays,
  advance,
  type Calendar,
  calendarDays,
  type Duration,
  days,
  deadline,
  explainDeadline,
  isWorking,
  nextWorkingMoment,
  start,
  startOfClock,
  subtractDays,
  vietnamCalendar,
  workingDaysBetween,
  workingMsBetween,
} from '../src/index.ts';
import { anyOrVietnam, instant, shown, value, vn } from './support.ts';

const HALF = 4 * 3_600_000;
const calendar = anyOrVietnam;
const ms = fc.oneof(fc.integer({ min: 0, max: 300 * 3_600_000 }), fc.constantFrom(0, 1, 4 * 3_600_000));
const count = fc.integer({ min: 0, max: 60 });
const duration: fc.Arbitrary<Duration> = fc.oneof(
  ms.map((ms) => ({ unit: 'hours', ms }) as const),
  count.map((days) => ({ unit: 'days', days }) as const),
);
/** Also working days with a half, and calendar days. */
const anyDuration: fc.Arbitrary<Duration> = fc.oneof(
  duration,
  count.map((whole) => days(whole + 0.5)),
  count.map(calendarDays),
);
/** Two durations of one unit. */
const pair: fc.Arbitrary<[Duration, Duration]> = fc.oneof(
  fc.tuple(ms, ms).map(([a, b]): [Duration, Duration] => [
    { unit: 'hours', ms: a },
    { unit: 'hours', ms: b },
  ]),
  fc.tuple(count, count).map(([a, b]): [Duration, Duration] => [
    { unit: 'days', days: a },
    { unit: 'days', days: b },
  ]),
);
const ordered = (count: number) =>
  fc.array(instant, { minLength: count, maxLength: count }).map((all) => all.sort((a, b) => a - b));

const amount = (duration: Duration): number => (duration.unit === 'hours' ? duration.ms : duration.days);
const sum = (a: Duration, b: Duration): Duration =>
  a.unit === 'hours' ? { unit: 'hours', ms: a.ms + amount(b) } : { unit: a.unit, days: a.days + amount(b) };
const between = (calendar: Calendar, unit: Duration['unit'], a: number, b: number): number =>
  unit === 'days' ? workingDaysBetween(calendar, a, b) : workingMsBetween(calendar, a, b);

function holds<T extends unknown[]>(
  name: string,
  ...args: [...{ [K in keyof T]: fc.Arbitrary<T[K]> }, (...values: T) => void]
) {
  const check = args.pop() as (...values: T) => void;
  test(name, () => {
    const arbitraries = fc.tuple(...(args as fc.Arbitrary<unknown>[])) as unknown as fc.Arbitrary<T>;
    fc.assert(
      fc.property(arbitraries, (values) => {
        check(...values);
      }),
      { numRuns: 300 },
    );
  });
}

describe('arithmetic', () => {
  holds<[Calendar, number]>('the next working moment is the first one', calendar, instant, (calendar, at) => {
    const next = nextWorkingMoment(calendar, at);
    expect(isWorking(calendar, next)).toBe(true);
    expect(next).toBeGreaterThanOrEqual(at);
    expect(workingMsBetween(calendar, at, next)).toBe(0);
    expect(next === at).toBe(isWorking(calendar, at));
  });

  holds<[Calendar, number[]]>(
    'the start of the clock is working time, never earlier, monotone',
    calendar,
    ordered(2),
    (calendar, [a = 0, b = 0]) => {
      const start = startOfClock(calendar, a);
      expect(isWorking(calendar, start)).toBe(true);
      expect(start).toBeGreaterThanOrEqual(a);
      expect(startOfClock(calendar, b)).toBeGreaterThanOrEqual(start);
    },
  );

  holds<[Calendar, number, Duration]>(
    'between is the inverse of add',
    calendar,
    instant,
    duration,
    (calendar, from, duration) => {
      const end = add(calendar, from, duration);
      expect(between(calendar, duration.unit, from, end)).toBe(amount(duration));
    },
  );

  holds<[Calendar, number[]]>(
    'adding what is between comes back to the end of it',
    calendar,
    ordered(2),
    (calendar, [a = 0, b = 0]) => {
      const worked = workingMsBetween(calendar, a, b);
      const end = add(calendar, a, { unit: 'hours', ms: worked });
      if (worked > 0) expect(end).toBeLessThanOrEqual(b);
      expect(workingMsBetween(calendar, end, b)).toBe(0);
      const days = workingDaysBetween(calendar, a, b);
      expect(workingDaysBetween(calendar, addDays(calendar, a, days), b)).toBe(0);
    },
  );

  holds<[Calendar, number[], Duration]>(
    'add is monotone in the start',
    calendar,
    ordered(2),
    duration,
    (calendar, [a = 0, b = 0], duration) =>
      expect(add(calendar, a, duration)).toBeLessThanOrEqual(add(calendar, b, duration)),
  );

  holds<[Calendar, number, [Duration, Duration]]>(
    'add is monotone in the duration',
    calendar,
    instant,
    pair,
    (calendar, from, [a, b]) =>
      expect(Math.sign(add(calendar, from, a) - add(calendar, from, b))).toBe(
        Math.sign(amount(a) - amount(b)),
      ),
  );

  holds<[Calendar, number, [Duration, Duration]]>(
    'a duration may be split anywhere',
    calendar,
    instant,
    pair,
    (calendar, from, [a, b]) =>
      expect(add(calendar, add(calendar, from, a), b)).toBe(add(calendar, from, sum(a, b))),
  );

  holds<[Calendar, number[]]>(
    'between adds up and changes its sign',
    calendar,
    ordered(3),
    (calendar, [a = 0, b = 0, c = 0]) => {
      for (const unit of ['hours', 'days'] as const) {
        const [ab, bc, ac] = [[a, b] as const, [b, c] as const, [a, c] as const].map(([x, y]) =>
          between(calendar, unit, x, y),
        );
        expect((ab ?? 0) + (bc ?? 0)).toBe(ac);
        expect(between(calendar, unit, b, a)).toBe(0 - (ab ?? 0));
      }
    },
  );

  holds<[Calendar, number, Duration]>(
    'nothing lands outside working time',
    calendar,
    instant,
    duration,
    (calendar, from, duration) => {
      const end = add(calendar, from, duration);
      expect(isWorking(calendar, end) || isWorking(calendar, end - 1)).toBe(true);
    },
  );

  holds(
    'work that stays in its agency ends where its duration added ends',
    calendar,
    instant,
    duration,
    (calendar, at, duration) => {
      const clock = value(start(calendar, at, duration, false));
      expect(clock.deadline).toBe(add(calendar, at, duration));
      expect(between(calendar, duration.unit, at, clock.countsFrom)).toBe(0);
    },
  );

  holds<[Calendar, number, number, number]>(
    'subtracting days finds the last instant that is early enough',
    calendar,
    instant,
    instant,
    fc.integer({ min: 0, max: 20 }),
    (calendar, deadline, at, days) => {
      const latest = subtractDays(calendar, deadline, days);
      expect(at <= latest).toBe(workingDaysBetween(calendar, at, deadline) >= days);
      expect(workingDaysBetween(calendar, latest, deadline)).toBe(days);
      expect(workingDaysBetween(calendar, latest + 1, deadline)).toBeLessThan(days);
    },
  );
});

/** The date of an instant in Vietnam; closing time at 24:00 belongs to the date it ends. */
const dateAt = (calendar: Calendar, at: number): Temporal.PlainDate =>
  Temporal.PlainDate.from(shown(isWorking(calendar, at - 1) ? at - 1 : at).slice(0, 10));

/** That a clock ends with the office hours of a date, or of the first working date after it. */
function expectEndOn(calendar: Calendar, end: number, date: Temporal.PlainDate): void {
  const last = dateAt(calendar, end);
  expect(Temporal.PlainDate.compare(last, date)).toBeGreaterThanOrEqual(0);
  expect(isWorking(calendar, end - 1)).toBe(true);
  expect(workingMsBetween(calendar, end, vn(`${last.add({ days: 1 })}`))).toBe(0);
  expect(workingMsBetween(calendar, vn(`${date}`), vn(`${last}`))).toBe(0);
}

describe('half days and calendar days', () => {
  holds<[Calendar, number, number]>(
    'days and a half are the days, then four working hours',
    calendar,
    instant,
    count,
    (calendar, from, whole) =>
      expect(add(calendar, from, days(whole + 0.5))).toBe(
        add(calendar, addDays(calendar, from, whole), { unit: 'hours', ms: HALF }),
      ),
  );

  test('on the shipped calendar they end between the whole days around them', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 60 }), (from, whole) => {
        const ends = [whole, whole + 0.5, whole + 1].map((count) => add(vietnamCalendar, from, days(count)));
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
        expect(new Set(ends).size).toBe(3);
      }),
    );
  });

  holds<[Calendar, number, number]>(
    'calendar days end with their last date, or with the next working day',
    calendar,
    instant,
    count,
    (calendar, from, count) => {
      const date = dateAt(calendar, from).add({ days: count });
      expectEndOn(calendar, add(calendar, from, calendarDays(count)), date);
    },
  );

  holds<[Calendar, number[], [number, number]]>(
    'are monotone in start and duration',
    calendar,
    ordered(2),
    fc.tuple(count, count),
    (calendar, [a = 0, b = 0], [m, n]) => {
      for (const of of [calendarDays, (one: number) => days(one + 0.5)]) {
        expect(add(calendar, a, of(m))).toBeLessThanOrEqual(add(calendar, b, of(m)));
        const [fewer, more] = [Math.min(m, n), Math.max(m, n)];
        expect(add(calendar, a, of(fewer))).toBeLessThanOrEqual(add(calendar, a, of(more)));
      }
    },
  );

  holds<[Calendar, number[], number]>(
    'a pause moves calendar days by the dates that it took',
    calendar,
    ordered(3),
    count,
    (calendar, [at = 0, p = 0, r = 0], count) => {
      const duration = calendarDays(count);
      const from = startOfClock(calendar, at);
      const last = dateAt(calendar, from).add({ days: count });
      const paused = dateAt(calendar, Math.max(p, from));
      fc.pre(p <= add(calendar, from, duration) && Temporal.PlainDate.compare(paused, last) <= 0);
      const events = [
        { type: 'pause', at: p },
        { type: 'resume', at: r },
      ] as const;
      const clock = value(deadline(calendar, { receivedAt: at, duration, events }));
      if (clock.state === 'paused') throw new Error('the clock is paused');
      const taken = paused.until(dateAt(calendar, Math.max(r, from))).days;
      expectEndOn(calendar, clock.deadline, last.add({ days: taken }));
    },
  );
});

describe('the clock', () => {
  const end = (
    calendar: Calendar,
    receivedAt: number,
    duration: Duration,
    ...pauses: [number, number][]
  ): number => {
    const events = pauses.flatMap(([from, to]) => [
      { type: 'pause', at: from } as const,
      { type: 'resume', at: to } as const,
    ]);
    const clock = value(deadline(calendar, { receivedAt, duration, events }));
    if (clock.state === 'paused') throw new Error('the clock is paused');
    return clock.deadline;
  };

  holds<[Calendar, number[], Duration]>(
    'a pause of no time changes nothing',
    calendar,
    ordered(3),
    anyDuration,
    (calendar, [at = 0, p = 0, q = 0], duration) =>
      expect(end(calendar, at, duration, [p, p], [q, q])).toBe(end(calendar, at, duration)),
  );

  holds<[Calendar, number[], Duration]>(
    'a pause outside working time changes nothing',
    calendar,
    ordered(2),
    duration,
    (calendar, [at = 0, p = 0], duration) => {
      const opening = nextWorkingMoment(calendar, p);
      // Closing time itself still belongs to the day it closes.
      fc.pre(duration.unit === 'hours' || workingDaysBetween(calendar, p, opening) === 0);
      expect(end(calendar, at, duration, [p, opening])).toBe(end(calendar, at, duration));
    },
  );

  holds<[Calendar, number[], Duration]>(
    'a pause moves the deadline by the working time it took',
    calendar,
    ordered(3),
    duration,
    (calendar, [at = 0, p = 0, r = 0], duration) => {
      const before = end(calendar, at, duration);
      const after = end(calendar, at, duration, [p, r]);
      const start = startOfClock(calendar, at);
      const lost = between(calendar, duration.unit, Math.max(p, start), Math.max(r, start));
      expect(between(calendar, duration.unit, before, after)).toBe(p > before ? 0 : lost);
      expect(after).toBeGreaterThanOrEqual(before);
    },
  );

  holds<[Calendar, number[], Duration]>(
    'a restart forgets what was before',
    calendar,
    ordered(4),
    anyDuration,
    (calendar, [at = 0, p = 0, r = 0, s = 0], duration) => {
      const events = [
        { type: 'pause', at: p },
        { type: 'resume', at: r },
        { type: 'pause', at: r },
        { type: 'restart', at: s },
      ] as const;
      const clock = value(deadline(calendar, { receivedAt: at, duration, events }));
      expect(clock).toEqual(value(deadline(calendar, { receivedAt: s, duration })));
    },
  );

  holds<[Calendar, number[], Duration]>(
    'step by step is the same as all at once',
    calendar,
    ordered(3),
    anyDuration,
    (calendar, [at = 0, p = 0, r = 0], duration) => {
      const events = [
        { type: 'pause', at: p },
        { type: 'resume', at: r },
      ] as const;
      let clock = value(deadline(calendar, { receivedAt: at, duration }));
      for (const event of events) clock = value(advance(calendar, clock, event));
      expect(clock).toEqual(value(deadline(calendar, { receivedAt: at, duration, events })));
    },
  );

  holds<[Calendar, number[], Duration]>(
    'an explanation adds up to the duration and tells every date once',
    calendar,
    ordered(3),
    anyDuration,
    (calendar, [at = 0, p = 0, r = 0], duration) => {
      const events = [
        { type: 'pause', at: p },
        { type: 'resume', at: r },
      ] as const;
      const request = { receivedAt: at, duration, events };
      const { clock, lines } = value(explainDeadline(calendar, request));
      expect(clock).toEqual(value(deadline(calendar, request)));
      const countedIn = (unit: Duration['unit']) =>
        lines.reduce((sum, { counted }) => sum + (counted?.unit === unit ? amount(counted) : 0), 0);
      const half = duration.unit === 'days' && duration.days % 1 > 0;
      for (const unit of ['hours', 'days', 'calendar-days'] as const) {
        const whole = duration.unit === unit ? Math.floor(amount(duration)) : 0;
        expect(countedIn(unit)).toBe(unit === 'hours' && half ? HALF : whole);
      }
      const single = value(explainDeadline(calendar, { receivedAt: at, duration })).lines;
      const dates = single.filter(({ kind }) => kind === 'counted' || kind === 'skipped');
      dates.slice(1).forEach(({ from }, i) => {
        const before = Temporal.PlainDate.from(dates[i]?.to ?? '');
        expect(before.add({ days: 1 }).toString()).toBe(from);
      });
      // A deadline at 24:00 belongs to the date it ends.
      if (amount(duration) > 0) {
        const ends = shown(end(calendar, at, duration) - 1).slice(0, 10);
        expect(dates.at(-1)?.to).toBe(ends);
      }
    },
  );
});
