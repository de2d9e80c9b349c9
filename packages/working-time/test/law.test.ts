import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { daysOffByLaw, VIETNAM_YEARS } from '../src/index.ts';
import { dayOfLunarDate } from '../src/law/lunar.ts';
import { dateOfDay } from '../src/time.ts';

const lunar = (year: number, month: number, date: number) => dateOfDay(dayOfLunarDate(year, month, date));
const weekday = (date: string) => Temporal.PlainDate.from(date).dayOfWeek;

describe('the lunar calendar', () => {
  // The published first days of the lunar years; those of 1985 and 2007 differ from China's.
  const NEW_YEARS = `
    1976-01-31 1977-02-18 1978-02-07 1979-01-28 1980-02-16 1981-02-05 1982-01-25 1983-02-13 1984-02-02 1985-01-21
    1986-02-09 1987-01-29 1988-02-17 1989-02-06 1990-01-27 1991-02-15 1992-02-04 1993-01-23 1994-02-10 1995-01-31
    1996-02-19 1997-02-07 1998-01-28 1999-02-16 2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09
    2006-01-29 2007-02-17 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19
    2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29
    2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08
    2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12`
    .trim()
    .split(/\s+/);

  test.each(NEW_YEARS)('begins a year on %s', (date) =>
    expect(lunar(Number(date.slice(0, 4)), 1, 1)).toBe(date),
  );

  test.each([
    [2021, 3, 10, '2021-04-21'],
    [2022, 3, 10, '2022-04-10'],
    // After the leap second month of 2023 and before the leap sixth month of 2025.
    [2023, 3, 10, '2023-04-29'],
    [2024, 3, 10, '2024-04-18'],
    [2025, 3, 10, '2025-04-07'],
    [2025, 6, 1, '2025-06-25'],
    [2025, 7, 1, '2025-08-23'],
    [2025, 8, 15, '2025-10-06'],
    [2026, 3, 10, '2026-04-26'],
    [2026, 8, 15, '2026-09-25'],
    [2026, 12, 23, '2027-01-30'],
    [2027, 3, 10, '2027-04-16'],
  ])('%i, month %i, day %i is %s', (year, month, date, expected) =>
    expect(lunar(year, month, date)).toBe(expected),
  );

  const years = fc.integer({ min: 1976, max: 2110 });

  test('has months of 29 or 30 days, and of two months where a leap month follows', () => {
    fc.assert(
      fc.property(years, (year) => {
        const begins = Array.from({ length: 13 }, (_, i) =>
          dayOfLunarDate(year + Math.floor(i / 12), (i % 12) + 1, 1),
        );
        const lengths = begins.slice(1).map((day, i) => day - (begins[i] ?? 0));
        for (const days of lengths) expect([29, 30, 58, 59, 60]).toContain(days);
        expect(lengths.filter((days) => days > 30).length).toBeLessThanOrEqual(1);
        expect([353, 354, 355, 383, 384, 385]).toContain(lengths.reduce((a, b) => a + b));
      }),
    );
  });

  test('is the Chinese one, but for new moons around midnight', () => {
    const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', {
      month: 'numeric',
      day: 'numeric',
      timeZone: 'UTC',
    });
    const isFirst = (day: number): boolean =>
      chinese
        .formatToParts(day * 86_400_000)
        .filter(({ type }) => type === 'month' || type === 'day')
        .every(({ value }) => value === '1');
    fc.assert(
      // In 1985 a leap month stands elsewhere: Tết was a month before China's.
      fc.property(
        years.filter((year) => year !== 1985),
        (year) => {
          const day = dayOfLunarDate(year, 1, 1);
          expect(isFirst(day) || isFirst(day + 1)).toBe(true);
        },
      ),
    );
  });
});

