/** The units of addresses, by their code. */
import { type Agency, Tier } from '@lienthong/contracts/directory';
import {
  type AgencyRegister,
  codeAt,
  currentHolder,
  DEFAULT_SCHEME,
  hasEnded,
  resolveCode,
  tierAt,
} from '@lienthong/reference-data';
import type { UnitOf } from '@lienthong/workflow';

const TERRITORIAL: ReadonlySet<Tier> = new Set([Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE]);

/**
 * A code in force at the date stays. One that was in force before becomes the code of the unit that took over; when the
 * unit was divided, only its people know which of the new ones is meant: DATA_UNIT_DIVIDED, DATA_UNIT_UNKNOWN.
 */
export const unitFinder =
  (register: AgencyRegister, today: string): UnitOf =>
  (given) => {
    const resolution = resolveCode(register, DEFAULT_SCHEME, given, today);
    const units = 'found' in resolution ? successorsOf(resolution.found) : [];
    const codes = [...new Set(units.filter(isTerritorial).map((unit) => codeAt(unit, today)))].sort();
    const [code] = codes;
    if (code === undefined) {
      const description = 'is not the code of a commune, district or province that is or was in force';
      return { reason: 'DATA_UNIT_UNKNOWN', description };
    }
    if (codes.length === 1) return { code };
    const description = `is the code of a unit that was divided; give the code of one of its successors: ${codes.join(', ')}`;
    return { reason: 'DATA_UNIT_DIVIDED', description };

    function isTerritorial(unit: Agency): boolean {
      return TERRITORIAL.has(tierAt(unit, today));
    }

    /** Itself while it is there, else everyone who took over a part of it, however late. */
    function successorsOf(unit: Agency): Agency[] {
      if (!hasEnded(unit, today)) return [unit];
      return unit.successors.flatMap(({ successorId }) => currentHolder(register, successorId, today) ?? []);
    }
  };
