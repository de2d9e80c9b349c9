/** What a text costs as SMS (3GPP TS 23.038 and 23.040). */
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

const PLAIN: Readonly<Record<string, string>> = {
  đ: 'd',
  Đ: 'D',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '•': '-',
  '…': '...',
  '\u00a0': ' ',
};

/** Vietnamese without marks, in letters every telephone shows; what has no such letter becomes "?". */
export const withoutMarks = (text: string): string =>
  [...text.normalize('NFD').replace(/\p{M}/gu, '')]
    .map((c) => PLAIN[c] ?? (BASIC.has(c) || EXTENDED.has(c) ? c : '?'))
    .join('');

const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' });
const CUT = '...';

/** The text, or as much of it as goes into so many parts: cut at a word, and shown to be cut. */
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
