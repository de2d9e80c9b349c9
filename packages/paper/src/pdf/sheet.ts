import PDFDocument from 'pdfkit';
import type { Paper } from '../content.ts';
import { printable } from '../printable.ts';
import { type Face, fontFile } from './faces.ts';
import { type Line, type Measure, wrap } from './wrap.ts';

export type Element = PDFKit.PDFStructureElement;
/** `scope` of a header cell is in the library, not in its types. */
export type ElementOptions = { alt?: string; scope?: 'Row' | 'Column' };

// Points. NĐ 30/2020/NĐ-CP, phụ lục I: 20 to 25 mm above and below, 30 to 35 left, 15 to 20 right; that decree
// does not cover a register, which uses the whole sheet.
const MM = 72 / 25.4;
const MARGINS = {
  portrait: { top: 20 * MM, bottom: 20 * MM, left: 30 * MM, right: 17 * MM },
  landscape: { top: 15 * MM, bottom: 15 * MM, left: 15 * MM, right: 12 * MM },
};
const LEADING = 1.22;
const MEASURED_AT = 100;

/** Pages with a current place: what is drawn next goes below what is there. */
export interface Sheet {
  readonly left: number;
  readonly width: number;
  /** Where the next block begins. */
  y: number;
  readonly bottom: number;
  /** Height of a line of type. */
  lineHeight(size: number): number;
  /** Makes text printable and breaks it into lines of a width. */
  lines(runs: readonly { text: string; face: Face }[], size: number, width: number): Line[];
  draw(line: Line, size: number, x: number, y: number): void;
  /** Starts a page when less than `height` is left; true when it did. */
  room(height: number): boolean;
  /** Opens an element of the document's structure; ended with its parent. */
  element(type: string, parent: Element, options?: ElementOptions): Element;
  /** What `draw` draws is the element's content. It must stay on one page. */
  within(element: Element, type: string, draw: () => void): void;
  /** What `draw` draws carries no content: rules, repeated headers. */
  decoration(draw: () => void): void;
  readonly pdf: PDFKit.PDFDocument;
  readonly root: Element;
  end(): Promise<Buffer>;
}

export function openSheet(paper: Paper): Sheet {
  const margins = MARGINS[paper.orientation];
  const pdf = new PDFDocument({
    size: 'A4',
    layout: paper.orientation,
    // This sheet breaks pages; the library's own margins would break lines in the middle of a drawing.
    margin: 0,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'vi-VN',
    displayTitle: true,
    autoFirstPage: false,
    info: { Title: printable(paper.title), Creator: 'Liên Thông', CreationDate: new Date(paper.at) },
  });
  const chunks: Buffer[] = [];
  const finished = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  for (const face of ['regular', 'bold', 'italic'] as const) pdf.registerFont(face, fontFile(face));
  pdf.addPage();
  const root = pdf.struct('Document');
  pdf.addStructure(root);

  const widths: Record<Face, Map<string, number>> = {
    regular: new Map(),
    bold: new Map(),
    italic: new Map(),
  };
  const measure: Measure = (text, face) => {
    const known = widths[face].get(text);
    if (known !== undefined) return known;
    const width = pdf.font(face).fontSize(MEASURED_AT).widthOfString(text);
    widths[face].set(text, width);
    return width;
  };
  const bottom = pdf.page.height - margins.bottom;
  let pages = 1;

  const sheet: Sheet = {
    pdf,
    root,
    left: margins.left,
    width: pdf.page.width - margins.left - margins.right,
    bottom,
    y: margins.top,
    lineHeight: (size) => size * LEADING,
    lines: (runs, size, width) =>
      wrap(
        runs.map(({ text, face }) => ({ text: printable(text), face })),
        (width * MEASURED_AT) / size,
        measure,
      ),
    draw(line, size, x, y) {
      let at = x;
      for (const { text, face, width } of line.pieces) {
        if (text.trim() !== '') pdf.font(face).fontSize(size).text(text, at, y, { lineBreak: false });
        at += (width * size) / MEASURED_AT;
      }
    },
    room(height) {
      if (sheet.y + height <= bottom) return false;
      pdf.addPage();
      pages += 1;
      sheet.y = margins.top;
      // NĐ 30: Arabic figures in the middle of the top margin, none on the first page.
      const number = sheet.lines([{ text: String(pages), face: 'regular' }], 13, sheet.width);
      sheet.decoration(() => {
        for (const line of number)
          sheet.draw(line, 13, (pdf.page.width - widthOf(line, 13)) / 2, margins.top / 2);
      });
      return true;
    },
    element(type, parent, options = {}) {
      const element = pdf.struct(type, options);
      parent.add(element);
      return element;
    },
    within(element, type, draw) {
      const content = pdf.markStructureContent(type);
      draw();
      pdf.endMarkedContent();
      element.add(content);
    },
    decoration(draw) {
      pdf.markContent('Artifact', { type: 'Layout' });
      draw();
      pdf.endMarkedContent();
    },
    end() {
      root.end();
      pdf.end();
      return finished;
    },
  };
  return sheet;
}

/** In points, of a line at a size. */
export const widthOf = (line: Line, size: number): number => (line.width * size) / MEASURED_AT;
