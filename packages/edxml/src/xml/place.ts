/** Where something is in a text; both count from 1, columns in UTF-16 code units. */
export interface Place {
  line: number;
  column: number;
}

export const START: Place = { line: 1, column: 1 };

/** The place after a text that begins at another one. */
export function advance({ line, column }: Place, text: string): Place {
  let lines = 0;
  let last = -1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    last = at;
  }
  return { line: line + lines, column: lines === 0 ? column + text.length : text.length - last };
}
