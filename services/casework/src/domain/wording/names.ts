/** How the names of agencies and administrative units are written (NĐ 30/2020/NĐ-CP, phụ lục II). */

const PEOPLES_COMMITTEE = /^ủy ban nhân dân\s+/iu;
const NUMBERED_UNIT = /(?<!\p{L})(xã|phường|thị trấn|quận|khu phố|ấp|tổ)(\s+\d)/gu;
const UNIT_WITH_OWN_NAME = /^(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh)\s+(?=\D)/iu;

/** With a capital as its first letter. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);

/** A unit that a number names has a capital: "Ủy ban nhân dân Phường 9", but "Ủy ban nhân dân phường Long Châu". */
export const properName = (name: string): string =>
  name
    .normalize('NFC')
    .trim()
    .replace(NUMBERED_UNIT, (_, kind: string, number: string) => capital(kind) + number);

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
