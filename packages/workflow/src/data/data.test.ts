import { DataType, Definition } from '@lienthong/contracts/registry';
import { addCalendarDays, vietnamCalendar, workingDaysBetween } from '@lienthong/working-time';
import { describe, expect, test } from 'vitest';
import { compile } from '../compile.ts';
import { fewestMinutesOf, minutesOf, toDuration } from '../duration.ts';
import { mandatoryPapers } from '../papers.ts';
import {
  dataField,
  definition,
  facts,
  inCalendarDays,
  inDays,
  inHalfDays,
  inMinutes,
  step,
} from '../testing.ts';
import { parseData } from './data.ts';

const field = (key: string, type: DataType, required = false) => dataField(key, type, { required });
const fields = [
  field('so', DataType.NUMBER),
  field('nguyen', DataType.INTEGER),
  field('co', DataType.BOOLEAN),
  field('ngay', DataType.DATE),
  field('chu', DataType.TEXT),
];
const violationsOf = (data: Record<string, string>, of = fields) => {
  const result = parseData(of, data);
  return result.ok ? [] : (result.refusal.violations ?? []).map(({ field, reason }) => [field, reason]);
};

describe('data', () => {
  test('is kept trimmed, in NFC, without what is empty', () => {
    const data = {
      chu: ' Đất ở '.normalize('NFD'),
      so: ' 12.5 ',
      nguyen: '',
      co: 'true',
      ngay: '2024-02-29',
    };
    const kept = { chu: 'Đất ở'.normalize('NFC'), so: '12.5', co: 'true', ngay: '2024-02-29' };
    expect(parseData(fields, data)).toEqual({ ok: true, value: kept });
  });

  test.each([
    ['so', '12,5', 'DATA_NOT_NUMBER'],
    ['so', '1.000', 'DATA_NUMBER_AMBIGUOUS'],
    ['so', '-12.345', 'DATA_NUMBER_AMBIGUOUS'],
    ['so', '1,000', 'DATA_NUMBER_AMBIGUOUS'],
    ['so', '1.234.567,8', 'DATA_NOT_NUMBER'],
    ['so', '1,234,567.8', 'DATA_NOT_NUMBER'],
    ['so', '1e9', 'DATA_NOT_NUMBER'],
    ['so', 'NaN', 'DATA_NOT_NUMBER'],
    ['nguyen', '12.5', 'DATA_NOT_INTEGER'],
    ['nguyen', '9223372036854775808', 'DATA_NOT_INTEGER'],
    ['co', 'có', 'DATA_NOT_BOOLEAN'],
    ['ngay', '2025-02-29', 'DATA_NOT_DATE'],
    ['ngay', '30/4/2025', 'DATA_NOT_DATE'],
    ['chu', 'a\u0000b', 'DATA_NOT_TEXT'],
    ['chu', 'a'.repeat(2001), 'DATA_TOO_LONG'],
    ['khac', '1', 'DATA_FIELD_UNKNOWN'],
    ['constructor', '1', 'DATA_FIELD_UNKNOWN'],
  ])('%s: %s is refused', (key, text, reason) => {
    expect(violationsOf({ [key]: text })).toEqual([[`data.${key}`, reason]]);
  });

  test.each(['-9223372036854775808', '9223372036854775807'])('the integer %s is one', (nguyen) => {
    expect(violationsOf({ nguyen })).toEqual([]);
  });

  test('every wrong or missing field is reported at once', () => {
    const wrong = violationsOf({ so: 'x', khac: '' }, [...fields, field('can', DataType.TEXT, true)]);
    expect(wrong).toEqual([
      ['data.khac', 'DATA_FIELD_UNKNOWN'],
      ['data.so', 'DATA_NOT_NUMBER'],
      ['data.can', 'DATA_MISSING'],
    ]);
  });
});

describe('mandatory papers', () => {
  const { papers } = Definition.fromPartial({
    papers: [
      { key: 'don', name: 'Đơn đề nghị', mandatory: true, originals: 1 },
      { key: 'uy-quyen', name: 'Giấy ủy quyền', mandatory: false, originals: 1 },
      {
        key: 'tham-tra',
        name: 'Báo cáo thẩm tra',
        mandatory: true,
        condition: 'data.floors >= 7',
        originals: 1,
      },
    ],
  });
  const workflow = compile(definition(step('a'), { papers }));
  if (!workflow.ok) throw new Error(workflow.refusal.message);
  const keys = (data: Record<string, string>) => {
    const result = mandatoryPapers(workflow.value, facts(data));
    return result.ok ? result.value.map((paper) => paper.key) : result.refusal.message;
  };

  test('those whose condition holds', () => {
    expect(keys({ floors: '7' })).toEqual(['don', 'tham-tra']);
    expect(keys({ floors: '6' })).toEqual(['don']);
  });

  test('a condition that cannot be decided names the paper', () => {
    expect(keys({})).toMatch(/^paper tham-tra: .*floors/);
  });
});

test('half days and calendar days', () => {
  expect([inHalfDays(1), inHalfDays(3), inCalendarDays(7), inCalendarDays(10)].map(minutesOf)).toEqual([
    240, 720, 2400, 3840,
  ]);
  expect(toDuration(inHalfDays(1))).toEqual({ unit: 'hours', ms: 14_400_000 });
  expect(toDuration(inHalfDays(3))).toEqual({ unit: 'days', days: 1.5 });
  expect(toDuration(inCalendarDays(10))).toEqual({ unit: 'calendar-days', days: 10 });
});

test('calendar days hold no more and no fewer working days than their bounds, from any weekday', () => {
  // Weeks without a holiday.
  const monday = Date.parse('2025-06-02T09:00:00+07:00');
  for (let days = 0; days <= 40; days += 1) {
    const worked = [0, 1, 2, 3, 4].map((weekday) => {
      const from = monday + weekday * 86_400_000;
      return workingDaysBetween(vietnamCalendar, from, addCalendarDays(vietnamCalendar, from, days)) * 480;
    });
    expect([Math.min(...worked), Math.max(...worked)]).toEqual([
      fewestMinutesOf(inCalendarDays(days)),
      minutesOf(inCalendarDays(days)),
    ]);
  }
});

test('durations', () => {
  expect([inDays(3), inDays(0), inMinutes(90), undefined, { amount: undefined }].map(minutesOf)).toEqual([
    1440, 0, 90, 0, 0,
  ]);
  expect(toDuration(inDays(3))).toEqual({ unit: 'days', days: 3 });
  expect(toDuration(inMinutes(90))).toEqual({ unit: 'hours', ms: 5_400_000 });
  expect(toDuration(undefined)).toBeUndefined();
});
