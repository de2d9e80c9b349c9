import { Tier } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import { expect, test } from 'vitest';
import { agency, ended } from '../testing.ts';
import { agencyBook } from './book.ts';
import { competentFor, performerAt, receiversBetween } from './performer.ts';

const DAY = '2025-07-01';
const province = agency({ id: 'province', code: 'H61', name: 'Tỉnh', tier: Tier.PROVINCE });
const land = agency({
  id: 'land',
  code: 'H61.TN',
  name: 'Sở',
  tier: Tier.DEPARTMENT,
  parentId: 'province',
  functions: ['land'],
});
const district = agency({
  id: 'district',
  code: 'H61.2',
  name: 'Huyện',
  tier: Tier.DISTRICT,
  parentId: 'province',
});
const commune = agency({
  id: 'commune',
  code: 'H61.2.1',
  name: 'Xã',
  tier: Tier.COMMUNE,
  parentId: 'district',
});
const successor = agency({
  id: 'successor',
  code: 'H61.3',
  name: 'Xã Mới',
  tier: Tier.COMMUNE,
  parentId: 'province',
  establishedOn: DAY,
});

const register = agencyBook();
for (const one of [province, land, district, commune, successor]) register.put(one);
register.put(ended(commune, DAY, 'successor'));

const who = (performer: Performer['performer'], date: string) =>
  performerAt(register, { performer }, { intakeId: 'commune', competentId: 'other' }, date)?.id;

test('a relation to the competent agency means that one, or another from there', () => {
  const of = (performer: Performer['performer'], date = '2025-06-30') =>
    performerAt(register, { performer }, { intakeId: 'nobody', competentId: 'commune' }, date)?.id;
  expect(of({ $case: 'competent', value: {} })).toBe('commune');
  expect(of({ $case: 'competent', value: {} }, DAY)).toBe('successor');
  expect(of({ $case: 'competentAncestor', value: Tier.DISTRICT })).toBe('district');
  expect(of({ $case: 'competentAncestor', value: Tier.DISTRICT }, DAY)).toBeUndefined();
  expect(of({ $case: 'competentFunction', value: 'land' })).toBe('land');
  expect(of({ $case: 'intake', value: {} })).toBeUndefined();
  expect(of({ $case: 'function', value: 'land' })).toBeUndefined();
});

test('the executing agency decides who is competent for a territory', () => {
  const competent = (performer: Performer['performer'], date = DAY) =>
    competentFor(register, performer && { performer }, 'commune', date)?.id;
  expect(competent({ $case: 'intake', value: {} })).toBe('successor');
  expect(competent({ $case: 'function', value: 'land' })).toBe('land');
  expect(competent({ $case: 'function', value: 'justice' })).toBeUndefined();
  expect(competent({ $case: 'ancestor', value: Tier.PROVINCE })).toBe('province');
  expect(competent({ $case: 'agencyId', value: 'district' })).toBe('district');
  expect(competent(undefined)).toBe('successor');
});

test('a relation means an agency at a date; after a reorganisation its successors', () => {
  const before = '2025-06-30';
  expect(who({ $case: 'intake', value: {} }, before)).toBe('commune');
  expect(who({ $case: 'intake', value: {} }, DAY)).toBe('successor');
  expect(who({ $case: 'agencyId', value: 'commune' }, DAY)).toBe('successor');
  expect(who({ $case: 'agencyId', value: 'nobody' }, DAY)).toBeUndefined();
  expect(who({ $case: 'ancestor', value: Tier.DISTRICT }, before)).toBe('district');
  // The new commune is directly under the province.
  expect(who({ $case: 'ancestor', value: Tier.DISTRICT }, DAY)).toBeUndefined();
  expect(who({ $case: 'ancestor', value: Tier.PROVINCE }, DAY)).toBe('province');
  expect(who({ $case: 'function', value: 'land' }, DAY)).toBe('land');
  expect(who({ $case: 'function', value: 'justice' }, DAY)).toBeUndefined();
  expect(who(undefined, DAY)).toBeUndefined();
});

test('what is handed over goes through every tier between, up and down; else directly', () => {
  const between = (from: string, to: string) => receiversBetween(register, from, to, '2025-06-30');
  expect(between('commune', 'province')).toEqual(['district', 'province']);
  expect(between('province', 'commune')).toEqual(['district', 'commune']);
  expect(between('commune', 'land')).toEqual(['land']);
  expect(between('commune', 'commune')).toEqual([]);
});