describe('the days off of the law', () => {
  /** Monday to Friday. */
  const weekdaysOff = (year: number) =>
    daysOffByLaw(year)
      .map(({ from }) => from)
      .filter((date) => weekday(date) <= 5);

  // What was decided, without swaps.
  test.each([
    [2016, ['01-01', '02-08', '02-09', '02-10', '02-11', '02-12', '04-18', '05-02', '05-03', '09-02']],
    [2018, ['01-01', '02-14', '02-15', '02-16', '02-19', '02-20', '04-25', '04-30', '05-01', '09-03']],
    [2019, ['01-01', '02-04', '02-05', '02-06', '02-07', '02-08', '04-15', '04-30', '05-01', '09-02']],
    [2020, ['01-01', '01-23', '01-24', '01-27', '01-28', '01-29', '04-02', '04-30', '05-01', '09-02']],
    [
      2021,
      ['01-01', '02-10', '02-11', '02-12', '02-15', '02-16', '04-21', '04-30', '05-03', '09-02', '09-03'],
    ],
    [
      2022,
      ['01-03', '01-31', '02-01', '02-02', '02-03', '02-04', '04-11', '05-02', '05-03', '09-01', '09-02'],
    ],
    [
      2023,
      ['01-02', '01-20', '01-23', '01-24', '01-25', '01-26', '05-01', '05-02', '05-03', '09-01', '09-04'],
    ],
  ])('are those that were decided for %i', (year, expected) =>
    expect(weekdaysOff(year)).toEqual(expected.map((day) => `${year}-${day}`)),
  );

  test.each(VIETNAM_YEARS)('are those of the table of $year, without its swaps', ({ year, overrides }) => {
    const swapped = overrides.flatMap((one) => (one.type === 'working' ? [one.inPlaceOf] : []));
    const decided = overrides.flatMap(({ type, from, to = from }) => {
      const first = Temporal.PlainDate.from(from);
      const count = type === 'off' ? first.until(to).days + 1 : 0;
      return Array.from({ length: count }, (_, i) => first.add({ days: i }).toString());
    });
    const kept = decided.filter((date) => weekday(date) <= 5 && !swapped.includes(date)).sort();
    expect(weekdaysOff(year)).toEqual(kept);
  });

  test('of 2027, whose decision is not known', () =>
    expect(weekdaysOff(2027)).toEqual(
      [
        ...['01-01', '02-04', '02-05', '02-08', '02-09', '02-10', '04-16', '04-30', '05-03'],
        ...['09-02', '09-03', '11-24'],
      ].map((day) => `2027-${day}`),
    ));

  test('name no date twice, in order, each with its source; a holiday at the weekend is made up for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2026, max: 2110 }), (year) => {
        const daysOff = daysOffByLaw(year);
        const dates = daysOff.map(({ from }) => from);
        expect(dates).toEqual([...new Set(dates)].sort());
        expect(dates.every((date) => date.startsWith(`${year}-`))).toBe(true);
        for (const { source } of daysOff) expect(source).toMatch(/Điều/);
        // 1/1, five of Tết, 10/3, 30/4, 1/5, two of 2/9, 24/11; 10/3 may be 30/4.
        expect([11, 12]).toContain(weekdaysOff(year).length);
        for (const { from, name } of daysOff) {
          if (weekday(from) > 5) continue;
          const inLieu = name.vi.startsWith('bù ');
          const before = Temporal.PlainDate.from(from).subtract({ days: 1 }).toString();
          // A day in lieu follows days off only.
          if (inLieu) expect(weekday(before) > 5 || dates.includes(before)).toBe(true);
        }
      }),
    );
  });

  test.each([
    [2006, 8],
    [2007, 9],
    [2012, 9],
    [2013, 10],
    [2020, 10],
    [2021, 11],
    [2026, 12],
  ])('of %i are what the law of that year had', (year, days) =>
    expect(daysOffByLaw(year).filter(({ name }) => !name.vi.startsWith('bù '))).toHaveLength(days),
  );
});
