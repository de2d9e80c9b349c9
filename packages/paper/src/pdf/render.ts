import type { Block, Fields, Letterhead, Paper, Run, Signatures } from '../content.ts';
import { MOTTO } from '../content.ts';
import { qrOf } from '../qr.ts';
import { type Face, faceOrRegular } from './faces.ts';
import { openSheet, type Sheet, widthOf } from './sheet.ts';
import { drawTable } from './table.ts';

const TEXT = 13;
const QR = 62;
const BIG_QR = 108;

/**
 * A tagged PDF with embedded fonts; the same paper gives the same bytes. Each row of a table awaits `yieldTurn`, so that
 * other papers proceed beside a long one.
 */
export async function renderPdf(paper: Paper, yieldTurn: () => Promise<void>): Promise<Buffer> {
  const sheet = openSheet(paper);
  for (const block of paper.blocks) await drawBlock(sheet, block, yieldTurn);
  return sheet.end();
}

async function drawBlock(sheet: Sheet, block: Block, yieldTurn: () => Promise<void>): Promise<void> {
  switch (block.kind) {
    case 'letterhead':
      return drawLetterhead(sheet, block);
    case 'title':
      sheet.y += 14;
      flow(sheet, 'H1', [{ text: block.text, face: 'bold' }], { size: 14, align: 'center' });
      if (block.note !== '')
        flow(sheet, 'P', [{ text: block.note, face: 'italic' }], { size: TEXT, align: 'center' });
      sheet.y += 8;
      return;
    case 'paragraph':
      return flow(
        sheet,
        'P',
        block.runs,
        block.align ? { size: TEXT, align: block.align, after: 8 } : { size: TEXT, indented: true, after: 3 },
      );
    case 'fields':
      return drawFields(sheet, block);
    case 'list':
      for (const [at, item] of block.items.entries())
        flow(sheet, 'P', [{ text: item }], { size: TEXT, left: 40, label: `${at + 1}.`, after: 2 });
      return;
    case 'table':
      return drawTable(sheet, block, yieldTurn);
    case 'signatures':
      return drawSignatures(sheet, block);
    case 'qr':
      sheet.room(BIG_QR);
      drawQr(sheet, block.text, { left: sheet.left, side: BIG_QR, alt: block.caption });
      return flow(sheet, 'P', [{ text: block.caption }], { size: 11, after: 6 });
    case 'note':
      sheet.y += 16;
      return flow(sheet, 'P', [{ text: block.text, face: 'italic' }], { size: 11 });
    default:
      return block satisfies never;
  }
}

interface Flow {
  size: number;
  align?: 'center';
  /** The first line. */
  indented?: boolean;
  left?: number;
  /** Text to the left of the first line. */
  label?: string;
  after?: number;
}

/** Draws text down the page and continues it on the next ones. */
function flow(sheet: Sheet, type: string, runs: readonly Run[], how: Flow): void {
  const { size, align, indented = false, left = 0, label = '', after = 0 } = how;
  const width = sheet.width - left;
  const lines = sheet.lines(styled(indented ? [{ text: ' '.repeat(9) }, ...runs] : runs), size, width);
  const element = sheet.element(type, sheet.root);
  const height = sheet.lineHeight(size);
  const marks = label === '' ? [] : sheet.lines([{ text: label, face: 'regular' }], size, left);
  for (let at = 0; at < lines.length; ) {
    sheet.room(height);
    const fit = Math.max(1, Math.floor((sheet.bottom - sheet.y) / height));
    const part = lines.slice(at, at + fit);
    sheet.within(element, type, () => {
      if (at === 0) for (const mark of marks) sheet.draw(mark, size, sheet.left + left - 18, sheet.y);
      for (const line of part) {
        const x = sheet.left + left + (align === 'center' ? (width - widthOf(line, size)) / 2 : 0);
        sheet.draw(line, size, x, sheet.y);
        sheet.y += height;
      }
    });
    at += part.length;
  }
  sheet.y += after;
}

const styled = (runs: readonly Run[]): { text: string; face: Face }[] =>
  runs.map(({ text, face }) => ({ text, face: faceOrRegular(face) }));

function drawFields(sheet: Sheet, { lines }: Fields): void {
  for (const line of lines)
    flow(
      sheet,
      'P',
      line.map(({ label, value }, at) => ({ text: `${at > 0 ? '        ' : ''}${label}: ${value}` })),
      { size: TEXT, after: 3 },
    );
}

interface Column {
  left: number;
  width: number;
  /** Texts one below the other, each line centred. */
  texts: { text: string; face: Face; size: number }[];
}

