import { expect, test } from 'vitest';
import {
  change,
  endingsOf,
  type Plan,
  toParts,
  violationsByChange,
} from '../app/src/screens/agencies/reorganisation.ts';

const plan: Plan = {
  effectiveOn: '2026-07-01',
  legalBasis: 'Nghị quyết 1',
  changes: [
    {
      ...change('merge'),
      agencies: { a: 'Xã A', b: 'Xã B' },
      isNew: true,
      name: ' Xã Mới ',
      code: 'H61.9',
      parent: { p: 'Tỉnh' },
    },
    { ...change('rename'), agencies: { c: 'Xã C' }, name: 'Xã D' },
    { ...change('end'), agencies: { e: 'Xã E' } },
  ],
};

test('changes become the parts of a request, a merger into a new agency two of them', () => {
  expect(toParts(plan)).toEqual([
    {
      establish: {
        key: 'moi-1',
        name: 'Xã Mới',
        codes: [{ code: 'H61.9' }],
        tier: 'TIER_COMMUNE',
        parent: { id: 'p' },
      },
    },
    { merge: { predecessors: [{ id: 'a' }, { id: 'b' }], successor: { key: 'moi-1' } } },
    { rename: { agency: { id: 'c' }, name: 'Xã D' } },
    { end: { agency: { id: 'e' } } },
  ]);
});

test('a violation stands at the change that its part comes from', () => {
  const at = (field: string) => ({ field, reason: 'CODE_TAKEN', description: '' });
  const violations = [at('parts[0].establish.codes[0]'), at('parts[2].rename.name'), at('legal_basis')];
  expect(violationsByChange(plan, violations).map((of) => of.map(({ field }) => field))).toEqual([
    ['parts[0].establish.codes[0]'],
    ['parts[2].rename.name'],
    [],
  ]);
});

test('agencies that end are named with the one that has their work', () => {
  expect(endingsOf(plan)).toEqual([
    { agencyId: 'a', name: 'Xã A', successor: 'Xã Mới' },
    { agencyId: 'b', name: 'Xã B', successor: 'Xã Mới' },
    { agencyId: 'e', name: 'Xã E', successor: '' },
  ]);
});
