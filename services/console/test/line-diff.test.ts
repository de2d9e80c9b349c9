import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DiffLine, lineDiff } from '../app/src/screens/procedures/line-diff.ts';

const kinds = (lines: readonly DiffLine[]) =>
  lines.map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+', skipped: '…' }[kind]}${text}`);

test('lines that differ are shown with some around them', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
  expect(kinds(lineDiff(before, before.replace('f', 'F\nF2')))).toEqual([
    '…',
    ' d',
    ' e',
    '-f',
    '+F',
    '+F2',
    ' g',
    ' h',
  ]);
  expect(lineDiff(before, before)).toEqual([]);
  expect(lineDiff(before, before.replaceAll('\n', '\r\n'))).toEqual([]);
  expect(kinds(lineDiff('', 'a'))).toEqual(['-', '+a']);
});

test('what was removed and added makes one text of the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before.join('\n'), after.join('\n'));
      if (lines.some(({ kind }) => kind === 'skipped')) return;
      const of = (kind: string) =>
        lines.filter((line) => line.kind === 'same' || line.kind === kind).map((line) => line.text);
      if (lines.length > 0) expect([of('removed'), of('added')]).toEqual([before, after]);
      else expect(before).toEqual(after);
    }),
  );
});
