/**
 * The key under which Vietnamese text is found whatever marks, case or Unicode form it is typed in:
 * "Hòa", "Hoà" and "hoa" all give "hoa".
 */
export function searchKey(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Length in characters as a reader counts code points, of the NFC form. */
export const characters = (text: string): number => {
  let n = 0;
  for (const _ of text.normalize('NFC')) n += 1;
  return n;
};
