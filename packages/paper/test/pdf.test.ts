import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, test } from 'vitest';
import type { Paper } from '../src/index.ts';
import { renderPdf } from '../src/pdf/render.ts';
import { samplePaper, sampleRow, sampleTable } from './sample-paper.ts';

const LETTERS = 'aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ';

const print = (paper: Paper): Promise<Buffer> => renderPdf(paper, async () => {});
const named = (name: string): Promise<Buffer> => print(samplePaper({ name }));

/** The text of each page as another library reads it, spaces and line ends as one space. */
async function pagesOf(content: Buffer): Promise<string[]> {
  const { text } = await extractText(new Uint8Array(content), { mergePages: false });
  return text.map((page) => page.replaceAll(/\s+/g, ' '));
}

describe('a paper as PDF', () => {
  test('gives its text, on one page', async () => {
    const [page = '', ...more] = await pagesOf(await print(samplePaper()));
    expect(more).toEqual([]);
    for (const text of [
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc',
      'GIẤY TIẾP NHẬN (Liên: Lưu)',
      'Kính gửi: Ông/Bà (bản chính)',
      'Tiếp nhận hồ sơ của: Nguyễn Thị Bích Ngọc',
      '2. Giấy chứng nhận',
      'Trần Văn Hữu Đức',
      'Giữ giấy này để nhận kết quả.',
    ])
      expect(page).toContain(text);
  });

  test('has a QR code with its meaning below', async () => {
    const paper = samplePaper();
    const qr = { kind: 'qr', text: 'sha256 ab', caption: 'Mã QR ghi SHA-256 của tệp' } as const;
    const content = await print({ ...paper, blocks: [...paper.blocks, qr] });
    expect((await pagesOf(content)).join(' ')).toContain('Mã QR ghi SHA-256 của tệp');
    expect(content.length).toBeGreaterThan((await print(paper)).length);
  });

  test('has every Vietnamese letter, from either Unicode form', async () => {
    const letters = LETTERS + LETTERS.toLocaleUpperCase('vi');
    for (const form of ['NFC', 'NFD'] as const) {
      const [page = ''] = await pagesOf(await named(letters.normalize(form)));
      expect(page.replaceAll(' ', '')).toContain(letters);
    }
  });

  test('has the same bytes for the same paper, whatever papers come between', async () => {
    const once = await named('Nguyễn Thị Mẫu');
    await named('Đặng\u00a0Văn Ð');
    expect((await named('Nguyễn Thị Mẫu')).equals(once)).toBe(true);
    expect((await named('Nguyễn Thị Mậu')).equals(once)).toBe(false);
  });

  test('states its title, its language and its moment, and is tagged', async () => {
    const pdf = await getDocumentProxy(new Uint8Array(await print(samplePaper())));
    const { info } = await pdf.getMetadata();
    expect(info).toMatchObject({
      Title: 'Giấy tiếp nhận H61-260105-0001',
      Language: 'vi-VN',
      CreationDate: 'D:20260105014000Z',
    });
    expect(await pdf.getMarkInfo()).toMatchObject({ Marked: true });
    const roles = JSON.stringify(await (await pdf.getPage(1)).getStructTree()).matchAll(/"role":"(\w+)"/g);
    expect(new Set([...roles].map(([, role]) => role))).toEqual(
      new Set(['Root', 'Document', 'P', 'H1', 'Figure']),
    );
  });

  test('is A4', async () => {
    const pdf = await getDocumentProxy(new Uint8Array(await named('X')));
    const [, , width = 0, height = 0] = (await pdf.getPage(1)).view;
    expect([Math.round(width), Math.round(height)]).toEqual([595, 842]);
  });

  test('continues 10,000 characters without a space over the pages, all of them', async () => {
    const pages = await pagesOf(await named('Ữ'.repeat(10_000)));
    expect(pages.length).toBeGreaterThan(1);
    // In the field, and again below the signature.
    expect([...pages.join('').matchAll(/Ữ/g)]).toHaveLength(20_000);
  });

  test('leaves out invisible characters', async () => {
    const [page = ''] = await pagesOf(await named('An\u202e\u2066 Bình\u0000\u200f'));
    expect(page).toContain('Tiếp nhận hồ sơ của: An Bình');
  });
});

describe('long tables', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => sampleRow(`H61-${i + 1}-`));

  test.each([100, 600])(
    '%i rows: the header is on every page, each row is there once and in order',
    async (count) => {
      const pages = await pagesOf(await print(sampleTable(rows(count))));
      expect(pages.length).toBeGreaterThan(count / 35);
      for (const page of pages) expect(page).toContain('Mã hồ sơ');
      expect(pages[2]).toMatch(/^3 /);
      const found = [...pages.join(' ').matchAll(/H61-(\d+)-/g)].map(([, n]) => Number(n));
      expect(found).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    },
  );

  test('a row higher than a page continues on the next', async () => {
    const words = Array.from({ length: 3_000 }, (_, i) => `từ${i}`);
    const pages = await pagesOf(await print(sampleTable([sampleRow('H61-1', words.join(' '))])));
    expect(pages.length).toBeGreaterThan(2);
    const found = [...pages.join(' ').matchAll(/từ(\d+)/g)].map(([, n]) => Number(n));
    expect(found).toEqual(words.map((_, i) => i));
  });
});
