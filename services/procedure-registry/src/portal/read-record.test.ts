import { Channel } from '@lienthong/contracts/registry';
import { inDays, inHalfDays } from '@lienthong/workflow/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publishedRecord } from '../../test/support/published-record.ts';
import { normalise } from '../document/normalise.ts';
import { readRecord } from './read-record.ts';
import { amountOf, limitOf } from './reading.ts';

function read(record: object) {
  const result = readRecord(JSON.stringify(record));
  if (!result.ok) throw new Error(JSON.stringify(result.violations));
  return result;
}
const reasons = (record: object) =>
  read(record).uncertain.map(({ recordPlace, reason }) => `${reason} ${recordPlace}`);

test('what a record says for certain is in the definition', () => {
  const { definition } = read(publishedRecord());
  expect(definition).toMatchObject({
    code: '1.004873',
    name: 'Cấp Giấy xác nhận tình trạng hôn nhân',
    tiers: [5],
    field: 'Hộ tịch',
    sequence: ['Nộp hồ sơ', 'Nhận kết quả'],
    applicants: ['Công dân Việt Nam'],
    intakePlace: 'Bộ phận một cửa',
    legalBasis: ['Luật Hộ tịch 60/2014/QH13'],
    keywords: ['độc thân', 'kết hôn'],
    timeLimit: inDays(3),
    results: [{ key: 'ket-qua-1', name: 'Giấy xác nhận' }],
    cases: [
      { key: 'truong-hop-1', name: 'Không phải xác minh' },
      { key: 'truong-hop-2', name: 'Phải xác minh tại nơi cư trú trước đây' },
    ],
    papers: [
      { name: 'Tờ khai', form: 'Mẫu 1', originals: 1, copies: 0, mandatory: true, cases: [] },
      { name: 'Văn bản cam đoan', originals: 0, copies: 2, mandatory: true, cases: ['truong-hop-2'] },
    ],
    ways: [
      { channel: Channel.IN_PERSON, timeLimit: inDays(3), feeVnd: 15_000n, cases: ['truong-hop-1'] },
      { channel: Channel.IN_PERSON, timeLimit: inDays(23), feeVnd: 0n, cases: [] },
      { channel: Channel.ONLINE, timeLimit: inHalfDays(3), feeVnd: 8_000n, cases: [] },
    ],
  });
  expect(definition.ways[1]?.note).toContain('8.000 đồng/bản');
  expect(definition.workflow?.root?.block).toMatchObject({
    value: { performer: { performer: { $case: 'competent' } } },
  });
});

test('what it does not say for certain is listed with its place', () => {
  expect(reasons(publishedRecord())).toEqual([
    'FIELD_NOT_READ ID',
    'CASE_IN_WORDS THANHPHANHOSO',
    'TIME_UNIT_UNCLEAR CACHTHUCTHUCHIEN[0].THOIGIAN[1].DONVITINH',
    'FEE_IN_WORDS CACHTHUCTHUCHIEN[0].THOIGIAN[1].PHILEPHI',
    'FEE_NUMBER_AMBIGUOUS CACHTHUCTHUCHIEN[1].THOIGIAN[0].PHILEPHI[0].SOTIEN',
    'ROW_UNCLEAR CACHTHUCTHUCHIEN[0].THOIGIAN[1]',
    'PAPER_MANDATORY_ASSUMED THANHPHANHOSO',
    'TIME_LIMIT_UNCLEAR CACHTHUCTHUCHIEN',
    'AGENCY_IN_WORDS COQUANTHUCHIEN',
    'WORKFLOW_NOT_PUBLISHED ',
  ]);
});

test('rows of one channel are cases when the papers have none', () => {
  const { definition } = read(publishedRecord({ THANHPHANHOSO: [] }));
  expect(definition.cases.map(({ name }) => name)).toEqual(['Không phải xác minh', 'Phải xác minh']);
  expect(definition.ways.map(({ cases }) => cases)).toEqual([['truong-hop-1'], ['truong-hop-2'], []]);
});

