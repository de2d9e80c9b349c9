import { Tier } from '@lienthong/contracts/directory';
import { agencyBook } from '@lienthong/reference-data';
import { type agency, ended, moved } from '@lienthong/reference-data/testing';
import { ancestor, handOver, holderOf, intake, named, sequence, step } from '@lienthong/workflow/testing';
import { describe, expect, test } from 'vitest';
import { procedure } from '../../../test/support/procedures.ts';
import { completing, createScenario, type Scenario, vn } from '../../../test/support/scenario.ts';
import { remainingRoute, routeTo } from './route.ts';

const MERGED = '2026-02-01';
const district = procedure(sequence('q', step('mot'), step('hai', { performer: ancestor(Tier.DISTRICT) })));

/** Lodged in January; then the district ends, the commune comes under the province, and it is February. */
function abolished(successor: (at: Scenario) => string | undefined): Scenario {
  const at = createScenario([district]);
  at.lodge(district);
  const { province, commune } = at.province;
  const agencies = agencyBook();
  for (const { agency: one } of Object.values(at.province)) agencies.put(one);
  agencies.put(ended(at.province.district.agency, MERGED, successor(at)));
  agencies.put(moved(commune.agency, MERGED, province.agency.id));
  at.world.agencies = agencies;
  at.now = vn(`${MERGED} 08:00`);
  return at;
}

describe('an abolished tier', () => {
  test('is performed by the successor of its agency', () => {
    const at = abolished((of) => of.province.otherCommune.agency.id);
    at.complete('mot');
    expect(at.task('hai').agency.agencyId).toBe(at.province.otherCommune.agency.id);
  });
  test('is performed by the next tier up without a successor', () => {
    const at = abolished(() => undefined);
    at.complete('mot');
    expect(at.task('hai').agency.agencyId).toBe(at.province.province.agency.id);
  });
  test('that never existed has no performer', () => {
    const ministry = procedure(
      sequence('q', step('mot'), step('hai', { performer: ancestor(Tier.MINISTRY) })),
    );
    const at = createScenario([ministry]);
    at.lodge(ministry);
    expect(at.refusal(at.province.commune.officer, { ...completing(), taskNumber: 1 })).toMatchObject({
      reason: 'PERFORMER_UNKNOWN',
      metadata: { block: 'hai', performer: `ancestor:${Tier.MINISTRY}` },
    });
  });
});

test('a named agency, a function, the intake agency', () => {
  const province = createScenario([]).province;
  const given = procedure(
    sequence(
      'q',
      step('mot', { performer: named(province.finance.agency.id) }),
      step('hai', { performer: holderOf('land') }),
      step('ba', { performer: intake }),
    ),
  );
  const at = createScenario([given], province);
  at.lodge(given);
  expect(at.task('mot')).toMatchObject({ agency: { code: 'H61.STC' }, byFunction: '' });
  at.complete('mot');
  expect(at.task('hai')).toMatchObject({ agency: { code: 'H61.STNMT' }, byFunction: 'land' });
  at.complete('hai');
  expect(at.task('ba').agency.code).toBe('H61.855.29542');
});

describe('the route of a hand-over', () => {
  const at = createScenario([]);
  const { province, commune, otherCommune, district: middle, land } = at.province;
  const id = (of: typeof province) => of.agency.id;
  const way = (from: typeof province, to: typeof province) =>
    routeTo(at.world.agencies, id(from), id(to), '2026-01-15');
  test.each([
    ['up', commune, province, [middle, province]],
    ['down', province, commune, [middle, commune]],
    ['across', commune, otherCommune, [otherCommune]],
    ['to a department', commune, land, [land]],
    ['to itself', commune, commune, []],
  ] as const)('%s', (_, from, to, expected) => expect(way(from, to)).toEqual(expected.map(id)));

  const date = '2026-02-01';
  const merged = (...changes: ReturnType<typeof agency>[]) => {
    const agencies = agencyBook();
    for (const { agency: one } of Object.values(at.province)) agencies.put(one);
    for (const one of changes) agencies.put(one);
    return agencies;
  };
  test('skips agencies that have ended, and goes to the successor of the destination', () => {
    const onward = [id(middle), id(province)];
    expect(remainingRoute(merged(ended(middle.agency, date)), id(commune), onward, date)).toEqual([
      id(province),
    ]);
    expect(remainingRoute(merged(ended(middle.agency, date, id(land))), id(commune), onward, date)).toEqual([
      id(land),
      id(province),
    ]);
    // The successor may itself be the next on the route, or the present holder.
    expect(
      remainingRoute(merged(ended(middle.agency, date, id(province))), id(commune), onward, date),
    ).toEqual([id(province)]);
    expect(
      remainingRoute(merged(ended(province.agency, date, id(commune))), id(commune), [id(province)], date),
    ).toEqual([]);
  });
  test('does not exist when the destination has no successor', () =>
    expect(
      remainingRoute(merged(ended(province.agency, date)), id(commune), [id(province)], date),
    ).toBeUndefined());
  test('a hand-over under way is refused then, and nothing changes', () => {
    const given = procedure(sequence('q', handOver('len', ancestor(Tier.PROVINCE))));
    const here = createScenario([given], at.province);
    here.lodge(given);
    here.world.agencies = merged(ended(province.agency, date));
    here.now = vn(`${date} 08:00`);
    expect(here.refusal(middle.officer, { ...completing(), taskNumber: 1 })).toMatchObject({
      reason: 'PERFORMER_UNKNOWN',
      metadata: { block: 'len' },
    });
  });
});
