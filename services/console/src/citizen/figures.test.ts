import type { OpenFigures } from '@lienthong/contracts/casework';
import { expect, test } from 'vitest';
import { figuresPage } from './figures.ts';

const figures = (agencyName: string, more: Partial<OpenFigures> = {}): OpenFigures => ({
  agencyId: agencyName,
  agencyName,
  few: false,
  finished: 10,
  onTime: 10,
  supplemented: 0,
  meanDays: 3,
  ...more,
});
const NONE = { few: true, finished: 0, onTime: 0, supplemented: 0, meanDays: 0 };
const agencies = [
  figures('Xã <An>', { finished: 8, onTime: 6, meanDays: 2.25 }),
  figures('Xã Bình', NONE),
  figures('Xã Chánh', { finished: 40, onTime: 39, supplemented: 10, meanDays: 12 }),
];
const show = async (sort: string) =>
  String(await figuresPage({ year: 0, sort, figures: { from: '2026-01-01', to: '2026-10-31', agencies } }));
const order = (page: string) => [...page.matchAll(/<th scope="row">Xã (\S+)<\/th>/g)].map(([, name]) => name);

test.each([
  ['', ['&lt;An&gt;', 'Bình', 'Chánh']],
  ['so-luong', ['Chánh', '&lt;An&gt;', 'Bình']],
  ['dung-han', ['Chánh', '&lt;An&gt;', 'Bình']],
  ['thoi-gian', ['&lt;An&gt;', 'Chánh', 'Bình']],
  ['bo-sung', ['&lt;An&gt;', 'Chánh', 'Bình']],
  ['constructor', ['&lt;An&gt;', 'Bình', 'Chánh']],
])('by %j, agencies without numbers last', async (sort, names) => {
  const page = await show(sort);
  expect(order(page)).toEqual(names);
  expect(page.match(/aria-sort/g)).toHaveLength(1);
});

test('each number has its name, and an agency with few dossiers has no number', async () => {
  const page = await show('dung-han');
  expect(page).toContain('<td data-title="Đúng hạn">75%</td>');
  expect(page).toContain('<td data-title="Số ngày làm việc trung bình">2,3</td>');
  expect(page).toContain('<th scope="row">Xã Bình</th><td colspan="4">ít hơn 5 hồ sơ</td>');
  expect(page).toContain('<h1>Số liệu giải quyết hồ sơ năm 2026</h1>');
  expect(page).toContain('href="/so-lieu?nam=2026&amp;xep=thoi-gian"');
});
