import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  enumField,
  field,
  isAgencyCode,
  isDate,
  manyOf,
  parse,
  protoPath,
  RefusalError,
} from '../src/index.ts';

/** The parsed value, or the reason of its refusal. */
function parsed(schema: z.ZodType, value: unknown): unknown {
  try {
    return parse(z.object({ value: schema }), { value }).value;
  } catch (error) {
    expect(error).toBeInstanceOf(RefusalError);
    const { kind, violations } = (error as RefusalError).refusal;
    expect(kind).toBe('invalid-argument');
    return violations?.map(({ field, reason }) => `${field} ${reason}`).join();
  }
}

describe('a text', () => {
  const text = field.text({ min: 1, max: 5 });
  test.each([
    ['  Hoà ', 'Hoà'.normalize('NFC')],
    ['Hoà'.normalize('NFD'), 'Hoà'.normalize('NFC')],
    ['ấấấấấ'.normalize('NFD'), 'ấấấấấ'.normalize('NFC')],
    ['ấấấấấấ', 'value FIELD_TOO_LONG'],
    ['👍👍👍👍👍', '👍👍👍👍👍'],
    ['👍👍👍👍👍👍', 'value FIELD_TOO_LONG'],
    ['', 'value FIELD_REQUIRED'],
    [' \t\n', 'value FIELD_REQUIRED'],
    ['a\u0000b', 'value FIELD_INVALID'],
    ['a\u0000bcdef', 'value FIELD_INVALID'],
    ['a\ud800', 'value FIELD_INVALID'],
    [`a${'\u0301'.repeat(31)}`, 'value FIELD_TOO_LONG'],
    [7, 'value INVALID_TYPE'],
    [undefined, 'value INVALID_TYPE'],
  ])('%j gives %j', (value, expected) => expect(parsed(text, value)).toEqual(expected));

  test('may be empty when no minimum is set', () => expect(parsed(field.text({ max: 5 }), '')).toBe(''));

  test('that is too long says how long it is', () => {
    const long = () => parse(z.object({ subject: field.text({ max: 500 }) }), { subject: 'đ'.repeat(501) });
    expect(long).toThrow('subject: must be at most 500 characters; it has 501');
  });
});

describe('a date', () => {
  test.each(['2017-03-06', '2024-02-29', '1900-01-01', '2200-12-31'])('%s is a date', (date) => {
    expect(isDate(date)).toBe(true);
    expect(parsed(field.date, date)).toBe(date);
  });
  test.each([
    '2201-01-01',
    '9999-12-31',
    '2017-02-30',
    '2023-02-29',
    '2017-13-01',
    '2017-00-10',
    '2017-1-1',
    '06/03/2017',
    '2017-03-06T00:00:00Z',
    ' 2017-03-06',
    '1899-12-31',
    '',
    '٢٠١٧-٠٣-٠٦',
  ])('%j is not a date', (date) => {
    expect(isDate(date)).toBe(false);
    expect(parsed(field.date, date)).toBe('value DATE_INVALID');
  });
  test('may be left out where it is optional', () => {
    expect(parsed(field.optionalDate, '')).toBe('');
    expect(parsed(field.optionalDate, '2017-02-30')).toBe('value DATE_INVALID');
  });
  test('is valid exactly when the calendar has it', () => {
    const number = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2200 }), number(14), number(33), (year, month, day) => {
        const inCalendar = () => {
          try {
            Temporal.PlainDate.from({ year, month: Number(month), day: Number(day) }, { overflow: 'reject' });
            return true;
          } catch {
            return false;
          }
        };
        expect(isDate(`${year}-${month}-${day}`)).toBe(inCalendar());
      }),
    );
  });
});

