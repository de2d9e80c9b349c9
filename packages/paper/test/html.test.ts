import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { type Paper, renderHtml } from '../src/index.ts';
import { samplePaper, sampleRow, sampleTable } from './sample-paper.ts';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

const children = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : []);
const elements = (node: Node): Element[] =>
  children(node).flatMap((child) => ['tagName' in child ? [child] : [], elements(child)].flat());
const textOf = (node: Node): string =>
  'value' in node ? node.value : children(node).map(textOf).join('').trim();
const attribute = (element: Element | undefined, name: string): string | undefined =>
  element?.attrs.find((one) => one.name === name)?.value;

/** The page as a browser reads it; anything that a browser has to repair is an error. */
function page(paper: Paper) {
  const errors: string[] = [];
  const document = parse(renderHtml(paper), { onParseError: ({ code }) => errors.push(code) });
  expect(errors).toEqual([]);
  const all = elements(document);
  return { all, named: (tag: string) => all.filter(({ tagName }) => tagName === tag) };
}

describe('a paper as a page', () => {
  test('is in Vietnamese, has its title as heading and its fields as terms', () => {
    const { named } = page(samplePaper());
    expect(attribute(named('html')[0], 'lang')).toBe('vi');
    expect(named('title').map(textOf)).toEqual(['Giấy tiếp nhận H61-260105-0001']);
    expect(named('h1').map(textOf)).toEqual(['GIẤY TIẾP NHẬN']);
    const terms = named('dt').map((dt, i) => [textOf(dt), textOf(named('dd')[i] as Element)]);
    expect(terms).toEqual([
      ['Tiếp nhận hồ sơ của:', 'Nguyễn Thị Bích Ngọc'],
      ['Số điện thoại:', '0912 345 678'],
      ['Email:', 'ngoc@example.vn'],
    ]);
    expect(named('header').map(textOf).join()).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
    expect(named('strong').map(textOf)).toEqual(['Ông/Bà']);
    expect(named('em').map(textOf)).toEqual(['(bản chính)']);
    expect(named('li')).toHaveLength(2);
    expect(attribute(named('svg')[0], 'aria-label')).toBe('Mã QR của mã hồ sơ H61-260105-0001');
  });

  test('has a QR code with its meaning beside it', () => {
    const paper = samplePaper();
    const qr = { kind: 'qr', text: 'sha256 ab', caption: 'Mã của <tệp>' } as const;
    const { named } = page({ ...paper, blocks: [qr] });
    expect(named('figcaption').map(textOf)).toEqual(['Mã của <tệp>']);
    expect(attribute(named('svg')[0], 'aria-label')).toBe('Mã của <tệp>');
    expect(attribute(named('path')[0], 'd')).toMatch(/^M\d/);
  });

  test('prints on A4, loads nothing and runs nothing', () => {
    const html = renderHtml(samplePaper());
    expect(html).toContain('@page { size: A4 portrait');
    expect(renderHtml(sampleTable([]))).toContain('@page { size: A4 landscape');
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/<script|<link|<img|\bsrc=|\bhref=|url\(|@import|\bon\w+=/i);
  });

  test('has tables with captions and headers that name their scope', () => {
    const table = page(sampleTable([sampleRow('H61-1'), sampleRow('H61-2')]));
    expect(table.named('caption').map(textOf)).toEqual(['Hồ sơ đã tiếp nhận']);
    const groups = table.named('th').filter((th) => attribute(th, 'scope') === 'colgroup');
    expect(groups.map((th) => [textOf(th), attribute(th, 'colspan')])).toEqual([['Ngày', '2']]);
    expect(table.named('th').filter((th) => attribute(th, 'scope') === 'col')).toHaveLength(5 + 2 + 6 - 1);
    // Groups, headers under groups, numbers; then the rows.
    expect(table.named('tr')).toHaveLength(3 + 2);
    expect(page(sampleTable([])).named('td').map(textOf)).toEqual(['Không có hồ sơ nào.']);
  });
});

describe('hostile values are only text', () => {
  const before = page(samplePaper()).all.length;
  test.each([
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    [`"><img src=x onerror='alert(1)'>`, `"><img src=x onerror='alert(1)'>`],
    ['</dd></style><!-- &amp; ]]>', '</dd></style><!-- &amp; ]]>'],
    ['An\u202e\u2066gnurt\u200f\u0000\u0007', 'Angnurt'],
    ['Nguyễn'.normalize('NFD'), 'Nguyễn'],
    ['X'.repeat(10_000), 'X'.repeat(10_000)],
  ])('%j', (name, shown) => {
    const { all, named } = page(samplePaper({ name }));
    expect(textOf(named('dd')[0] as Element)).toBe(shown);
    expect(all).toHaveLength(before);
  });

  test('in attributes as well', () => {
    const { named } = page(samplePaper({ code: `"><script>'-260105-0001` }));
    expect(named('script')).toEqual([]);
    expect(attribute(named('svg')[0], 'aria-label')).toBe(`Mã QR của mã hồ sơ "><script>'-260105-0001`);
  });
});
