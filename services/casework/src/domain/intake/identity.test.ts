import { IdentityKind } from '@lienthong/contracts/casework';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalIdentity, wrongIdentity } from './identity.ts';

const { UNSPECIFIED, PERSONAL_NUMBER, PASSPORT, ENTERPRISE_NUMBER, RESIDENCE_CARD, OTHER } = IdentityKind;

test.each([
  [PERSONAL_NUMBER, '086190000001'],
  [PERSONAL_NUMBER, '086 190 000 001'],
  [PASSPORT, 'c1234567'],
  [ENTERPRISE_NUMBER, '0100109106'],
  [ENTERPRISE_NUMBER, '0100109106-001'],
  [RESIDENCE_CARD, 'LD-123456'],
  [OTHER, '12/QĐ-UBND'],
  [UNSPECIFIED, ''],
  [UNSPECIFIED, 'bất kỳ'],
])('a number of kind %i may be %s', (kind, number) => expect(wrongIdentity(kind, number)).toBeUndefined());

test.each([
  [PERSONAL_NUMBER, '08619000000'],
  [PERSONAL_NUMBER, '0861900000012'],
  [PERSONAL_NUMBER, '08619000000A'],
  [PERSONAL_NUMBER, '331234567'],
  [PASSPORT, 'C12'],
  [PASSPORT, 'C1234567!'],
  [ENTERPRISE_NUMBER, '01001091'],
  [ENTERPRISE_NUMBER, '0100109106-01'],
  [RESIDENCE_CARD, ''],
  [OTHER, ' - '],
])('a number of kind %i may not be %s', (kind, number) => expect(wrongIdentity(kind, number)).toMatch(/\S/));

test('however a number is written, it is compared as one', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9A-Z]{1,15}$/),
      fc.array(fc.constantFrom(' ', '.', '-', '–', '\u00a0'), { maxLength: 15 }),
      (number, between) => {
        const written = [...number].map((one, i) => `${one}${between[i] ?? ''}`).join('');
        expect(canonicalIdentity(written.toLowerCase())).toBe(number);
        expect(canonicalIdentity(number)).toBe(number);
      },
    ),
  );
});
