const NUMBERED_UNIT = /(?<!\p{L})(xã|phường|thị trấn|quận|khu phố|ấp|tổ)(\s+\d)/gu;

/** With a capital as its first letter. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);

/**
 * A name as people read it (NĐ 30/2020/NĐ-CP, phụ lục II). A unit that a number names has a capital: "Ủy ban nhân dân
 * Phường 9", but "Ủy ban nhân dân phường Long Châu".
 */
export const properName = (name: string): string =>
  name
    .normalize('NFC')
    .trim()
    .replace(NUMBERED_UNIT, (_, kind: string, number: string) => capital(kind) + number);
