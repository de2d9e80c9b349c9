import { Agency, Tier } from '@lienthong/contracts/directory';
import { describe, expect, test } from 'vitest';
import { agency, ended, moved } from '../testing.ts';
import { tierAt } from './agency.ts';
import { agencyBook } from './book.ts';
import { ancestorAtTier, chainUp, parentAt, responsibleFor, upwards } from './chain.ts';

const BEFORE = '2025-06-30';
const JULY = '2025-07-01';
const [PROVINCE, DEPARTMENT, DISTRICT, COMMUNE] = [
  Tier.PROVINCE,
  Tier.DEPARTMENT,
  Tier.DISTRICT,
  Tier.COMMUNE,
];

const body = (id: string, name: string, tier: Tier, parentId: string, functions: string[] = []) =>
  agency({ id, code: `H61.${id.toUpperCase()}`, name, tier, parentId, functions });
const since = (
  on: string,
  id: string,
  name: string,
  tier: Tier,
  parentId: string,
  functions: string[] = [],
) => agency({ id, code: `H61.${id.toUpperCase()}`, name, tier, parentId, functions, establishedOn: on });

// Until 30 June 2025: province > district > commune. On 1 July the district ends, a new province and a new commune
// begin, and the department goes under the new province.
const register = agencyBook();
const all = [
  ended(body('province', 'Tỉnh Vĩnh Long', PROVINCE, '', ['appeals']), JULY, 'new-province'),
  ended(body('district', 'Huyện Long Hồ', DISTRICT, 'province', ['business']), JULY),
  ended(body('land-office', 'Phòng Tài nguyên', DEPARTMENT, 'district', ['land']), JULY),
  ended(body('commune', 'Xã An Bình', COMMUNE, 'district', ['civil-status']), JULY, 'new-commune'),
  moved(body('justice', 'Sở Tư pháp', DEPARTMENT, 'province', ['records', 'land']), JULY, 'new-province'),
  moved(body('survey', 'Sở Địa chính', DEPARTMENT, 'province', ['land']), JULY, 'new-province'),
  since(JULY, 'new-province', 'Tỉnh Vĩnh Long', PROVINCE, '', ['appeals']),
  since(JULY, 'new-commune', 'Xã An Bình', COMMUNE, 'new-province', ['civil-status', 'business']),
  since(JULY, 'neighbour', 'Xã Long Hồ', COMMUNE, 'new-province', ['tax']),
];
for (const one of all) register.put(one);
const ids = (agencies: readonly Agency[] | undefined) => agencies?.map((one) => one.id);
const there = (id: string) => register.get(id) as Agency;

describe('the chain of parents at a date', () => {
  test('is another one after a reorganisation', () => {
    expect(ids(upwards(register, 'commune', BEFORE))).toEqual(['commune', 'district', 'province']);
    expect(ids(upwards(register, 'justice', BEFORE))).toEqual(['justice', 'province']);
    expect(ids(upwards(register, 'justice', JULY))).toEqual(['justice', 'new-province']);
    expect(ids(upwards(register, 'new-commune', JULY))).toEqual(['new-commune', 'new-province']);
  });

  test('is empty where the agency is not there', () => {
    expect(upwards(register, 'commune', JULY)).toEqual([]);
    expect(upwards(register, 'new-commune', BEFORE)).toEqual([]);
    expect(upwards(register, 'nobody', JULY)).toEqual([]);
  });

  test('gives parent and tier', () => {
    expect(parentAt(register, there('justice'), BEFORE)?.id).toBe('province');
    expect(parentAt(register, there('justice'), JULY)?.id).toBe('new-province');
    expect(parentAt(register, there('new-province'), JULY)).toBeUndefined();
    expect(parentAt(register, there('commune'), JULY)).toBeUndefined();
    expect(tierAt(there('commune'), BEFORE)).toBe(COMMUNE);
    expect(tierAt(there('commune'), JULY)).toBe(Tier.UNSPECIFIED);
  });

  test('ends, also while half of a reorganisation is known', () => {
    const half = agencyBook();
    half.put(body('a', 'A', DISTRICT, 'b'));
    half.put(body('b', 'B', DISTRICT, 'a'));
    expect(ids(upwards(half, 'a', JULY))).toEqual(['a', 'b']);
    expect(responsibleFor(half, 'land', 'a', JULY)).toBeUndefined();
  });
});

