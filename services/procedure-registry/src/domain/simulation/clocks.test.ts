import { days, minutes, start, vietnamCalendar } from '@lienthong/working-time';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vn } from '../../../test/support/territory.ts';
import type { Work } from './plan.ts';
import { timetableOf } from './walk.ts';

test('work ends when the clock of a dossier that is under way would end', () => {
  const instants = fc
    .record({
      day: fc.integer({ min: 0, max: 60 }),
      time: fc.constantFrom('07:00', '10:59', '11:00', '13:00', '15:00', '15:01', '17:00', '17:01', '23:00'),
    })
    .map(({ day, time }) => vn(`2026-01-15 ${time}`) + day * 86_400_000);
  const durations = fc.oneof(
    fc.integer({ min: 0, max: 20 }).map(days),
    fc.integer({ min: 1, max: 3_000 }).map(minutes),
  );
  fc.assert(
    fc.property(instants, durations, fc.boolean(), (at, duration, reception) => {
      const timetable = timetableOf({ calendarOf: () => vietnamCalendar, receivers: () => [] });
      const { endsAt } = timetable.visit({ agencyId: 'xa', duration } as Work, at, reception);
      expect(start(vietnamCalendar, at, duration, reception)).toMatchObject({ value: { deadline: endsAt } });
    }),
    { numRuns: 500 },
  );
});
