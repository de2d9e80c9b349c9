import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { sampleCase } from '../../../test/support/sample-case.ts';
import type { Paper } from '../content.ts';
import { controlSheetOf, controlSheetPaper } from '../forms/control-sheet.ts';
import { receiptOf, receiptPaper } from '../forms/receipt.ts';
import { registerPaper } from '../forms/register.ts';
import { renderHtml } from './render.ts';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

const children = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : []);
const elements = (node: Node): Element[] =>
  children(node).flatMap((child) => ['tagName' in child ? [child] : [], elements(child)].flat());
const textOf = (node: Node): string =>
  'value' in node ? node.value : children(node).map(textOf).join('').trim();
const attribute = (element: Element | undefined, name: string): string | undefined =>
  element?.attrs.find((one) => one.name === name)?.value;

/** The page, read as a browser does; anything it would have to mend is an error. */
function page(paper: Paper) {
  const errors: string[] = [];
  const document = parse(renderHtml(paper), { onParseError: ({ code }) => errors.push(code) });
  expect(errors).toEqual([]);
  const all = elements(document);
  return { all, named: (tag: string) => all.filter(({ tagName }) => tagName === tag) };
}

function receipt(more: Parameters<typeof sampleCase>[1] = {}): Paper {
  const model = receiptOf(sampleCase({}, more));
  if (!model.ok) throw new Error(model.refusal.message);
  return receiptPaper(model.value);
}

describe('a paper as a page', () => {
  test('is in Vietnamese, has its title as heading and what it says as terms', () => {
    const { named } = page(receipt());
    expect(attribute(named('html')[0], 'lang')).toBe('vi');
    expect(named('title').map(textOf)).toEqual([
      'Giấy tiếp nhận hồ sơ và hẹn trả kết quả H61.29542-260105-0001',
    ]);
    expect(named('h1').map(textOf)).toEqual(['GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ']);
    const terms = Object.fromEntries(
      named('dt').map((dt, i) => [textOf(dt), textOf(named('dd')[i] as Element)]),
    );
    expect(terms).toMatchObject({
      'Tiếp nhận hồ sơ của:': 'Nguyễn Thị Bích Ngọc',
      '3. Thời gian giải quyết hồ sơ theo quy định là:': '15 ngày làm việc',
      '5. Thời gian trả kết quả giải quyết hồ sơ:': '17 giờ 00 phút, ngày 26 tháng 01 năm 2026',
    });
    expect(named('header').map(textOf).join()).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
    expect(named('li')).toHaveLength(3);
    expect(attribute(named('svg')[0], 'aria-label')).toBe('Mã QR của mã hồ sơ H61.29542-260105-0001');
  });

  test('prints on A4, loads nothing and runs nothing', () => {
    const html = renderHtml(receipt());
    expect(html).toContain('@page { size: A4 portrait');
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/<script|<link|<img|\bsrc=|\bhref=|url\(|@import|\bon\w+=/i);
  });

  test('has tables with captions and headers that say what they head', () => {
    const model = controlSheetOf(sampleCase());
    if (!model.ok) throw new Error(model.refusal.message);
    const sheet = page(controlSheetPaper(model.value));
    expect(sheet.named('caption').map(textOf)).toEqual(['Các lần giao, nhận hồ sơ']);
    expect(sheet.named('th').map((th) => attribute(th, 'scope'))).toEqual(['col', 'col', 'col', 'col']);
    expect(sheet.named('tr')).toHaveLength(1 + 3);

    const register = page(
      registerPaper({ at: 0, agency: 'X', from: '2026-01-01', to: '2026-01-02', entries: [] }),
    );
    const groups = register.named('th').filter((th) => attribute(th, 'scope') === 'colgroup');
    expect(groups.map((th) => [textOf(th), attribute(th, 'colspan')])).toEqual([
      ['Ngày, tháng, năm', '4'],
      ['Trả kết quả', '3'],
    ]);
    expect(register.named('td').map(textOf)).toEqual(['Không có hồ sơ nào được nộp trong thời gian này.']);
    expect(
      renderHtml(registerPaper({ at: 0, agency: '', from: '2026-01-01', to: '2026-01-02', entries: [] })),
    ).toContain('size: A4 landscape');
  });
});

describe('hostile values are only text', () => {
  const before = page(receipt()).all.length;
  test.each([
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    [`"><img src=x onerror='alert(1)'>`, `"><img src=x onerror='alert(1)'>`],
    ['</dd></style><!-- &amp; ]]>', '</dd></style><!-- &amp; ]]>'],
    ['An\u202e\u2066gnurt\u200f\u0000\u0007', 'Angnurt'],
    ['Nguyễn'.normalize('NFD'), 'Nguyễn'],
    ['X'.repeat(10_000), 'X'.repeat(10_000)],
  ])('%j', (fullName, shown) => {
    const { applicant } = sampleCase();
    const { all, named } = page(receipt({ applicant: { ...applicant, fullName } }));
    expect(textOf(named('dd')[1] as Element)).toBe(shown);
    expect(all).toHaveLength(before);
  });

  test('in attributes as well', () => {
    const { dossier } = sampleCase();
    const { named } = page(receipt({ dossier: { ...dossier, code: `"><script>'-260105-0001` } }));
    expect(named('script')).toEqual([]);
    expect(attribute(named('svg')[0], 'aria-label')).toBe(`Mã QR của mã hồ sơ "><script>'-260105-0001`);
  });
});