test('the nearest agency of a tier, the agency itself counting', () => {
  const at = (id: string, tier: Tier, date: string) => ancestorAtTier(register, id, tier, date)?.id;
  expect(at('commune', COMMUNE, BEFORE)).toBe('commune');
  expect(at('commune', DISTRICT, BEFORE)).toBe('district');
  expect(at('commune', PROVINCE, BEFORE)).toBe('province');
  expect(at('commune', DEPARTMENT, BEFORE)).toBeUndefined();
  expect(at('new-commune', DISTRICT, JULY)).toBeUndefined();
  expect(at('new-commune', PROVINCE, JULY)).toBe('new-province');
});

test('the way from one agency up to another', () => {
  expect(ids(chainUp(register, 'commune', 'province', BEFORE))).toEqual(['commune', 'district', 'province']);
  expect(ids(chainUp(register, 'commune', 'district', BEFORE))).toEqual(['commune', 'district']);
  expect(ids(chainUp(register, 'commune', 'commune', BEFORE))).toEqual(['commune']);
  expect(chainUp(register, 'province', 'commune', BEFORE)).toBeUndefined();
  expect(chainUp(register, 'commune', 'province', JULY)).toBeUndefined();
  expect(chainUp(register, 'commune', 'new-province', BEFORE)).toBeUndefined();
});

describe('who holds a function for a territory', () => {
  test.each([
    ['civil-status', 'commune', BEFORE, 'commune'],
    ['business', 'commune', BEFORE, 'district'],
    // A department of the district is nearer than one of the province.
    ['land', 'commune', BEFORE, 'land-office'],
    ['records', 'commune', BEFORE, 'justice'],
    ['appeals', 'commune', BEFORE, 'province'],
    ['records', 'land-office', BEFORE, 'justice'],
    ['land', 'land-office', BEFORE, 'land-office'],
    ['business', 'new-commune', JULY, 'new-commune'],
    // The district and its office are gone; of the departments the first by name without marks: "so dia", "so tu".
    ['land', 'new-commune', JULY, 'survey'],
    ['records', 'new-commune', JULY, 'justice'],
    // A neighbour is no department: what it holds, it holds for itself.
    ['tax', 'new-commune', JULY, undefined],
    ['tax', 'neighbour', JULY, 'neighbour'],
    ['unheard-of', 'new-commune', JULY, undefined],
    ['civil-status', 'commune', JULY, undefined],
    ['civil-status', 'new-commune', BEFORE, undefined],
  ])('%s for %s on %s: %s', (fn, territory, date, expected) => {
    expect(responsibleFor(register, fn, territory, date)?.id).toBe(expected);
  });

  test('a function counts only while it is held', () => {
    const held = agencyBook();
    const one = body('one', 'Sở', DEPARTMENT, 'top', ['land']);
    held.put(body('top', 'Tỉnh', PROVINCE, ''));
    held.put(Agency.fromPartial({ ...one, functions: [{ function: 'land', validTo: JULY }] }));
    expect(responsibleFor(held, 'land', 'top', BEFORE)?.id).toBe('one');
    expect(responsibleFor(held, 'land', 'top', JULY)).toBeUndefined();
  });

  test('the indexes follow an agency that changes', () => {
    const book = agencyBook();
    const before = body('one', 'Sở', DEPARTMENT, 'top', ['land']);
    book.put(before);
    expect([...book.children('top')]).toEqual(['one']);
    expect([...book.holders('land')]).toEqual(['one']);
    const after = body('one', 'Sở', DEPARTMENT, 'other', ['tax']);
    book.put(Agency.fromPartial({ ...after, version: 2n }));
    expect([...book.children('top'), ...book.holders('land')]).toEqual([]);
    expect([...book.children('other'), ...book.holders('tax')]).toEqual(['one', 'one']);
  });
});
