import { type DeepPartial, type ImportLine, Tier } from '@lienthong/contracts/directory';
import {
  committeeOf,
  departmentCode,
  departments,
  oldCode,
  oldUnits,
  PROVINCE_CODE,
  type Unit,
} from './data.ts';

const TIERS = { province: Tier.PROVINCE, district: Tier.DISTRICT, commune: Tier.COMMUNE } as const;
export const tierOf = (unit: Unit): Tier => TIERS[unit.tier];

export const functionsOf = (list: string): string[] => list.split(';').filter((name) => name !== '');

/** The agencies as they stood before the reorganisations of 2025: three provinces and old Vĩnh Long's departments. */
export function importLines(): DeepPartial<ImportLine>[] {
  const committees = oldUnits.map((unit) => ({
    key: `unit ${unit.gso_code}`,
    codes: [{ code: oldCode(unit) }, { scheme: 'GSO', code: unit.gso_code }],
    name: committeeOf(unit),
    kind: unit.type,
    tier: tierOf(unit),
    parent: unit.parent_gso_code === '' ? undefined : key(`unit ${unit.parent_gso_code}`),
  }));
  const bodies = departments
    .filter((department) => department.valid_from === '')
    .map((department) => ({
      key: `department ${department.code_suffix}`,
      codes: [{ code: departmentCode(department) }],
      name: department.name,
      kind: department.name.split(' ')[0],
      tier: Tier.DEPARTMENT,
      parent: key(`unit ${provinceGso}`),
      functions: functionsOf(department.functions),
    }));
  return [...committees, ...bodies];
}

const provinceGso = oldUnits.find((unit) => oldCode(unit) === PROVINCE_CODE)?.gso_code as string;

export const key = (name: string) => ({ ref: { $case: 'key' as const, value: name } });
export const code = (value: string, scheme = '') => ({
  ref: { $case: 'code' as const, value: { scheme, code: value } },
});
