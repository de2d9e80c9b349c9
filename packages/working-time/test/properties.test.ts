import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  add,
  addDays,
  advance,
  type Calendar,
  type Duration,
  deadline,
  explainDeadline,
  isWorking,
  nextWorkingMoment,
  start,
  startOfClock,
  subtractDays,
  workingDaysBetween,
  workingMsBetween,
} from '../src/index.ts';
import { anyOrVietnam, instant, shown, value } from './support.ts';

const calendar = anyOrVietnam;
const ms = fc.oneof(fc.integer({ min: 0, max: 300 * 3_600_000 }), fc.constantFrom(0, 1, 4 * 3_600_000));
const count = fc.integer({ min: 0, max: 60 });
const duration: fc.Arbitrary<Duration> = fc.oneof(
  ms.map((ms) => ({ unit: 'hours', ms }) as const),
  count.map((days) => ({ unit: 'days', days }) as const),
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

const amount = (duration: Duration): number => (duration.unit === 'days' ? duration.days : duration.ms);
const sum = (a: Duration, b: Duration): Duration =>
  a.unit === 'days' ? { unit: 'days', days: a.days + amount(b) } : { unit: 'hours', ms: a.ms + amount(b) };
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
    duration,
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
    duration,
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
    duration,
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
    duration,
    (calendar, [at = 0, p = 0, r = 0], duration) => {
      const events = [
        { type: 'pause', at: p },
        { type: 'resume', at: r },
      ] as const;
      const request = { receivedAt: at, duration, events };
      const { clock, lines } = value(explainDeadline(calendar, request));
      expect(clock).toEqual(value(deadline(calendar, request)));
      const counted = lines.flatMap((line) => (line.counted === null ? [] : [amount(line.counted)]));
      expect(counted.reduce((a, b) => a + b, 0)).toBe(amount(duration));
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
