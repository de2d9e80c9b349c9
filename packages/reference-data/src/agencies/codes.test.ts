import { Agency } from '@lienthong/contracts/directory';
import { describe, expect, test } from 'vitest';
import { agency, ended } from '../testing.ts';
import { codeAt, nameAt, partyAt } from './agency.ts';
import { agencyBook } from './book.ts';
import { resolveCode } from './codes.ts';

const renamed = Agency.fromPartial({
  id: 'renamed',
  identifiers: [
    { code: { scheme: 'TT10', code: '000.00.14.H61' } },
    { code: { scheme: 'QD20', code: 'H61.OLD' }, validTo: '2020-01-01' },
    { code: { scheme: 'QD20', code: 'H61.NEW' }, validFrom: '2020-01-01' },
  ],
  names: [
    { name: 'Sở cũ', validTo: '2020-01-01' },
    { name: 'Sở mới', validFrom: '2020-01-01' },
  ],
  version: 1n,
});

// Xã Mới has the code that Xã Cũ had.
const last = agency({ id: 'last', code: 'H61.1', name: 'Xã Mới', establishedOn: '2025-07-01' });
const first = ended(agency({ id: 'first', code: 'H61.1', name: 'Xã Cũ' }), '2020-01-01', 'last');

function book(...agencies: Agency[]) {
  const all = agencyBook();
  for (const one of agencies) all.put(one);
  return all;
}
const register = book(renamed, last, first);
const found = (code: string, date: string, scheme = '') => {
  const resolution = resolveCode(register, scheme, code, date);
  return 'found' in resolution ? resolution.found.id : resolution.reason;
};

describe('a code at a date', () => {
  test.each([
    ['H61.1', '2019-12-31', 'first'],
    ['H61.1', '2020-01-01', 'first'],
    ['H61.1', '2025-06-30', 'first'],
    ['H61.1', '2025-07-01', 'last'],
    ['H61.OLD', '2019-12-31', 'renamed'],
    ['H61.OLD', '2020-01-01', 'renamed'],
    ['H61.NEW', '2019-12-31', 'CODE_NOT_VALID_AT_DATE'],
    ['H61.9', '2020-01-01', 'CODE_UNKNOWN'],
  ])('%s on %s is %s', (code, date, expected) => {
    expect(found(code, date)).toBe(expected);
  });

  test('in another scheme', () => {
    expect(found('000.00.14.H61', '2020-01-01', 'TT10')).toBe('renamed');
    expect(found('000.00.14.H61', '2020-01-01')).toBe('CODE_UNKNOWN');
  });

  test('that two agencies have is ambiguous', () => {
    const twins = book(
      agency({ id: 'a', code: 'H61.1', name: 'A' }),
      agency({ id: 'b', code: 'H61.1', name: 'B' }),
    );
    expect(resolveCode(twins, '', 'H61.1', '2026-01-01')).toEqual({ reason: 'CODE_AMBIGUOUS' });
  });
});

test('names and codes at a date; after the end the last ones', () => {
  expect([nameAt(renamed, '2019-01-01'), nameAt(renamed, '2020-01-01')]).toEqual(['Sở cũ', 'Sở mới']);
  expect([codeAt(renamed, '2019-01-01'), codeAt(renamed, '2026-01-01')]).toEqual(['H61.OLD', 'H61.NEW']);
  expect(nameAt(first, '2026-01-01')).toBe('Xã Cũ');
  expect(nameAt(last, '2017-01-01')).toBe('Xã Mới');
  expect(partyAt(renamed, '2019-12-31')).toEqual({ agencyId: 'renamed', name: 'Sở cũ', code: 'H61.OLD' });
});

test('a newer version takes the place of an older one, never the other way', () => {
  const one = book(renamed);
  const newer = Agency.fromPartial({ ...renamed, identifiers: [], version: 2n });
  one.put(newer);
  one.put(renamed);
  expect(one.get('renamed')?.version).toBe(2n);
  expect([...one.codeHolders('', 'H61.NEW')]).toEqual([]);
});
