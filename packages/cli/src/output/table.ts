import { printable } from '@lienthong/verify/printable';
import stringWidth from 'string-width';

export interface Column<T> {
  title: string;
  of: (row: T) => string;
  /** Cut when the terminal is too narrow; at most one column. */
  cut?: boolean;
}

const GAP = '  ';
const LEAST = 12;

/**
 * A table for people: composed letters, so that a mark takes no place of its own, and no control characters.
 * @param width columns of the terminal; undefined: nothing is cut
 */
export function formatTable<T>(columns: readonly Column<T>[], rows: readonly T[], width?: number): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ of }) => clean(of(row)))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => stringWidth(line[i] ?? ''))));
  const cut = columns.findIndex((one) => one.cut);
  if (width !== undefined && cut >= 0) {
    const others = widths.reduce((sum, one, i) => sum + (i === cut ? 0 : one + GAP.length), 0);
    widths[cut] = Math.min(widths[cut] ?? 0, Math.max(LEAST, width - others));
  }
  return cells
    .map((line) =>
      line
        .map((cell, i) => fit(cell, widths[i] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

const clean = (text: string): string => printable(text.normalize('NFC').replaceAll(/\s+/g, ' ').trim());

const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/** Padded, or cut with an ellipsis, to exactly so many columns. */
function fit(text: string, width: number): string {
  const has = stringWidth(text);
  if (has <= width) return text + ' '.repeat(width - has);
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return fit(`${kept}…`, width);
}
