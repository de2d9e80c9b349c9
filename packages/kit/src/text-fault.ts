/**
 * Normalising is quadratic in the combining marks that follow one another; UAX #15 (Stream-Safe Text) allows 30. Looks at
 * the beginning of each run alone: from every mark of it, a text with runs of 30 would take ten times as long.
 */
const MANY_MARKS = /(?<!\p{M})\p{M}{31}/u;

/** Why a text must not be normalised or kept; undefined when it may. */
export function textFault(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain U+0000';
  if (!text.isWellFormed()) return 'must not contain half of a surrogate pair';
  if (text.length > 30 && MANY_MARKS.test(text)) return 'must not have more than 30 combining marks in a row';
  return undefined;
}
