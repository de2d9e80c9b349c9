import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { instant, startOfVietnamDate, VIETNAM, vietnamDate, vietnamTime } from '../src/index.ts';

describe('the date in Vietnam', () => {
  test('goes with the instant of a call', () => {
    const now = new Date('2017-03-06T17:00:00Z');
    expect(instant({ now: () => now })).toEqual({ now, today: '2017-03-07' });
  });

  test('turns at 17:00 UTC', () => {
    expect(vietnamDate(new Date('2017-03-06T16:59:59.999Z'))).toBe('2017-03-06');
    expect(vietnamDate(new Date('2017-03-06T17:00:00.000Z'))).toBe('2017-03-07');
    expect(vietnamDate(new Date('2024-12-31T17:00:00Z'))).toBe('2025-01-01');
    expect(startOfVietnamDate('2025-03-01').toISOString()).toBe('2025-02-28T17:00:00.000Z');
  });

  test('is that of the time zone data, and begins where it says', () => {
    const instant = fc.date({
      min: new Date('1975-06-14T00:00:00Z'),
      max: new Date('2100-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, (at) => {
        const date = vietnamDate(at);
        const zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(VIETNAM);
        expect(date).toBe(zoned.toPlainDate().toString());
        expect(vietnamTime(at)).toBe(zoned.toPlainTime().toString().slice(0, 5));
        const start = startOfVietnamDate(date);
        expect(start.getTime()).toBe(zoned.startOfDay().epochMilliseconds);
        expect(vietnamDate(start)).toBe(date);
        expect(vietnamDate(new Date(start.getTime() - 1))).not.toBe(date);
      }),
    );
  });
});
