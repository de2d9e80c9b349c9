import { type Column, formatTable } from './table.ts';

export const FORMATS = ['table', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Where results go. Messages for people go to stderr, so that stdout holds results alone. */
export interface Output {
  format: Format;
  /** A list: a table, or an array of JSON. */
  list<T>(rows: readonly T[], columns: readonly Column<T>[], json: (row: T) => unknown): void;
  /** One result: lines for people, or its JSON. */
  one(json: unknown, lines: () => readonly string[]): void;
  /** One of an endless list: a line of text or of JSON. */
  next(json: () => unknown, line: () => string): void;
  /** For people, beside the results. */
  note(text: string): void;
}

export function createOutput(format: Format): Output {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const isTable = format === 'table';
  return {
    format,
    list: (rows, columns, json) =>
      void print(
        isTable
          ? formatTable(columns, rows, process.stdout.isTTY ? process.stdout.columns : undefined)
          : JSON.stringify(rows.map(json), undefined, 2),
      ),
    one: (json, lines) => void print(isTable ? lines().join('\n') : JSON.stringify(json, undefined, 2)),
    next: (json, line) => void print(isTable ? line() : JSON.stringify(json())),
    note: (text) => void process.stderr.write(`${text}\n`),
  };
}
