import { expect, test } from 'vitest';
import { headerRows, type Table } from '../src/content.ts';

const table = (columns: Table['columns'], numbered: boolean): Table => ({
  kind: 'table',
  caption: '',
  columns,
  numbered,
  rows: [],
  empty: '',
  size: 'normal',
});

test('a header without groups is one row', () => {
  expect(
    headerRows(
      table(
        [
          { header: 'A', width: 1 },
          { header: 'B', width: 1 },
        ],
        false,
      ),
    ),
  ).toEqual([
    [
      { text: 'A', columns: 1, rows: 1, at: 0 },
      { text: 'B', columns: 1, rows: 1, at: 1 },
    ],
  ]);
});

test('neighbours of a group stand under it, the others beside it over both rows', () => {
  const columns = [
    { header: 'A', width: 1 },
    { header: 'B', group: 'G', width: 1 },
    { header: 'C', group: 'G', width: 1 },
    { header: 'D', group: 'H', width: 1 },
  ];
  expect(headerRows(table(columns, true))).toEqual([
    [
      { text: 'A', columns: 1, rows: 2, at: 0 },
      { text: 'G', columns: 2, rows: 1, at: 1 },
      { text: 'H', columns: 1, rows: 1, at: 3 },
    ],
    [
      { text: 'B', columns: 1, rows: 1, at: 1 },
      { text: 'C', columns: 1, rows: 1, at: 2 },
      { text: 'D', columns: 1, rows: 1, at: 3 },
    ],
    ['(1)', '(2)', '(3)', '(4)'].map((text, at) => ({ text, columns: 1, rows: 1, at })),
  ]);
});
