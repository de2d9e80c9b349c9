/** The encoding and parts of a text as SMS (3GPP TS 23.038 and 23.040). */
export interface SmsSize {
  /** gsm7: 160 characters, or 153 in each of several parts; ucs2: 70, or 67. */
  encoding: 'gsm7' | 'ucs2';
  parts: number;
}

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
    'abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Each costs two: an escape goes before it. */
const EXTENDED = new Set('\f^{}\\[~]|€');

const LIMITS = { gsm7: { alone: 160, each: 153 }, ucs2: { alone: 70, each: 67 } } as const;

export function smsSize(text: string): SmsSize {
  const encoding = [...text].every((c) => BASIC.has(c) || EXTENDED.has(c)) ? 'gsm7' : 'ucs2';
  const { alone, each } = LIMITS[encoding];
  // No character is divided: one that costs two begins the next part when only one place is left.
  let parts = 1;
  let used = 0;
  let total = 0;
  for (const c of text) {
    const cost = encoding === 'ucs2' ? c.length : EXTENDED.has(c) ? 2 : 1;
    total += cost;
    if (used + cost > each) {
      parts += 1;
      used = 0;
    }
    used += cost;
  }
  return { encoding, parts: total <= alone ? 1 : parts };
}

/** Letters and signs that Unicode does not decompose, as they are written with ASCII. */
const ASCII: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', ƀ: 'b', Ƀ: 'B', ɓ: 'b', Ɓ: 'B', ɗ: 'd', Ɗ: 'D', ŋ: 'ng', Ŋ: 'NG' },
    ...{ ħ: 'h', Ħ: 'H', ɨ: 'i', Ɨ: 'I', ı: 'i', ł: 'l', Ł: 'L', ƚ: 'l', ŧ: 't', Ŧ: 'T', ʉ: 'u', Ʉ: 'U' },
    ...{ ɔ: 'o', Ɔ: 'O', ɛ: 'e', Ɛ: 'E', ə: 'e', Ə: 'E', ɵ: 'o', ơ: 'o', ư: 'u', ƙ: 'k', ƴ: 'y', ɲ: 'nh' },
    ...{ ø: 'o', Ø: 'O', œ: 'oe', Œ: 'OE', æ: 'ae', Æ: 'AE', ß: 'ss', þ: 'th', Þ: 'Th' },
    ...{
      '₫': 'VND',
      '©': '(c)',
      '®': '(R)',
      '°': 'o',
      '×': 'x',
      '÷': ':',
      '±': '+/-',
      '·': '.',
      '′': "'",
      '″': '"',
    },
    ...{
      '«': '"',
      '»': '"',
      '‹': "'",
      '›': "'",
      '⁄': '/',
      '−': '-',
      '≤': '<=',
      '≥': '>=',
      '≠': '!=',
      '→': '->',
    },
  }),
);

const DASH = /\p{Pd}|[•‣●▪◦]/u;
const DOUBLE_QUOTE = /[“”„‟]/;
const SINGLE_QUOTE = /[‘’‚‛ʼʻˈ`´]/;

/** What a character becomes in plain text; empty for one without a form in ASCII, such as an emoji. */
function toAscii(character: string): string {
  const known = ASCII.get(character);
  if (known !== undefined) return known;
  if (BASIC.has(character) && character <= '~') return character;
  if (EXTENDED.has(character)) return character;
  if (DASH.test(character)) return '-';
  if (DOUBLE_QUOTE.test(character)) return '"';
  if (SINGLE_QUOTE.test(character)) return "'";
  if (/\p{Zs}|\t/u.test(character)) return ' ';
  if (/[\u2028\u2029]/.test(character)) return '\n';
  return '';
}

/**
 * Vietnamese and the minorities' languages without marks, in characters that every telephone shows. The sign of the đồng
 * is a "d" after a number ("50.000d"). Invisible characters, emoji and letters of other scripts are dropped.
 */
export function withoutMarks(text: string): string {
  const priced = text.replace(/(?<=\d[\s\u200b]*)₫/g, 'd');
  // Compatibility forms (ﬁ, ², ①, full width) become their plain letters; marks become characters of their own.
  return [...priced.normalize('NFKD').replace(/\p{M}/gu, '')]
    .map(toAscii)
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim();
}

const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' });
const CUT = '...';

/** The text, or as much of it as fits into `maxParts`, cut at a word and with "..." at the end. */
export function fitSms(text: string, maxParts: number): string {
  if (smsSize(text).parts <= maxParts) return text;
  const pieces = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const cutAt = (n: number) => pieces.slice(0, n).join('').trimEnd() + CUT;
  let [fits, tooMany] = [0, pieces.length];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (smsSize(cutAt(middle)).parts <= maxParts) fits = middle;
    else tooMany = middle;
  }
  const space = pieces.slice(0, fits + 1).findLastIndex((piece) => /\s/.test(piece));
  // A text without a word's end near the cut is cut where it is full.
  return cutAt(space > fits - 20 && space > 0 ? space : fits);
}
