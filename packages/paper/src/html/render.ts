import {
  type Block,
  headerRows,
  type Letterhead,
  MOTTO,
  type Paper,
  type Run,
  type Signatures,
  type Table,
} from '../content.ts';
import { qrOf } from '../qr.ts';
import { escapeLines, escapeText } from './escape.ts';
import { styleOf } from './style.ts';

/** A page that loads nothing, runs nothing, and prints on A4. */
export function renderHtml(paper: Paper): string {
  const [first, ...rest] = paper.blocks;
  const letterhead = first?.kind === 'letterhead' ? [first] : [];
  const blocks = letterhead.length > 0 ? rest : paper.blocks;
  return [
    '<!doctype html>',
    '<html lang="vi">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeText(paper.title)}</title>`,
    `<style>${styleOf(paper.orientation)}</style>`,
    '</head>',
    '<body>',
    ...letterhead.map(renderLetterhead),
    '<main>',
    ...blocks.map(renderBlock),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'letterhead':
      return renderLetterhead(block);
    case 'title':
      return `<h1>${escapeText(block.text)}</h1>${block.note === '' ? '' : `\n<p class="sub">${escapeLines(block.note)}</p>`}`;
    case 'paragraph':
      return `<p${block.align ? ' class="centre"' : ''}>${block.runs.map(renderRun).join('')}</p>`;
    case 'fields':
      return `<dl>\n${block.lines
        .map((line) => `<div>${line.map(renderField).join('')}</div>`)
        .join('\n')}\n</dl>`;
    case 'list':
      return block.items.length === 0
        ? ''
        : `<ol>\n${block.items.map((item) => `<li>${escapeLines(item)}</li>`).join('\n')}\n</ol>`;
    case 'table':
      return renderTable(block);
    case 'signatures':
      return renderSignatures(block);
    case 'qr':
      return `<figure>${renderQr(block.text, block.caption)}<figcaption>${escapeLines(block.caption)}</figcaption></figure>`;
    case 'note':
      return `<p class="note">${escapeLines(block.text)}</p>`;
    default:
      return block satisfies never;
  }
}

function renderRun({ text, face }: Run): string {
  const shown = escapeLines(text);
  if (face === undefined) return shown;
  return face === 'bold' ? `<strong>${shown}</strong>` : `<em>${shown}</em>`;
}

const renderField = ({ label, value }: { label: string; value: string }): string =>
  `<div><dt>${escapeText(label)}:</dt> <dd>${escapeLines(value)}</dd></div>`;

function renderLetterhead(head: Letterhead): string {
  const line = (text: string, css: string) =>
    text === '' ? '' : `<p class="${css}">${escapeLines(text)}</p>`;
  const { number, placeAndDate, code } = head;
  const unit = line(head.unit, 'b rule');
  return [
    '<header>',
    `<div>${line(head.superior, '')}${line(head.agency, unit === '' ? 'b rule' : 'b')}${unit}</div>`,
    `<div><p class="b">${MOTTO[0]}</p><p class="motto rule">${MOTTO[1]}</p></div>`,
    `<div>${line(number === '' ? '' : `Số: ${number}`, '')}${line(code === '' ? '' : `Mã hồ sơ: ${code}`, '')}${code === '' ? '' : renderQr(code, `Mã QR của mã hồ sơ ${code}`)}</div>`,
    `<div>${line(placeAndDate, 'i')}</div>`,
    '</header>',
  ].join('\n');
}

function renderQr(text: string, label: string): string {
  const { size, squares } = qrOf(text);
  const path = squares.map(({ x, y }) => `M${x} ${y}h1v1h-1z`).join('');
  return `<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${escapeText(label)}" shape-rendering="crispEdges"><path d="${path}"/></svg>`;
}

function renderTable(table: Table): string {
  const total = table.columns.reduce((sum, { width }) => sum + width, 0);
  const cols = table.columns.map(
    ({ width }) => `<col style="width:${Math.round((width / total) * 1000) / 10}%">`,
  );
  const head = headerRows(table).map(
    (row) =>
      `<tr>${row
        .map(
          ({ text, columns, rows }) =>
            `<th scope="${columns > 1 ? 'colgroup' : 'col'}"${columns > 1 ? ` colspan="${columns}"` : ''}${rows > 1 ? ` rowspan="${rows}"` : ''}>${escapeLines(text)}</th>`,
        )
        .join('')}</tr>`,
  );
  const tags = table.columns.map(({ align }) => (align === 'center' ? '<td class="c">' : '<td>'));
  const rows = table.rows.map(
    (row) => `<tr>${row.map((cell, at) => `${tags[at]}${escapeLines(cell)}</td>`).join('')}</tr>`,
  );
  const none = `<tr><td class="c" colspan="${table.columns.length}">${escapeText(table.empty)}</td></tr>`;
  return [
    '<div class="wide">',
    `<table${table.size === 'small' ? ' class="small"' : ''}>`,
    `<caption>${escapeText(table.caption)}</caption>`,
    `<colgroup>${cols.join('')}</colgroup>`,
    '<thead>',
    ...head,
    '</thead>',
    '<tbody>',
    ...(rows.length === 0 ? [none] : rows),
    '</tbody>',
    '</table>',
    '</div>',
  ].join('\n');
}

const renderSignatures = ({ parties }: Signatures): string =>
  [
    `<section class="signatures${parties.length === 1 ? ' one' : ''}" aria-label="Chữ ký">`,
    ...parties.map(
      ({ title, hint, name }) =>
        `<div><p class="b">${escapeText(title)}</p><p class="i">${escapeText(hint)}</p><p class="name">${escapeText(name)}</p></div>`,
    ),
    '</section>',
  ].join('\n');