/** Draws columns side by side, each continued over the pages as it needs; returns where the longest ends. */
function drawColumns(sheet: Sheet, columns: readonly Column[]): number {
  const rest = columns.map(({ left, width, texts }) =>
    texts
      .filter(({ text }) => text !== '')
      .flatMap(({ text, face, size }) => {
        const element = sheet.element('P', sheet.root);
        return sheet.lines([{ text, face }], size, width).map((line) => ({
          draw: (y: number) => {
            const x = left + (width - widthOf(line, size)) / 2;
            sheet.within(element, 'P', () => sheet.draw(line, size, x, y));
          },
          height: sheet.lineHeight(size),
        }));
      }),
  );
  for (;;) {
    const ends = rest.map((lines) => {
      let y = sheet.y;
      for (let next = lines[0]; next && y + next.height <= sheet.bottom; next = lines[0]) {
        next.draw(y);
        y += next.height;
        lines.shift();
      }
      return y;
    });
    if (rest.every((lines) => lines.length === 0)) return Math.max(sheet.y, ...ends);
    sheet.room(Number.POSITIVE_INFINITY);
  }
}

function drawLetterhead(sheet: Sheet, head: Letterhead): void {
  const half = sheet.width * 0.44;
  const agency: Column = {
    left: sheet.left,
    width: half - 6,
    texts: [
      { text: head.superior, face: 'regular', size: 11.5 },
      { text: head.agency, face: 'bold', size: 11.5 },
      { text: head.unit, face: 'bold', size: 11.5 },
    ],
  };
  const motto: Column = {
    left: sheet.left + half,
    width: sheet.width - half,
    texts: [
      { text: MOTTO[0], face: 'bold', size: 11.5 },
      { text: MOTTO[1], face: 'bold', size: 12.5 },
    ],
  };
  const top = sheet.y;
  const leftEnd = drawColumns(sheet, [agency]);
  const rightEnd = drawColumns(sheet, [motto]);
  sheet.decoration(() => {
    rule(sheet, agency, leftEnd + 2, 60);
    rule(sheet, motto, rightEnd + 1, 150);
  });
  sheet.y = Math.max(leftEnd, rightEnd, top) + 8;
  const numbered: Column['texts'] = [
    { text: head.number === '' ? '' : `Số: ${head.number}`, face: 'regular', size: 12 },
    { text: head.code === '' ? '' : `Mã hồ sơ: ${head.code}`, face: 'regular', size: 12 },
  ];
  const dated: Column['texts'] = [{ text: head.placeAndDate, face: 'italic', size: 12.5 }];
  sheet.y = drawColumns(sheet, [
    { ...agency, texts: numbered },
    { ...motto, texts: dated },
  ]);
  const left = agency.left + (agency.width - QR) / 2;
  if (head.code !== '') drawQr(sheet, head.code, { left, side: QR, alt: `Mã QR của mã hồ sơ ${head.code}` });
}

const rule = (sheet: Sheet, { left, width }: Column, y: number, length: number) =>
  sheet.pdf
    .lineWidth(0.7)
    .moveTo(left + (width - length) / 2, y)
    .lineTo(left + (width + length) / 2, y)
    .stroke();

interface Figure {
  left: number;
  side: number;
  alt: string;
}

function drawQr(sheet: Sheet, text: string, { left, side, alt }: Figure): void {
  const { size, squares } = qrOf(text);
  const one = side / size;
  const figure = sheet.element('Figure', sheet.root, { alt });
  sheet.within(figure, 'Figure', () => {
    for (const { x, y } of squares) sheet.pdf.rect(left + x * one, sheet.y + y * one, one, one);
    sheet.pdf.fill();
  });
  sheet.y += side;
}

/** Title, hint, room for the signature, and the name; kept together. */
function drawSignatures(sheet: Sheet, { parties }: Signatures): void {
  sheet.y += 14;
  sheet.room(150);
  const half = sheet.width / 2;
  const columns = parties.map((party, at) => ({
    party,
    left: sheet.left + (parties.length === 1 ? half : at * half),
    width: half - 8,
  }));
  sheet.y = drawColumns(
    sheet,
    columns.map(({ party, ...place }) => ({
      ...place,
      texts: [
        { text: party.title, face: 'bold', size: 12.5 },
        { text: party.hint, face: 'italic', size: 12 },
      ],
    })),
  );
  sheet.y += 62;
  sheet.y = drawColumns(
    sheet,
    columns.map(({ party, ...place }) => ({
      ...place,
      texts: [{ text: party.name, face: 'bold', size: 12.5 }],
    })),
  );
  sheet.y += 4;
}
