/**
 * The number of the rule by which search keys are made. A change of the rule raises it and adds a migration
 * `*_search_keys_<number>.sql` to every service that stores keys; a test of the kit compares both.
 */
export const SEARCH_KEY_RULE = 2;

/**
 * Letters with a stroke, hook or tail that Unicode does not decompose: of Vietnamese (đ) and of the alphabets of its
 * minorities (Ê Đê, Gia Rai, Ba Na, Mnông, Cơ Ho, Xơ Đăng, Chăm, Thái, Mông), with the look-alikes that keyboards give.
 */
const FOLDED: Readonly<Record<string, string>> = {
  đ: 'd',
  ð: 'd',
  ɖ: 'd',
  ɗ: 'd',
  ƀ: 'b',
  ɓ: 'b',
  ƈ: 'c',
  ǥ: 'g',
  ɠ: 'g',
  ħ: 'h',
  ı: 'i',
  ɨ: 'i',
  ȷ: 'j',
  ɉ: 'j',
  ƙ: 'k',
  ł: 'l',
  ƚ: 'l',
  ŋ: 'ng',
  ɲ: 'nh',
  ɔ: 'o',
  ø: 'o',
  ɵ: 'o',
  ƥ: 'p',
  ŧ: 't',
  ƭ: 't',
  ʉ: 'u',
  ƴ: 'y',
  æ: 'ae',
  œ: 'oe',
  ə: 'e',
  ɛ: 'e',
  ς: 'σ',
};
const UNDECOMPOSED = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'gu');

/** Modifier letters that stand for an apostrophe, as in "Rʼlấp": Unicode counts them as letters. */
const MODIFIERS = /[\u02b9-\u02bf\u02c8\ua78b\ua78c]/gu;

/**
 * The key under which a name or text is found whatever marks, case or Unicode form it is typed in: "Hòa", "Hoà" and
 * "hoa" all give "hoa". Words of letters and digits with one space between; an apostrophe separates: "R'lấp" gives
 * "r lap".
 */
export function searchKey(text: string): string {
  return text
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(UNDECOMPOSED, (letter) => FOLDED[letter] as string)
    .replace(MODIFIERS, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const PRESYLLABLE = /(?<![^ ])([b-df-hj-np-tv-xz]) (?=([a-z][^ ]*))/g;

/**
 * The words of a text for an index of words, each once: those of its key, and each presyllable of one consonant joined
 * with the word that follows, so that "R'lấp" is found by "r lap" and by "rlap". Several consonants in a row are joined
 * all together and in pairs: the first of "B R'lấp" is a word of its own. Separated by spaces.
 */
export function searchWords(text: string): string {
  const key = searchKey(text);
  const joined = key.replace(PRESYLLABLE, '$1');
  const pairs = Array.from(key.matchAll(PRESYLLABLE), ([, consonant, next]) => `${consonant}${next}`);
  return [...new Set([...key.split(' '), ...joined.split(' '), ...pairs])].join(' ');
}

/** Length in characters as a reader counts code points, of the NFC form. */
export const characters = (text: string): number => {
  let n = 0;
  for (const _ of text.normalize('NFC')) n += 1;
  return n;
};

/**
 * The words of a query, as a tsquery: each must begin a word of `searchWords`. Words are letters and digits only, so
 * that nothing of the query language gets in. Undefined when there is none.
 */
export function wordQuery(text: string): string | undefined {
  const words = searchKey(text)
    .split(' ')
    .filter((word) => word !== '');
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ');
}
