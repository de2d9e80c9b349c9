import { headerRows, type Table } from '../content.ts';
import type { Element, Sheet } from './sheet.ts';
import { widthOf } from './sheet.ts';
import type { Line } from './wrap.ts';

const SIZES = { normal: { type: 11, pad: 3 }, small: { type: 7.5, pad: 2 } };
const RULE = 0.5;
const TAGGED_ROWS = 500;

/** A table that continues over the pages, its header on each. A row higher than a page continues in its cells. */
export async function drawTable(sheet: Sheet, table: Table, yieldTurn: () => Promise<void>): Promise<void> {
  const { type: size, pad } = SIZES[table.size];
  const lineHeight = sheet.lineHeight(size);
  const total = table.columns.reduce((sum, { width }) => sum + width, 0);
  const widths = table.columns.map(({ width }) => (width / total) * sheet.width);
  const lefts = widths.map((_, at) => sheet.left + widths.slice(0, at).reduce((sum, one) => sum + one, 0));
  const span = (at: number, columns: number) =>
    widths.slice(at, at + columns).reduce((sum, one) => sum + one, 0);
  // A cell's tag takes 100 bytes, so a long table is tagged by its rows, as paragraphs.
  const byCell = table.rows.length <= TAGGED_ROWS;
  const element = sheet.element(byCell ? 'Table' : 'Sect', sheet.root);
  sheet.y += 5;

  const cell = (lines: readonly Line[], at: number, columns: number, y: number, centred: boolean) => {
    const width = span(at, columns);
    lines.forEach((line, index) => {
      const x = (lefts[at] ?? 0) + (centred ? (width - widthOf(line, size)) / 2 : pad);
      sheet.draw(line, size, x, y + pad + index * lineHeight);
    });
  };
  const box = (at: number, columns: number, y: number, height: number) =>
    sheet.pdf
      .lineWidth(RULE)
      .rect(lefts[at] ?? 0, y, span(at, columns), height)
      .stroke();

  const head = headerRows(table).map((row) =>
    row.map((one) => ({
      ...one,
      lines: sheet.lines([{ text: one.text, face: 'bold' }], size, span(one.at, one.columns) - 2 * pad),
    })),
  );
  // A cell over two rows makes the second as high as it needs.
  const heights = head.map((row) =>
    Math.max(...row.filter(({ rows }) => rows === 1).map(({ lines }) => lines.length), 1),
  );
  for (const { lines } of head[0]?.filter(({ rows }) => rows === 2) ?? [])
    heights[1] = Math.max(heights[1] ?? 0, lines.length - (heights[0] ?? 0));
  const headHeights = heights.map((lines) => lines * lineHeight + 2 * pad);
  const headHeight = headHeights.reduce((sum, one) => sum + one, 0);

  const drawHead = (parent: Element | undefined) => {
    head.forEach((row, index) => {
      const tr = parent && sheet.element('TR', parent);
      for (const { lines, at, columns, rows } of row) {
        const height = headHeights.slice(index, index + rows).reduce((sum, one) => sum + one, 0);
        const free = height - 2 * pad - lines.length * lineHeight;
        const write = () => cell(lines, at, columns, sheet.y + free / 2, true);
        if (tr) sheet.within(sheet.element('TH', tr, { scope: 'Column' }), 'TH', write);
        else sheet.decoration(write);
        sheet.decoration(() => box(at, columns, sheet.y, height));
      }
      sheet.y += headHeights[index] ?? 0;
    });
  };

  if (sheet.y + headHeight + lineHeight + 2 * pad > sheet.bottom) sheet.room(Number.POSITIVE_INFINITY);
  drawHead(byCell ? element : undefined);

  const drawRow = (texts: readonly string[], spanning: boolean) => {
    const columns = spanning ? table.columns.length : 1;
    let cells = texts.map((text, at) =>
      sheet.lines([{ text, face: 'regular' }], size, span(at, columns) - 2 * pad),
    );
    const tr = sheet.element(byCell ? 'TR' : 'P', element);
    const tds = byCell ? cells.map(() => sheet.element('TD', tr)) : [];
    const needed = Math.max(...cells.map((lines) => lines.length)) * lineHeight + 2 * pad;
    if (sheet.y + needed > sheet.bottom && needed <= sheet.bottom - 2 * headHeight) nextPage();
    while (cells.some((lines) => lines.length > 0)) {
      const fit = Math.floor((sheet.bottom - sheet.y - 2 * pad) / lineHeight);
      if (fit < 1) {
        nextPage();
        continue;
      }
      const part = cells.map((lines) => lines.slice(0, fit));
      cells = cells.map((lines) => lines.slice(fit));
      const height = Math.max(...part.map((lines) => lines.length)) * lineHeight + 2 * pad;
      const write = (at: number) => {
        const centred = spanning || table.columns[at]?.align === 'center';
        cell(part[at] ?? [], at, columns, sheet.y, centred);
      };
      if (byCell)
        for (const [at, td] of tds.entries()) {
          if (part[at]?.length) sheet.within(td, 'TD', () => write(at));
        }
      else sheet.within(tr, 'P', () => [...part.keys()].forEach(write));
      sheet.decoration(() => {
        for (const at of part.keys()) box(at, columns, sheet.y, height);
      });
      sheet.y += height;
    }
  };
  const nextPage = () => {
    sheet.room(Number.POSITIVE_INFINITY);
    drawHead(undefined);
  };

  if (table.rows.length === 0) drawRow([table.empty], true);
  for (const row of table.rows) {
    drawRow(row, false);
    await yieldTurn();
  }
  element.end();
  sheet.y += lineHeight;
}
