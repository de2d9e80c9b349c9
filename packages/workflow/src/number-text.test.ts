import { DataType } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
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

test('the violation names both readings', () => {
  const fields = [{ key: 'area_m2', label: 'Diện tích', type: DataType.NUMBER, required: true }];
  expect(parseData(fields, { area_m2: '1.000' })).toMatchObject({
    refusal: {
      violations: [{ field: 'data.area_m2', description: 'can be read in two ways: write 1000 or 1.0' }],
    },
  });
});
