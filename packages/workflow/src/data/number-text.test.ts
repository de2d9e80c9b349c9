import { type DataField, DataType } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataField } from '../testing.ts';
import { parseData } from './data.ts';
import { numberProblem } from './number-text.ts';

test.each([
  ['1.000', '1000 or 1.0'],
  ['1,000', '1000 or 1.0'],
  ['12.345', '12345 or 12.3450'],
  ['-999.120', '-999120 or -999.12'],
  ['1,5', '1.5'],
  ['1000,5', '1000.5'],
  ['1.234.567,8', '1234567.8'],
  ['1.234.567', '1234567'],
  ['1,234,567.8', '1234567.8'],
  ['1.234,5', '1234.5'],
])('%s is refused: write %s', (text, write) => {
  expect(numberProblem(text)?.description).toMatch(new RegExp(`wr(ite|itten) ${write}(,|$)`));
});

test.each(['0', '1000', '1.0', '1.00', '12.3450', '1000.000', '0.125', '-0.500', '1234.567'])(
  '%s has one meaning',
  (text) => {
    expect(numberProblem(text)).toBeUndefined();
  },
);

test.each(['', '1e9', 'NaN', '.5', '5.', '+5', '1 000', '12.34.567', '１２'])('%j is refused', (text) => {
  expect(numberProblem(text)?.description).toBe(
    'must be a number such as 120.5, with a point and without separators',
  );
});

test('every spelling that a refusal proposes is accepted, and two proposals differ', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789.,'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(digits, (text) => {
      const problem = numberProblem(text);
      const written = / (?:write|written) ([^,]+)/.exec(problem?.description ?? '')?.[1];
      if (written === undefined) return;
      const proposals = written.split(' or ');
      for (const one of proposals) expect(numberProblem(one), `${text}: ${one}`).toBeUndefined();
      expect(new Set(proposals.map(Number)).size).toBe(proposals.length);
    }),
    { numRuns: 1_000 },
  );
});

test('the violation names the field and both readings', () => {
  const area = dataField('area_m2', DataType.NUMBER, { label: 'Diện tích', message: 'Diện tích chưa đúng' });
  const fee = dataField('fee', DataType.MONEY, { label: 'Số tiền' });
  const read = (field: DataField, text: string) => {
    const result = parseData([field], { [field.key]: text });
    return result.ok ? result.value : result.refusal.violations;
  };
  expect(read(area, '1.000')).toEqual([
    {
      field: 'data.area_m2',
      reason: 'DATA_NUMBER_AMBIGUOUS',
      description:
        '"Diện tích": "1.000" đọc được theo hai cách: ghi 1000 hay 1.0? / can be read in two ways: write 1000 or 1.0',
    },
  ]);
  expect(read(fee, '1.000')).toMatchObject([
    { field: 'data.fee', reason: 'DATA_NUMBER_AMBIGUOUS', description: expect.stringMatching(/1000 or 1$/) },
  ]);
  expect(read(fee, '75.000')).toMatchObject([{ description: expect.stringMatching(/75000 or 75$/) }]);
  expect(read(fee, '1.234.567')).toMatchObject([
    { reason: 'DATA_NOT_INTEGER', description: 'must be written 1234567, without separators' },
  ]);
  expect(read(fee, '75000')).toEqual({ fee: '75000' });
});

test('a whole number is never taken for another by its separators', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789.,'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(digits, fc.constantFrom(DataType.INTEGER, DataType.MONEY), (text, type) => {
      const kept = parseData([dataField('n', type)], { n: text });
      expect(kept.ok).toBe(/^\d+$/.test(text));
    }),
    { numRuns: 1_000 },
  );
});
