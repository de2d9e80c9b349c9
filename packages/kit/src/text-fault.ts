/** Normalising is quadratic in the combining marks that follow one another; UAX #15 (Stream-Safe Text) allows 30. */
const MOST_MARKS = 30;
const MARK = /^\p{M}$/u;
/** The first mark has this code; text of ASCII alone is passed over quickly. */
const FROM_FIRST_MARK = /[\u0300-\uffff]/;

/** Why a text must not be normalised or kept; undefined when it may. */
export function textFault(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain U+0000';
  if (!text.isWellFormed()) return 'must not contain half of a surrogate pair';
  if (text.length > MOST_MARKS && FROM_FIRST_MARK.test(text) && hasManyMarks(text))
    return `must not have more than ${MOST_MARKS} combining marks in a row`;
  return undefined;
}

/** Whether a code point is a mark: 0 for not known yet. A pattern over the whole text takes ten times as long. */
const kinds = new Uint8Array(0x110000);
const [OTHER, IS_MARK] = [1, 2];

const kindOf = (code: number): number => {
  const kind = MARK.test(String.fromCodePoint(code)) ? IS_MARK : OTHER;
  kinds[code] = kind;
  return kind;
};

function hasManyMarks(text: string): boolean {
  let marks = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.codePointAt(i) as number;
    if (code > 0xffff) i += 1;
    if ((kinds[code] || kindOf(code)) === OTHER) marks = 0;
    else {
      marks += 1;
      if (marks > MOST_MARKS) return true;
    }
  }
  return false;
}
