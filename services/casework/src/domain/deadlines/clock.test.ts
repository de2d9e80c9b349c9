import { calendarDays, days, hours, vietnamCalendar } from '@lienthong/working-time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vn } from '../../../test/support/scenario.ts';
import { createAgreedClock, createClock, readClock, recordEvent, setAgreedEnd } from './clock.ts';

const due = (clock: Parameters<typeof readClock>[1]) => readClock(vietnamCalendar, clock)?.dueAt ?? null;
const THURSDAY = vn('2026-01-15 08:00');
const paused = (clock: ReturnType<typeof createClock>, from: string, to: string) =>
  recordEvent(recordEvent(clock, 'pause', vn(from)), 'resume', vn(to));

describe('an agreed end', () => {
  const extended = setAgreedEnd(
    createClock(THURSDAY, days(5), true),
    vn('2026-01-20 09:00'),
    vn('2026-01-30 10:00'),
  );

  test('replaces the computed one', () => expect(due(extended)).toBe(vn('2026-01-30 10:00')));

  test('does not exist while the clock is paused', () =>
    expect(due(recordEvent(extended, 'pause', vn('2026-01-21 09:00')))).toBeNull());

  test('of days moves by whole working days, and not within one', () => {
    expect(due(paused(extended, '2026-01-21 08:00', '2026-01-21 16:00'))).toBe(vn('2026-01-30 10:00'));
    expect(due(paused(extended, '2026-01-23 08:00', '2026-01-26 16:00'))).toBe(vn('2026-02-02 17:00'));
  });

  test('of hours keeps the remaining time to the minute', () => {
    const short = setAgreedEnd(createClock(THURSDAY, hours(8), true), THURSDAY, vn('2026-01-16 16:00'));
    expect(due(paused(short, '2026-01-16 14:00', '2026-01-19 09:00'))).toBe(vn('2026-01-19 11:00'));
  });

  test('of calendar days moves by the dates of the pause', () => {
    const clock = setAgreedEnd(
      createClock(THURSDAY, calendarDays(5), true),
      THURSDAY,
      vn('2026-01-22 10:00'),
    );
    expect(due(paused(clock, '2026-01-16 08:00', '2026-01-16 16:00'))).toBe(vn('2026-01-22 10:00'));
    expect(due(paused(clock, '2026-01-16 08:00', '2026-01-18 08:00'))).toBe(vn('2026-01-26 17:00'));
  });

  test('that has passed before the pause stays', () =>
    expect(due(paused(extended, '2026-02-03 08:00', '2026-02-10 08:00'))).toBe(vn('2026-01-30 10:00')));

  test('ends with a restart; pauses before the agreement are in the computed deadline', () => {
    const again = recordEvent(
      recordEvent(extended, 'pause', vn('2026-01-21 09:00')),
      'restart',
      vn('2026-01-22 09:00'),
    );
    expect(due(again)).toBe(vn('2026-01-29 17:00'));
    const before = setAgreedEnd(
      paused(createClock(THURSDAY, days(5), true), '2026-01-16 08:00', '2026-01-20 08:00'),
      vn('2026-01-20 08:00'),
      vn('2026-02-05 17:00'),
    );
    expect(due(before)).toBe(vn('2026-02-05 17:00'));
  });

  test('is the only end of a consultation that an officer requested', () =>
    expect(due(createAgreedClock(THURSDAY, vn('2026-01-16 12:34')))).toBe(vn('2026-01-16 12:34')));
});

test('a step in days after a step that ended with the day takes its days, not one more', () => {
  const first = createClock(THURSDAY, days(1), true);
  const second = createClock(due(first) ?? 0, days(1), false);
  expect(due(first)).toBe(vn('2026-01-16 17:00'));
  expect(due(second)).toBe(vn('2026-01-19 17:00'));
});

test('pausing and resuming at once moves nothing, after any events', () => {
  const minute = 60_000;
  fc.assert(
    fc.property(
      fc.constantFrom(days(0), days(1), days(1.5), days(10), calendarDays(5), hours(4), hours(30)),
      fc.boolean(),
      fc.option(fc.integer({ min: 1, max: 40_000 }), { nil: undefined }),
      fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 6 }),
      (duration, reception, agreedIn, waits) => {
        let at = THURSDAY;
        let clock = createClock(at, duration, reception);
        if (agreedIn !== undefined) clock = setAgreedEnd(clock, at, at + agreedIn * minute);
        waits.forEach((wait, i) => {
          at += wait * minute;
          clock = recordEvent(clock, i % 2 === 0 ? 'pause' : 'resume', at);
        });
        if (waits.length % 2 === 1) clock = recordEvent(clock, 'resume', at);
        const expected = due(clock);
        expect(due(recordEvent(recordEvent(clock, 'pause', at), 'resume', at))).toBe(expected);
      },
    ),
    { numRuns: 300 },
  );
});
