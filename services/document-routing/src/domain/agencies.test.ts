import { Agency } from '@lienthong/contracts/directory';
import { describe, expect, test } from 'vitest';
import { agency, ended } from '../../test/support/agencies.ts';
import { codeAt, currentHolder, line, nameAt, resolveCode, standsFor, standsForAll } from './agencies.ts';
import { agencyBook } from './agency-register.ts';

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

// Xã Cũ ended into Xã Giữa, which ended into Xã Mới; Xã Mới has the code of Xã Cũ.
const last = agency({ id: 'last', code: 'H61.1', name: 'Xã Mới', establishedOn: '2025-07-01' });
const middle = ended(agency({ id: 'middle', code: 'H61.2', name: 'Xã Giữa' }), '2025-07-01', 'last');
const first = ended(agency({ id: 'first', code: 'H61.1', name: 'Xã Cũ' }), '2020-01-01', 'middle');
const gone = ended(agency({ id: 'gone', code: 'H61.3', name: 'Huyện' }), '2025-07-01');

function book(...agencies: Agency[]) {
  const all = agencyBook();
  for (const one of agencies) all.put(one);
  return all;
}
const register = book(renamed, last, middle, first, gone);
const found = (code: string, date: string, scheme = '') => {
  const resolution = resolveCode(register, scheme, code, date);
  return 'found' in resolution ? resolution.found.id : resolution.reason;
};

describe('a code at a date', () => {
  test.each([
    ['H61.1', '2019-12-31', 'first'],
    ['H61.1', '2020-01-01', 'CODE_NOT_VALID_AT_DATE'],
    ['H61.1', '2025-06-30', 'CODE_NOT_VALID_AT_DATE'],
    ['H61.1', '2025-07-01', 'last'],
    ['H61.OLD', '2019-12-31', 'renamed'],
    ['H61.OLD', '2020-01-01', 'CODE_NOT_VALID_AT_DATE'],
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
});

test('the work passes to the main successor, and on, once each has ended', () => {
  const holder = (id: string, date: string) => currentHolder(register, id, date)?.id;
  expect(holder('first', '2019-12-31')).toBe('first');
  expect(holder('first', '2020-01-01')).toBe('middle');
  expect(holder('first', '2025-07-01')).toBe('last');
  expect(holder('gone', '2025-06-30')).toBe('gone');
  expect(holder('gone', '2025-07-01')).toBeUndefined();
  expect(line(register, 'first', '2026-01-01').map((one) => one.id)).toEqual(['first', 'middle', 'last']);
});

test('successions that run in a circle end', () => {
  const circle = book(
    ended(agency({ id: 'a', code: 'A', name: 'A' }), '2020-01-01', 'b'),
    ended(agency({ id: 'b', code: 'B', name: 'B' }), '2020-01-01', 'a'),
  );
  expect(currentHolder(circle, 'a', '2026-01-01')).toBeUndefined();
  expect(standsForAll(circle, 'a', '2026-01-01')).toEqual(['a', 'b']);
});

test('a successor stands for its predecessors from their end on', () => {
  expect(standsFor(register, 'last', 'first', '2026-01-01')).toBe(true);
  expect(standsFor(register, 'last', 'first', '2025-06-30')).toBe(false);
  expect(standsFor(register, 'first', 'last', '2026-01-01')).toBe(false);
  expect(standsForAll(register, 'last', '2026-01-01')).toEqual(['last', 'middle', 'first']);
  expect(standsForAll(register, 'last', '2025-06-30')).toEqual(['last']);
});

test('a newer version takes the place of an older one, never the other way', () => {
  const one = book(renamed);
  const newer = Agency.fromPartial({ ...renamed, identifiers: [], version: 2n });
  one.put(newer);
  one.put(renamed);
  expect(one.get('renamed')?.version).toBe(2n);
  expect(one.holdings('', 'H61.NEW')).toEqual([]);
});
