import { describe, expect, test } from 'vitest';
import {
  buildCalendar,
  type CalendarData,
  DEFAULT_HOURS,
  type Override,
  VIETNAM,
  VIETNAM_YEARS,
} from '../src/index.ts';

const name = { vi: 'Nghỉ bão', en: 'Typhoon' };
const off = (from: string, to?: string, source = 'Công văn 1'): Override => ({
  type: 'off',
  from,
  to,
  name,
  source,
});
const working = (from: string, change: Partial<Extract<Override, { type: 'working' }>> = {}): Override => ({
  type: 'working',
  from,
  hours: 'monday',
  name,
  source: 'Công văn 2',
  ...change,
});
const table = (...overrides: Override[]): Partial<CalendarData> => ({ years: [{ year: 2025, overrides }] });
const hoursOf = (...spans: [string, string][]): Partial<CalendarData> => ({
  hours: [{ from: '2020-01-01', week: { monday: spans.map(([from, to]) => ({ from, to })) } }],
});
const cutoffOf = (...cutoffs: CalendarData['cutoffs']): Partial<CalendarData> => ({ cutoffs });

/** `reason at place`, for each problem in order. */
function problems(change: Partial<CalendarData>): string[] {
  const built = buildCalendar({ ...VIETNAM, ...change });
  if (built.ok) return [];
  expect(built.refusal.kind).toBe('invalid-argument');
  expect(built.refusal.reason).toBe(built.refusal.violations?.[0]?.reason);
  return (built.refusal.violations ?? []).map(({ reason, field }) => `${reason} at ${field}`);
}

describe('accepted', () => {
  test.each<[string, Partial<CalendarData>]>([
    ['the shipped data', {}],
    ['a day off that is a rest day anyway', table(off('2025-03-01'))],
    ['neighbouring ranges', table(off('2025-03-03', '2025-03-04'), off('2025-03-05'))],
    ['spans that touch', hoursOf(['07:00', '11:00'], ['11:00', '24:00'])],
    ['given spans', table(working('2025-03-01', { hours: [{ from: '08:00', to: '09:00' }] }))],
    [
      'a swap over the new year',
      {
        years: [
          { year: 2024, overrides: [off('2024-12-31')] },
          { year: 2025, overrides: [working('2025-01-04', { inPlaceOf: '2024-12-31' })] },
        ],
      },
    ],
    ['no cutoff', { cutoffs: [] }],
  ])('%s', (_, change) => expect(problems(change)).toEqual([]));
});

