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

/**
 * The words looked for, as a tsquery: each must begin a word of the text's search key. Words are letters and digits
 * only, so that nothing of the query language gets in. Undefined when there is none.
 */
export function wordQuery(text: string): string | undefined {
  const words = searchKey(text)
    .split(' ')
    .filter((word) => word !== '');
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ');
}