describe('amounts and limits', () => {
  test.each<[unknown, unknown]>([
    [15000, { amountVnd: 15_000, certain: true }],
    ['15000', { amountVnd: 15_000, certain: true }],
    ['15000.0', { amountVnd: 15_000, certain: true }],
    ['0', { amountVnd: 0, certain: true }],
    ['8.000', { amountVnd: 8_000, certain: false }],
    ['1,500,000', { amountVnd: 1_500_000, certain: false }],
    ['-1', 'unreadable'],
    ['0.5', 'unreadable'],
    ['8.000 đồng', 'unreadable'],
    ['99999999999999999999', 'unreadable'],
    [null, 'unreadable'],
    [{}, 'unreadable'],
  ])('%j đồng', (given, expected) => {
    expect(amountOf(given)).toEqual(expected);
  });

  test.each<[unknown, unknown, unknown]>([
    ['3', 'Ngày làm việc', { duration: inDays(3), certain: true }],
    ['0,5', 'ngày làm việc', { duration: inHalfDays(1), certain: true }],
    [23, 'Ngày', { duration: inDays(23), certain: false }],
    ['4', 'Giờ làm việc', { duration: { amount: { $case: 'minutes', value: 240 } }, certain: true }],
    ['0.3', 'Ngày', 'unreadable'],
    ['-1', 'Ngày', 'unreadable'],
    ['1', 'Tháng', 'unreadable'],
    ['Ngay trong ngày', '', 'unreadable'],
    [99_999, 'Ngày', 'unreadable'],
  ])('%j %s', (number, unit, expected) => {
    expect(limitOf(number, unit)).toEqual(expected);
  });
});

describe('garbage', () => {
  test.each([
    '',
    '{',
    'null',
    '7',
    '"x"',
    '[]',
    '[{}]',
    '{}',
    '{"result": []}',
    '{"result": [{}, {}]}',
    '['.repeat(100_000),
  ])('%#: no record', (json) => {
    expect(readRecord(json)).toMatchObject({
      ok: false,
      violations: [{ field: 'record', reason: 'RECORD_MALFORMED' }],
    });
  });

  test('code and name are required', () => {
    expect(readRecord('{"MATTHC": 1.5}')).toMatchObject({
      violations: [
        { field: 'record.MATTHC', reason: 'CODE_INVALID' },
        { field: 'record.TENTTHC', reason: 'FIELD_REQUIRED' },
      ],
    });
  });

  test('anything in any field is read into a well-formed definition, or refused with fields', () => {
    const keys = Object.keys(publishedRecord()).filter((key) => key !== 'MATTHC' && key !== 'TENTTHC');
    const inner = [
      'KENH',
      'THOIGIAN',
      'PHILEPHI',
      'SOTIEN',
      'TRUONGHOP',
      'GIAYTO',
      'TENGIAYTO',
      'SOBANCHINH',
      'TRINHTU',
      'MOTA',
    ];
    const { garbage } = fc.letrec((tie) => ({
      garbage: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<unknown>('1', 2, '8.000', -3, null, true, '\u0007', '\ud800', 'x'.repeat(20_000), ''),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('garbage'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...inner), tie('garbage'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), garbage, { maxKeys: 8 }), (fields) => {
        const result = readRecord(JSON.stringify(publishedRecord(fields)));
        if (result.ok) {
          expect(normalise(result.definition)).toEqual({ ok: true, definition: result.definition });
          expect(result.uncertain.length).toBeGreaterThan(0);
          for (const { feeVnd } of result.definition.ways) expect(feeVnd).toBeGreaterThanOrEqual(0n);
        } else for (const { field } of result.violations) expect(field).toMatch(/^record/);
      }),
      { numRuns: 300 },
    );
  });

  test('more than a definition can hold is cut, and said', () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ TENGIAYTO: `Giấy ${i}`, SOBANCHINH: 1 }));
    const record = publishedRecord({ THANHPHANHOSO: [{ TRUONGHOP: '', GIAYTO: many }] });
    expect(read(record).definition.papers).toHaveLength(200);
    expect(reasons(record)).toContain('TOO_MANY THANHPHANHOSO');
  });
});