describe('refused with its place', () => {
  test.each<[string, Partial<CalendarData>, string[]]>([
    [
      'the same date off twice',
      table(off('2025-03-03'), off('2025-03-03')),
      ['OVERRIDES_OVERLAP at years[0].overrides[1]'],
    ],
    [
      'a date inside an earlier range',
      table(off('2025-03-03', '2025-03-07'), off('2025-03-10'), off('2025-03-05')),
      ['OVERRIDES_OVERLAP at years[0].overrides[2]'],
    ],
    [
      'a range over two others',
      table(off('2025-03-03'), off('2025-03-05'), off('2025-03-01', '2025-03-31')),
      ['OVERRIDES_OVERLAP at years[0].overrides[2]', 'OVERRIDES_OVERLAP at years[0].overrides[2]'],
    ],
    [
      'two ranges, reported once',
      table(off('2025-03-03', '2025-03-07'), off('2025-03-05', '2025-03-12')),
      ['OVERRIDES_OVERLAP at years[0].overrides[1]'],
    ],
    [
      'off and worked',
      table(off('2025-03-03', '2025-03-07'), working('2025-03-07')),
      ['OVERRIDES_CONTRADICT at years[0].overrides[1]'],
    ],
    [
      'worked twice',
      table(working('2025-03-08'), working('2025-03-08')),
      ['OVERRIDES_OVERLAP at years[0].overrides[1]'],
    ],
    [
      'a reversed range',
      table(off('2025-03-07', '2025-03-03')),
      ['RANGE_REVERSED at years[0].overrides[0].to'],
    ],
    ['a date that is none', table(off('2025-02-29')), ['DATE_INVALID at years[0].overrides[0].from']],
    ['a date in another form', table(off('2025-3-1')), ['DATE_INVALID at years[0].overrides[0].from']],
    ['an end that is none', table(off('2025-03-01', 'mai')), ['DATE_INVALID at years[0].overrides[0].to']],
    ['a date of another year', table(off('2026-03-02')), ['DATE_OUTSIDE_YEAR at years[0].overrides[0].from']],
    [
      'a range into another year',
      table(off('2025-12-31', '2026-01-01')),
      ['DATE_OUTSIDE_YEAR at years[0].overrides[0].to'],
    ],
    [
      'no source',
      table(off('2025-03-03', undefined, ' ')),
      ['SOURCE_MISSING at years[0].overrides[0].source'],
    ],
    [
      'no hours',
      table(working('2025-03-01', { hours: [] })),
      ['HOURS_MISSING at years[0].overrides[0].hours'],
    ],
    [
      'wrong hours',
      table(working('2025-03-01', { hours: [{ from: '11:00', to: '7:00' }] })),
      ['SPAN_INVALID at years[0].overrides[0].hours[0]'],
    ],
    [
      'in place of a date that is not off',
      table(working('2025-03-01', { inPlaceOf: '2025-03-03' })),
      ['REPLACED_DAY_NOT_OFF at years[0].overrides[0].inPlaceOf'],
    ],
    [
      'in place of a date that is worked',
      table(working('2025-03-01', { inPlaceOf: '2025-03-08' }), working('2025-03-08')),
      ['REPLACED_DAY_NOT_OFF at years[0].overrides[0].inPlaceOf'],
    ],
    [
      'in place of no date',
      table(working('2025-03-01', { inPlaceOf: 'x' })),
      ['REPLACED_DAY_NOT_OFF at years[0].overrides[0].inPlaceOf'],
    ],
    [
      'a year twice',
      { years: [...VIETNAM_YEARS, { year: 2026, overrides: [] }] },
      ['YEAR_REPEATED at years[3].year'],
    ],
    ['no hours at all', { hours: [] }, ['HOURS_MISSING at hours']],
    [
      'an empty week',
      { hours: [{ from: '2020-01-01', week: { monday: [] } }] },
      ['WEEK_EMPTY at hours[0].week'],
    ],
    ['reversed hours', hoursOf(['11:00', '07:00']), ['SPAN_INVALID at hours[0].week.monday[0]']],
    ['hours of no length', hoursOf(['07:00', '07:00']), ['SPAN_INVALID at hours[0].week.monday[0]']],
    ['a time that is none', hoursOf(['07:00', '24:01']), ['SPAN_INVALID at hours[0].week.monday[0]']],
    [
      'overlapping hours',
      hoursOf(['07:00', '11:00'], ['10:59', '17:00']),
      ['SPANS_OVERLAP at hours[0].week.monday[1]'],
    ],
    [
      'hours out of order',
      hoursOf(['13:00', '17:00'], ['07:00', '11:00']),
      ['SPANS_OVERLAP at hours[0].week.monday[1]'],
    ],
    [
      'versions out of order',
      { hours: [...DEFAULT_HOURS, ...DEFAULT_HOURS] },
      ['VERSIONS_OUT_OF_ORDER at hours[1].from'],
    ],
    [
      'a version from no date',
      cutoffOf({ from: '2018', at: '15:00', source: 'NĐ' }),
      ['DATE_INVALID at cutoffs[0].from'],
    ],
    [
      'a cutoff that is no time',
      cutoffOf({ from: '2018-06-21', at: '15h', source: 'NĐ' }),
      ['TIME_INVALID at cutoffs[0].at'],
    ],
    [
      'a cutoff without source',
      cutoffOf({ from: '2018-06-21', at: '15:00', source: '' }),
      ['SOURCE_MISSING at cutoffs[0].source'],
    ],
    ['a horizon without a table', { horizon: { from: 2020, to: 2025 } }, ['HORIZON_INVALID at horizon']],
    [
      'a horizon before the constant offset',
      { horizon: { from: 1975, to: 2030 } },
      ['HORIZON_INVALID at horizon'],
    ],
    ['a horizon without end', { horizon: { from: 2020, to: 9999 } }, ['HORIZON_INVALID at horizon']],
    ['no table', { years: [] }, ['YEARS_MISSING at years']],
    [
      'everything at once',
      {
        ...hoursOf(['11:00', '07:00']),
        ...table(off('2025-02-30'), off('2025-03-03'), working('2025-03-03')),
      },
      [
        'SPAN_INVALID at hours[0].week.monday[0]',
        'DATE_INVALID at years[0].overrides[0].from',
        'OVERRIDES_CONTRADICT at years[0].overrides[2]',
      ],
    ],
  ])('%s', (_, change, expected) => expect(problems(change)).toEqual(expected));

  test('says which override came first', () => {
    const built = buildCalendar({
      ...VIETNAM,
      ...table(off('2025-03-03', '2025-03-07'), working('2025-03-07')),
    });
    expect(!built.ok && built.refusal.message).toBe(
      'years[0].overrides[1]: 2025-03-07 is already off by years[0].overrides[0] (Nghỉ bão)',
    );
  });
});
