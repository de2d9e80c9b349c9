import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/** One administrative unit as the statistics office lists it; dates are YYYY-MM-DD, `valid_to` exclusive. */
export interface Unit {
  gso_code: string;
  name: string;
  type: string;
  tier: 'province' | 'district' | 'commune';
  parent_gso_code: string;
  valid_from: string;
  valid_to: string;
}

export interface SuccessionRow {
  predecessor_gso_code: string;
  successor_gso_code: string;
  extent: 'whole' | 'part' | 'unchanged';
  effective_date: string;
  legal_basis: string;
}

export interface Department {
  code_suffix: string;
  name: string;
  functions: string;
  valid_from: string;
  valid_to: string;
  succeeded_by: string;
}

const read = <Row>(file: string): Row[] =>
  parse(readFileSync(new URL(`../data/${file}`, import.meta.url)), { columns: true }) as Row[];

export const units = read<Unit>('units.csv');
export const succession = read<SuccessionRow>('succession.csv');
export const departments = read<Department>('departments.csv');

/** When the provincial departments merged, and when three provinces became one. */
export const DEPARTMENTS_MERGE = '2025-03-01';
export const PROVINCES_MERGE = '2025-07-01';

export const oldUnits = units.filter((unit) => unit.valid_from === '');
export const newUnits = units.filter((unit) => unit.valid_from === PROVINCES_MERGE);

const OLD_PROVINCE_CODES: Record<string, string> = { '86': 'H61', '83': 'H07', '84': 'H59' };
/** The province's identification code, old and new. */
export const PROVINCE_CODE = 'H61';

const byGso = new Map(oldUnits.map((unit) => [unit.gso_code, unit]));

function provinceOf(unit: Unit): string {
  return unit.tier === 'province' ? unit.gso_code : provinceOf(byGso.get(unit.parent_gso_code) as Unit);
}

/**
 * Derived agency codes: the identification codes of single communes are not published, so a unit's code is its
 * province's and its statistical code.
 */
export function oldCode(unit: Unit): string {
  const province = OLD_PROVINCE_CODES[provinceOf(unit)] as string;
  return unit.tier === 'province' ? province : `${province}.${unit.gso_code}`;
}

export const newCode = (unit: Unit): string =>
  unit.tier === 'province' ? PROVINCE_CODE : `${PROVINCE_CODE}.${unit.gso_code}`;

export const departmentCode = (department: Department): string =>
  `${PROVINCE_CODE}.${department.code_suffix}`;

/**
 * "Xã Long Hòa" → "Ủy ban nhân dân xã Long Hòa": the agency of a unit is its people's committee. A unit that a number
 * names keeps its capital: "Ủy ban nhân dân Phường 9" (NĐ 30/2020/NĐ-CP, phụ lục II).
 */
export const committeeOf = ({ name }: Unit): string =>
  `Ủy ban nhân dân ${/\s\d+$/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1)}`;
