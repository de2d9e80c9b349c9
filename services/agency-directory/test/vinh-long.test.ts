import { type Agency, type ReorganiseResponse, Tier } from '@lienthong/contracts/directory';
import type { TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  departmentMerges,
  departments,
  gso,
  JULY,
  MARCH,
  newUnits,
  oldTree,
  oldUnits,
  provinceMerge,
  qd20,
  successions,
} from './support/vinh-long.ts';
import { openWorld } from './support/world.ts';

const BEFORE_JULY = '2025-06-30';

let directory: TestWorld;
let march: ReorganiseResponse;
let july: ReorganiseResponse;

const resolve = async (code: { scheme: string; code: string }, at: string): Promise<Agency> => {
  const { agency } = await directory.admin.directory.resolveCode({ code, at });
  if (!agency) throw new Error('no agency in the reply');
  return agency;
};
const nameAt = (agency: Agency, at: string) =>
  agency.names.find((n) => n.validFrom <= at && (n.validTo === '' || at < n.validTo))?.name;

function children(agencyId: string, at: string, tier: Tier = Tier.UNSPECIFIED): Promise<Agency[]> {
  return Array.fromAsync(directory.admin.children({ agencyId, at, tier, pageSize: 50 }));
}

async function communes(at: string): Promise<string[]> {
  const provinces = [...new Set(at < JULY ? ['83', '84', '86'] : ['86'])];
  const names: string[] = [];
  for (const code of provinces) {
    const province = await resolve(gso(code), at);
    const above = at < JULY ? await children(province.id, at, Tier.DISTRICT) : [province];
    for (const agency of above) {
      for (const commune of await children(agency.id, at, Tier.COMMUNE))
        names.push(nameAt(commune, at) ?? '');
    }
  }
  return names.sort();
}

beforeAll(async () => {
  directory = await openWorld();
  const { imported } = await directory.admin.importAgencies({ legalBasis: 'QĐ 19/2025/QĐ-TTg' }, oldTree());
  expect(imported).toBe(oldUnits.length + departments.filter((d) => d.valid_from === '').length);
  march = await directory.admin.directory.reorganise({
    effectiveOn: MARCH,
    legalBasis: 'NQ của HĐND tỉnh',
    parts: departmentMerges(),
  });
  july = await directory.admin.directory.reorganise({
    effectiveOn: JULY,
    legalBasis: 'NQ 202/2025/QH15, NQ 1687/NQ-UBTVQH15',
    parts: provinceMerge(),
  });
});
afterAll(() => directory.stop());

describe('the reorganisations of 2025', () => {
  test('end and establish as many agencies as the resolutions say', () => {
    expect(march.ended).toBe(departments.filter((d) => d.valid_to === MARCH).length);
    expect(march.successions.filter((s) => !s.whole)).toHaveLength(2);
    expect(Object.keys(july.established)).toHaveLength(1 + 124 - 4);
    // 345 communes whole, 5 in two parts each, 26 districts, 3 provinces.
    expect(july.ended).toBe(345 + 5 + 26 + 3);
    expect(july.successions.filter((s) => s.whole)).toHaveLength(345 + 3);
    expect(july.successions.filter((s) => !s.whole)).toHaveLength(10);
    expect(july.successions.filter((s) => s.main)).toHaveLength(345 + 3 + 5);
  });

  test('turn 354 communes into 124', async () => {
    const named = (units: typeof newUnits) =>
      units
        .filter((unit) => unit.tier === 'commune')
        .map(({ name }) => name)
        .sort();
    expect(named(oldUnits)).toHaveLength(354);
    expect(await communes(BEFORE_JULY)).toEqual(named(oldUnits));
    expect(await communes(JULY)).toEqual(named(newUnits));
    expect(await communes(JULY)).toHaveLength(124);
  });

  test('resolve every code to the unit that had it that day', async () => {
    for (const unit of oldUnits)
      expect(nameAt(await resolve(gso(unit.gso_code), BEFORE_JULY), BEFORE_JULY)).toBe(unit.name);
    for (const unit of newUnits)
      expect(nameAt(await resolve(gso(unit.gso_code), JULY), JULY)).toBe(unit.name);
    const unchanged = new Set(
      successions.filter((s) => s.extent === 'unchanged').map((s) => s.successor_gso_code),
    );
    for (const { gso_code: code } of newUnits) {
      const before = await resolve(gso(code), BEFORE_JULY);
      const after = await resolve(gso(code), JULY);
      expect(before.id === after.id, code).toBe(unchanged.has(code));
    }
  });

  test('keep the lineage of every successor', async () => {
    const bySuccessor = Map.groupBy(
      successions.filter((s) => s.extent !== 'unchanged'),
      (s) => s.successor_gso_code,
    );
    for (const [code, rows] of bySuccessor) {
      const { id } = await resolve(gso(code), JULY);
      const { agencies, successions: edges } = await directory.admin.directory.getLineage({ agencyId: id });
      expect(agencies.at(-1)?.id).toBe(id);
      const predecessors = agencies
        .slice(0, -1)
        .map((agency) => agency.identifiers.find((i) => i.code?.scheme === 'GSO')?.code?.code);
      expect(predecessors.sort()).toEqual(rows.map((s) => s.predecessor_gso_code).sort());
      expect(edges).toHaveLength(rows.length);
    }
  });

  test('move the departments that go on to the new province', async () => {
    const suffixes = departments.filter((d) => d.valid_to === '').map((d) => `H61.${d.code_suffix}`);
    const { id } = await resolve(qd20('H61'), JULY);
    const found = await children(id, JULY, Tier.DEPARTMENT);
    expect(found.map((d) => d.identifiers[0]?.code?.code).sort()).toEqual(suffixes.sort());
    const old = await resolve(qd20('H61'), BEFORE_JULY);
    expect(old.id).not.toBe(id);
    expect(await children(old.id, JULY)).toEqual([]);
    expect(await children(old.id, BEFORE_JULY, Tier.DEPARTMENT)).toHaveLength(found.length);
  });

  test('say who was responsible for land at each time', async () => {
    const responsible = async (at: string) => {
      const commune = await resolve(gso('29719'), at);
      const { agency, pathAgencyIds } = await directory.admin.directory.findResponsible({
        function: 'land',
        territoryAgencyId: commune.id,
        at,
      });
      return [agency && nameAt(agency, at), pathAgencyIds.length, pathAgencyIds.at(-1) === agency?.id];
    };
    // Commune, district, province, department; without districts one step less.
    expect(await responsible('2025-02-28')).toEqual(['Sở Tài nguyên và Môi trường', 4, true]);
    expect(await responsible(MARCH)).toEqual(['Sở Nông nghiệp và Môi trường', 4, true]);
    expect(await responsible(JULY)).toEqual(['Sở Nông nghiệp và Môi trường', 3, true]);
  });

  test('leave the split department its main successor and the rule for the rest', async () => {
    const { id } = await resolve(qd20('H61.LDTBXH'), '2025-02-28');
    const { agencies } = await directory.admin.directory.getLineage({ agencyId: id });
    expect(agencies[0]?.successors.map(({ main, functions }) => [main, functions]).sort()).toEqual([
      [false, ['social-protection']],
      [true, []],
    ]);
  });
});