describe('codes and ids', () => {
  test.each(['H61', 'H61.29542', '000.00.14.H20', 'A'.repeat(35)])('%s is an agency code', (code) =>
    expect(isAgencyCode(code)).toBe(true),
  );
  test.each(['', 'h61', 'H61.', '.H61', 'H61..1', 'H 61', 'H61\n', 'Đ61', 'A'.repeat(36)])(
    '%j is not an agency code',
    (code) => expect(parsed(field.agencyCode, code)).toBe('value CODE_INVALID'),
  );
  test('an id is brought to lower case; anything else is refused', () => {
    const id = '018F0000-0000-7000-8000-00000000000A';
    expect(parsed(field.uuid, id)).toBe(id.toLowerCase());
    expect(parsed(field.optionalUuid, '')).toBe('');
    for (const wrong of ['', `${id}0`, `{${id}}`, `${id}\n`, id.replaceAll('-', '')])
      expect(parsed(field.uuid, wrong)).toBe('value UUID_INVALID');
  });
  test('a digest is 64 lower-case hexadecimal digits', () => {
    expect(parsed(field.sha256, 'a'.repeat(64))).toBe('a'.repeat(64));
    for (const wrong of ['A'.repeat(64), 'a'.repeat(63), 'g'.repeat(64), `${'a'.repeat(64)}\n`])
      expect(parsed(field.sha256, wrong)).toBe('value DIGEST_INVALID');
  });
  test.each([
    [0, 50],
    [1, 1],
    [200, 200],
    [201, 'value PAGE_SIZE_INVALID'],
    [-1, 'value PAGE_SIZE_INVALID'],
    [1.5, 'value INVALID_TYPE'],
  ])('a page size of %j gives %j', (size, expected) => expect(parsed(field.pageSize, size)).toBe(expected));
});

describe('a number of an enum', () => {
  const Urgency = { UNSPECIFIED: 0, NORMAL: 1, URGENT: 2 } as const;
  test.each([
    [1, 1],
    [2, 2],
    [0, 'value ENUM_INVALID'],
    [-1, 'value ENUM_INVALID'],
    [3, 'value ENUM_INVALID'],
    [1.5, 'value ENUM_INVALID'],
    ['1', 'value INVALID_TYPE'],
  ])('%j gives %j', (value, expected) => expect(parsed(enumField(Urgency), value)).toEqual(expected));

  test('that is left out becomes the default', () =>
    expect(parsed(enumField(Urgency, Urgency.NORMAL), 0)).toBe(1));
});

test('a list has a greatest length, and its items are checked', () => {
  const list = manyOf(field.date, 2);
  expect(parsed(list, [])).toEqual([]);
  expect(parsed(list, ['2017-03-06', '2017-03-07'])).toEqual(['2017-03-06', '2017-03-07']);
  expect(parsed(list, ['2017-03-06', '2017-03-07', '2017-03-08'])).toBe('value TOO_MANY');
  expect(parsed(list, ['2017-02-30'])).toBe('value[0] DATE_INVALID');
});

test('the items of a list that is too long are not looked at', () => {
  let looked = 0;
  const item = z.string().refine(() => {
    looked += 1;
    return true;
  });
  expect(parsed(manyOf(item, 2), Array(100_000).fill('x'))).toBe('value TOO_MANY');
  expect(looked).toBe(0);
});

test('fields are named as in the proto', () => {
  expect(protoPath(['recipients', 3, 'agencyId'])).toBe('recipients[3].agency_id');
  expect(protoPath(['promulgatedOn'])).toBe('promulgated_on');
  expect(protoPath(['attachments', 0, 'sha256'])).toBe('attachments[0].sha256');
  expect(protoPath([])).toBe('');
});

test('every wrong field is a violation; the message shows three and counts the rest', () => {
  const schema = z.object({ a: field.uuid, list: z.array(field.date), pageSize: field.pageSize });
  let refusal: RefusalError['refusal'] | undefined;
  try {
    parse(schema, { a: 'x', list: ['2017-02-30', '2017-03-06', 'y'], pageSize: 999 });
  } catch (error) {
    refusal = (error as RefusalError).refusal;
  }
  expect(refusal?.violations?.map(({ field }) => field)).toEqual(['a', 'list[0]', 'list[2]', 'page_size']);
  expect(refusal).toMatchObject({ reason: 'UUID_INVALID' });
  expect(refusal?.message).toMatch(/^a: .+; list\[0\]: .+; list\[2\]: .+ \(and 1 more\)$/);
});
