/** The parts of a PDF file that a signature adds to. Only files with cross-reference tables, uncompressed, are read. */
export interface PdfStructure {
  /** Where the newest cross-reference table is. */
  startXref: number;
  /** The number of the next new object. */
  size: number;
  root: PdfObject;
  firstPage: PdfObject;
  /** The entries Info and ID of the trailer, as they are written. */
  carried: string;
}

export interface PdfObject {
  /** "12 0" */
  id: string;
  /** The dictionary as it is written, with its "<<" and ">>". */
  text: string;
}

/** The file's structure is not one that this package can sign. */
export class PdfNotSignable extends Error {
  override name = 'PdfNotSignable';
}

const MAX_DEPTH = 16;
const MAX_REVISIONS = 64;

/** @throws PdfNotSignable */
export function readStructure(file: Buffer): PdfStructure {
  const [, start = ''] =
    /startxref\s+(\d+)\s+%%EOF\s*$/.exec(file.toString('latin1', file.length - 64)) ?? [];
  if (start === '') throw new PdfNotSignable('the file does not end with startxref and %%EOF');
  const startXref = Number(start);
  const { offsets, trailer } = readTables(file, startXref);
  const objectAt = (id: string): PdfObject => {
    const offset = offsets.get(id);
    const end = offset === undefined ? -1 : file.indexOf('endobj', offset);
    const [, text] = /^\d+ \d+ obj\s*(<<[\s\S]*>>)\s*$/.exec(file.toString('latin1', offset, end)) ?? [];
    if (text === undefined) throw new PdfNotSignable(`object ${id} is not a plain dictionary`);
    return { id, text };
  };
  const root = objectAt(referenceIn(trailer, 'Root'));
  let page = objectAt(referenceIn(root.text, 'Pages'));
  for (let depth = 0; !/\/Type\s*\/Page\b(?!s)/.test(page.text); depth += 1) {
    const [, kid] = /\/Kids\s*\[\s*(\d+ \d+) R/.exec(page.text) ?? [];
    if (kid === undefined || depth === MAX_DEPTH) throw new PdfNotSignable('the first page is not found');
    page = objectAt(kid);
  }
  const carried = [/\/Info\s+\d+ \d+ R/, /\/ID\s*\[[^\]]*\]/].flatMap(
    (entry) => entry.exec(trailer)?.[0] ?? [],
  );
  const [, size = ''] = /\/Size\s+(\d+)/.exec(trailer) ?? [];
  return { startXref, size: Number(size), root, firstPage: page, carried: carried.join(' ') };
}

function referenceIn(dictionary: string, name: string): string {
  const [, id] = new RegExp(`/${name}\\s+(\\d+ \\d+) R`).exec(dictionary) ?? [];
  if (id === undefined) throw new PdfNotSignable(`there is no ${name}`);
  return id;
}

/** Where each object is, and the newest trailer. */
function readTables(file: Buffer, startXref: number): { offsets: Map<string, number>; trailer: string } {
  const offsets = new Map<string, number>();
  let newest: string | undefined;
  let at: number | undefined = startXref;
  for (let n = 0; at !== undefined; n += 1) {
    const end = file.indexOf('startxref', at);
    const text = file.toString('latin1', at, end);
    const [, table, trailer]: string[] = /^xref\s+([\s\S]*?)trailer\s*(<<[\s\S]*>>)\s*$/.exec(text) ?? [];
    if (table === undefined || trailer === undefined || n === MAX_REVISIONS)
      throw new PdfNotSignable('the file has no cross-reference table');
    newest ??= trailer;
    for (const [, first = '', , entries = ''] of table.matchAll(
      /(\d+) (\d+)\s*\n((?:\d{10} \d{5} [nf]\s*)*)/g,
    ))
      [...entries.matchAll(/(\d{10}) (\d{5}) ([nf])/g)].forEach(([, offset, generation, kind], i) => {
        const id = `${Number(first) + i} ${Number(generation)}`;
        if (kind === 'n' && !offsets.has(id)) offsets.set(id, Number(offset));
      });
    const [, previous] = /\/Prev\s+(\d+)/.exec(trailer) ?? [];
    at = previous === undefined ? undefined : Number(previous);
  }
  return { offsets, trailer: newest as string };
}
