import { readFileSync } from 'node:fs';
import {
  type AgencyRef,
  type DeepPartial,
  type ImportLine,
  type ReorganisationPart,
  Tier,
} from '@lienthong/contracts/directory';
import { parse } from 'csv-parse/sync';

export const MARCH = '2025-03-01';
export const JULY = '2025-07-01';

export interface Unit {
  gso_code: string;
  name: string;
  type: string;
  tier: 'province' | 'district' | 'commune';
  parent_gso_code: string;
  valid_from: string;
  valid_to: string;
}

interface Row {
  predecessor_gso_code: string;
  successor_gso_code: string;
  extent: 'whole' | 'part' | 'unchanged';
}

interface Department {
  code_suffix: string;
  name: string;
  functions: string;
  valid_from: string;
  valid_to: string;
  succeeded_by: string;
}

const read = <R>(file: string): R[] =>
  parse(readFileSync(new URL(`../../../../packages/sample-data/data/${file}`, import.meta.url)), {
    columns: true,
    trim: true,
  });

const units = read<Unit>('units.csv');
export const oldUnits = units.filter((unit) => unit.valid_to === JULY);
export const newUnits = units.filter((unit) => unit.valid_from === JULY);
export const successions = read<Row>('succession.csv');
export const departments = read<Department>('departments.csv');

const tiers = { province: Tier.PROVINCE, district: Tier.DISTRICT, commune: Tier.COMMUNE };
const PROVINCE_CODES: Record<string, string> = { '83': 'H07', '84': 'H59', '86': 'H61' };
export const qd20 = (code: string) => ({ scheme: 'QD20', code });
export const gso = (code: string) => ({ scheme: 'GSO', code });

/** The derived code of a unit: its province's, and below it its statistical code. */
function qd20Of(unit: Unit): string {
  if (unit.tier === 'province') return PROVINCE_CODES[unit.gso_code] ?? '';
  const tree = unit.valid_from === JULY ? newUnits : oldUnits;
  const above = tree.find((other) => other.gso_code === unit.parent_gso_code);
  if (!above) throw new Error(`unit ${unit.gso_code} has no parent`);
  return `${qd20Of(above).slice(0, 3)}.${unit.gso_code}`;
}

const codesOf = (unit: Unit) => [qd20(qd20Of(unit)), gso(unit.gso_code)];
const byCode = (code: { scheme: string; code: string }): AgencyRef => ({
  ref: { $case: 'code', value: code },
});
const byKey = (key: string): AgencyRef => ({ ref: { $case: 'key', value: key } });
const functionsOf = (department: Department) => department.functions.split(';');

/** The old tree with its departments, children before parents. */
export function oldTree(): DeepPartial<ImportLine>[] {
  const bodies = departments
    .filter((department) => department.valid_from === '')
    .map((department) => ({
      codes: [qd20(`H61.${department.code_suffix}`)],
      name: department.name,
      tier: Tier.DEPARTMENT,
      parent: byKey('86'),
      functions: functionsOf(department),
    }));
  const committees = oldUnits.toReversed().map((unit) => ({
    key: unit.gso_code,
    codes: codesOf(unit),
    name: unit.name,
    kind: unit.type,
    tier: tiers[unit.tier],
    parent: unit.parent_gso_code === '' ? undefined : byKey(unit.parent_gso_code),
  }));
  return [...bodies, ...committees];
}

type Part = DeepPartial<ReorganisationPart>;

/** Departments merged on 2025-03-01; one of them is split. */
export function departmentMerges(): Part[] {
  const fresh = departments.filter((d) => d.valid_from === MARCH);
  const ref = (suffix: string): AgencyRef =>
    fresh.some((d) => d.code_suffix === suffix) ? byKey(suffix) : byCode(qd20(`H61.${suffix}`));
  const parts = fresh.map((department): Part => {
    const value = {
      key: department.code_suffix,
      codes: [qd20(`H61.${department.code_suffix}`)],
      name: department.name,
      tier: Tier.DEPARTMENT,
      parent: byCode(qd20('H61')),
      functions: functionsOf(department),
    };
    return { part: { $case: 'establish', value } };
  });
  for (const department of departments.filter((d) => d.succeeded_by !== '')) {
    const [main = '', ...others] = department.succeeded_by.split('|');
    const predecessor = ref(department.code_suffix);
    if (others.length === 0) {
      parts.push({ part: { $case: 'merge', value: { predecessors: [predecessor], successor: ref(main) } } });
      continue;
    }
    const held = (suffix: string) => departments.filter((d) => d.code_suffix === suffix).flatMap(functionsOf);
    const successors = [
      { agency: ref(main), main: true },
      ...others.map((other) => ({
        agency: ref(other),
        functions: functionsOf(department).filter((name) => held(other).includes(name)),
      })),
    ];
    parts.push({ part: { $case: 'split', value: { predecessor, successors } } });
  }
  return parts;
}

/** Three provinces become one, 354 communes become 124, and districts end, on 2025-07-01. */
export function provinceMerge(): Part[] {
  const unchanged = new Set(
    successions.filter((s) => s.extent === 'unchanged').map((s) => s.successor_gso_code),
  );
  const parts: Part[] = [];
  for (const unit of newUnits) {
    const parent = unit.tier === 'province' ? undefined : byKey('86');
    if (unchanged.has(unit.gso_code)) {
      const agency = byCode(gso(unit.gso_code));
      parts.push({ part: { $case: 'move', value: { agency, parent } } });
      parts.push({ part: { $case: 'update', value: { agency, codes: [qd20(qd20Of(unit))] } } });
      const before = oldUnits.find((old) => old.gso_code === unit.gso_code);
      if (before?.name !== unit.name) {
        parts.push({ part: { $case: 'rename', value: { agency, name: unit.name, kind: unit.type } } });
      }
      continue;
    }
    const value = {
      key: unit.gso_code,
      codes: codesOf(unit),
      name: unit.name,
      kind: unit.type,
      tier: tiers[unit.tier],
      parent,
    };
    parts.push({ part: { $case: 'establish', value } });
  }
  for (const row of successions.filter((s) => s.extent === 'whole')) {
    const value = {
      predecessors: [byCode(gso(row.predecessor_gso_code))],
      successor: byKey(row.successor_gso_code),
    };
    parts.push({ part: { $case: 'merge', value } });
  }
  const split = Map.groupBy(
    successions.filter((s) => s.extent === 'part'),
    (s) => s.predecessor_gso_code,
  );
  for (const [predecessor, rows] of split) {
    const kept = Math.max(
      0,
      rows.findIndex((row) => row.successor_gso_code === predecessor),
    );
    const successors = rows.map((row, i) => ({ agency: byKey(row.successor_gso_code), main: i === kept }));
    parts.push({ part: { $case: 'split', value: { predecessor: byCode(gso(predecessor)), successors } } });
  }
  for (const unit of oldUnits.filter((u) => u.tier === 'district')) {
    parts.push({ part: { $case: 'end', value: { agency: byCode(gso(unit.gso_code)) } } });
  }
  for (const department of departments.filter((d) => d.valid_to === '')) {
    const agency = byCode(qd20(`H61.${department.code_suffix}`));
    parts.push({ part: { $case: 'move', value: { agency, parent: byKey('86') } } });
  }
  return parts;
}
