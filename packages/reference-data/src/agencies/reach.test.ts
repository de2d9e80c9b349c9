import { Tier } from '@lienthong/contracts/directory';
import type { Performer } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agency, ended } from '../testing.ts';
import { agencyBook } from './book.ts';
import { competentFor, performerAt, receiversBetween } from './performer.ts';
import { reachableFrom } from './reach.ts';

const DAY = '2025-07-01';
const TIERS = [Tier.PROVINCE, Tier.DEPARTMENT, Tier.DISTRICT, Tier.COMMUNE];
const FUNCTIONS = ['land', 'tax'];
const IDS = Array.from({ length: 12 }, (_, n) => `a${n}`);

/** Agencies under one another in any way, also in circles, some of them ended. */
const agencies = fc.tuple(
  ...IDS.map((id) =>
    fc
      .record({
        parentId: fc.constantFrom('', ...IDS),
        tier: fc.constantFrom(...TIERS),
        functions: fc.subarray(FUNCTIONS),
        successor: fc.option(fc.constantFrom(...IDS), { freq: 3 }),
      })
      .map(({ successor, ...more }) => {
        const one = agency({ id, code: `H61.${id}`, name: `Sở ${id}`, ...more });
        return successor === null ? one : ended(one, DAY, successor);
      }),
  ),
);
const performers = fc.constantFrom<Performer['performer'][]>(
  { $case: 'intake', value: {} },
  { $case: 'competent', value: {} },
  ...TIERS.flatMap((value) => [
    { $case: 'ancestor' as const, value },
    { $case: 'competentAncestor' as const, value },
  ]),
  ...FUNCTIONS.flatMap((value) => [
    { $case: 'function' as const, value },
    { $case: 'competentFunction' as const, value },
  ]),
);

test('relations mean the same among the reachable agencies as among all, however many follow one another', () => {
  const chains = fc.array(fc.tuple(performers, performers), { minLength: 1, maxLength: 5 });
  const dates = fc.constantFrom('2025-06-30', DAY);
  fc.assert(
    fc.property(agencies, chains, dates, (all, relations, date) => {
      const [register, part] = [agencyBook(), agencyBook()];
      for (const one of all) register.put(one);
      for (const one of reachableFrom(register, ['a0', 'unknown'], date)) part.put(one);
      let intakeId = 'a0';
      for (const [executing, relation] of relations) {
        const [competent, inPart] = [register, part].map((book) =>
          competentFor(book, { performer: executing }, intakeId, date),
        );
        expect(inPart).toEqual(competent);
        const of = { intakeId, competentId: competent?.id ?? intakeId };
        const [performer, other] = [register, part].map((book) =>
          performerAt(book, { performer: relation }, of, date),
        );
        expect(other).toEqual(performer);
        const next = performer?.id ?? intakeId;
        expect(receiversBetween(part, intakeId, next, date)).toEqual(
          receiversBetween(register, intakeId, next, date),
        );
        intakeId = next;
      }
    }),
    { numRuns: 2_000 },
  );
});

test('only what can be reached is there', () => {
  const register = agencyBook();
  const body = (id: string, tier: Tier, parentId = '') =>
    agency({ id, code: `H61.${id}`, name: id, tier, parentId });
  register.put(body('province', Tier.PROVINCE));
  register.put(body('department', Tier.DEPARTMENT, 'province'));
  register.put(body('commune', Tier.COMMUNE, 'province'));
  register.put(body('neighbour', Tier.COMMUNE, 'province'));
  register.put(ended(body('former', Tier.COMMUNE, 'province'), DAY, 'commune'));
  const ids = (from: string[]) =>
    reachableFrom(register, from, DAY)
      .map(({ id }) => id)
      .sort();
  expect(ids(['commune'])).toEqual(['commune', 'department', 'province']);
  expect(ids(['former'])).toEqual(['commune', 'department', 'former', 'province']);
  expect(ids(['unknown'])).toEqual([]);
});
