import { expect, test } from 'vitest';
import { toCsv } from '../app/src/ui/csv.ts';

test('cells keep their text, and none is a formula of a spreadsheet', () => {
  expect(
    toCsv([
      ['Tên, "cơ quan"', 3],
      ['=HYPERLINK("x")', 0],
    ]),
  ).toBe('\ufeff"Tên, ""cơ quan""",3\r\n"\'=HYPERLINK(""x"")",0\r\n');
});
