import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { type Column, formatTable } from '../src/output/table.ts';

interface Row {
  subject: string;
  from: string;
}
const columns: Column<Row>[] = [
  { title: 'Trích yếu', of: ({ subject }) => subject, cut: true },
  { title: 'Nơi gửi', of: ({ from }) => from },
];
const subject = 'Kế hoạch cải cách hành chính';

test('columns stand below each other in both Unicode forms', () => {
  const rows = [subject.normalize('NFC'), subject.normalize('NFD')].map((one) => ({
    subject: one,
    from: 'H61',
  }));
  const [title, composed, decomposed] = formatTable(columns, rows).split('\n');
  expect(decomposed).toBe(composed);
  expect(composed?.indexOf('H61')).toBe(title?.indexOf('Nơi gửi'));
});

test('a narrow terminal cuts the one long column, between letters', () => {
  const lines = formatTable(columns, [{ subject: subject.normalize('NFD'), from: 'H61' }], 30).split('\n');
  expect(lines[1]).toBe('Kế hoạch cải cách hà…  H61');
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(30);
});

test('what others wrote neither moves the cursor nor breaks a line', () => {
  const rows = [{ subject: 'a\u001b[2Kb\nc\u202ed', from: '日本' }];
  const [, line] = formatTable(columns, rows).split('\n');
  expect(line).toBe('a\ufffd[2Kb c\ufffdd  日本');
});
