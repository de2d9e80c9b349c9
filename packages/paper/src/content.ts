/** A paper as its parts, from which every format is made. Texts are plain; each format escapes them. */
export interface Paper {
  /** The document's name where files are listed. */
  title: string;
  orientation: 'portrait' | 'landscape';
  /** The moment that the paper states, epoch milliseconds: the same state gives the same bytes. */
  at: number;
  blocks: readonly Block[];
}

export interface Run {
  text: string;
  face?: 'bold' | 'italic';
}

export interface Letterhead {
  kind: 'letterhead';
  /** The agency directly above, which stands over a department's name; empty: none. */
  superior: string;
  /** The agency, and its unit that issues the paper; empty: the agency itself. */
  agency: string;
  unit: string;
  /** "260105-0001/TNHS"; empty: not numbered. */
  number: string;
  /** "Vĩnh Long, ngày 05 tháng 01 năm 2026"; empty: not dated. */
  placeAndDate: string;
  /** The code of the dossier that the paper belongs to, as text and as QR; empty: neither. */
  code: string;
}

export interface Title {
  kind: 'title';
  text: string;
  /** The line below; empty: none. */
  note: string;
}

export interface Paragraph {
  kind: 'paragraph';
  align?: 'center';
  runs: readonly Run[];
}

export interface Field {
  label: string;
  value: string;
}

/** Labels and values; the fields of one line stand side by side. */
export interface Fields {
  kind: 'fields';
  lines: readonly (readonly Field[])[];
}

export interface List {
  kind: 'list';
  items: readonly string[];
}

export interface Column {
  header: string;
  /** Neighbours of the same group stand under one header. */
  group?: string;
  /** Share of the table's width. */
  width: number;
  align?: 'center';
}

export interface Table {
  kind: 'table';
  caption: string;
  columns: readonly Column[];
  /** A row of the columns' numbers below the headers. */
  numbered: boolean;
  /** One text per column; lines end with \n. */
  rows: readonly (readonly string[])[];
  /** The text in place of rows when there are none. */
  empty: string;
  size: 'normal' | 'small';
}

export interface Signatures {
  kind: 'signatures';
  parties: readonly { title: string; hint: string; name: string }[];
}

/** A QR code with its meaning below. */
export interface Qr {
  kind: 'qr';
  text: string;
  caption: string;
}

export interface Note {
  kind: 'note';
  text: string;
}

export type Block = Letterhead | Title | Paragraph | Fields | List | Table | Signatures | Qr | Note;

export const MOTTO = ['CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc'] as const;

/** The rows of a table's header: cells with how many columns and rows they take. */
export function headerRows(table: Table): { text: string; columns: number; rows: number; at: number }[][] {
  const grouped = table.columns.some(({ group }) => group !== undefined);
  const first: { text: string; columns: number; rows: number; at: number }[] = [];
  const second: typeof first = [];
  table.columns.forEach(({ header, group }, at) => {
    if (group === undefined) {
      first.push({ text: header, columns: 1, rows: grouped ? 2 : 1, at });
      return;
    }
    const before = table.columns[at - 1]?.group === group ? first.at(-1) : undefined;
    if (before) before.columns += 1;
    else first.push({ text: group, columns: 1, rows: 1, at });
    second.push({ text: header, columns: 1, rows: 1, at });
  });
  const numbers = table.columns.map((_, at) => ({ text: `(${at + 1})`, columns: 1, rows: 1, at }));
  return [first, ...(grouped ? [second] : []), ...(table.numbered ? [numbers] : [])];
}
