/** How the names of agencies and administrative units are written (NĐ 30/2020/NĐ-CP, phụ lục II). */
import { capital, properName } from '@lienthong/reference-data';

const PEOPLES_COMMITTEE = /^ủy ban nhân dân\s+/iu;
const UNIT_WITH_OWN_NAME = /^(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh)\s+(?=\D)/iu;

/** "xã An Bình" of "Ủy ban nhân dân xã An Bình"; undefined for other agencies. */
export const unitOfCommittee = (name: string): string | undefined =>
  PEOPLES_COMMITTEE.test(name) ? name.replace(PEOPLES_COMMITTEE, '') : undefined;

/**
 * The place a paper is issued at, from the names of the agency and those above it: "Vĩnh Long" of "Ủy ban nhân dân tỉnh
 * Vĩnh Long", "Phường 1" of "Ủy ban nhân dân phường 1". Empty when no people's committee is among them.
 */
export function placeOf(names: readonly string[]): string {
  for (const name of names) {
    const unit = unitOfCommittee(properName(name));
    if (unit !== undefined) return capital(unit.replace(UNIT_WITH_OWN_NAME, ''));
  }
  return '';
}

export const capitals = (text: string): string => text.toLocaleUpperCase('vi');
