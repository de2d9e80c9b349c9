import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, test } from 'vitest';
import {
  at,
  extended,
  refusedAtIntake,
  sampleCase,
  supplementAsked,
} from '../../../test/support/sample-case.ts';
import type { Paper } from '../content.ts';
import { apologyOf, apologyPaper } from '../forms/apology.ts';
import { controlSheetOf, controlSheetPaper } from '../forms/control-sheet.ts';
import { receiptOf, receiptPaper } from '../forms/receipt.ts';
import { refusalOf, refusalPaper } from '../forms/refusal.ts';
import { entryOf, registerPaper } from '../forms/register.ts';
import { supplementRequestOf, supplementRequestPaper } from '../forms/supplement-request.ts';
import { renderPdf } from './render.ts';

const LETTERS = 'aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ';

const print = (paper: Paper): Promise<Buffer> => renderPdf(paper, async () => {});

/** The text of each page as another library reads it, spaces and line ends as one space. */
async function pagesOf(content: Buffer): Promise<string[]> {
  const { text } = await extractText(new Uint8Array(content), { mergePages: false });
  return text.map((page) => page.replaceAll(/\s+/g, ' '));
}

function paperOf<M>(
  of: (from: ReturnType<typeof sampleCase>) => { ok: true; value: M } | { ok: false },
  paper: (model: M) => Paper,
  from = sampleCase(),
): Paper {
  const model = of(from);
  if (!model.ok) throw new Error('the paper is not issued');
  return paper(model.value);
}

const named = (fullName: string) => {
  const { applicant } = sampleCase();
  return paperOf(receiptOf, receiptPaper, sampleCase({}, { applicant: { ...applicant, fullName } }));
};

describe('a paper as PDF', () => {
  test.each([
    [
      '01',
      paperOf(receiptOf, receiptPaper),
      [
        'GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ',
        '17 giờ 00 phút, ngày 26 tháng 01 năm 2026',
        'Trần Văn Hữu Đức',
      ],
    ],
    [
      '02',
      paperOf(supplementRequestOf, supplementRequestPaper, sampleCase(supplementAsked)),
      [
        'PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ',
        '2. Sơ đồ thửa đất',
        'Lê Thị Ngưỡng, Sở Nông nghiệp và Môi trường',
      ],
    ],
    [
      '03',
      paperOf(refusalOf, refusalPaper, sampleCase(refusedAtIntake)),
      ['PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ', 'Hồ sơ không thuộc thẩm quyền giải quyết.'],
    ],
    [
      '04',
      paperOf(apologyOf, apologyPaper, sampleCase(extended)),
      [
        'PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ',
        'vào lúc 17 giờ 00 phút, ngày 04 tháng 02 năm 2026',
        'Phạm Quốc Khánh',
      ],
    ],
    [
      '05',
      paperOf(controlSheetOf, controlSheetPaper),
      ['PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ', 'Quá hạn', 'Người nhận: Võ Hoàng Yến'],
    ],
  ])('form %s: its text can be taken from it, on one page', async (_, paper, texts) => {
    const [page = '', ...more] = await pagesOf(await print(paper));
    expect(more).toEqual([]);
    expect(page).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc');
    for (const text of texts) expect(page).toContain(text);
  });

  test('every Vietnamese letter is there, from either Unicode form', async () => {
    const letters = LETTERS + LETTERS.toLocaleUpperCase('vi');
    for (const form of ['NFC', 'NFD'] as const) {
      const [page = ''] = await pagesOf(await print(named(letters.normalize(form))));
      expect(page.replaceAll(' ', '')).toContain(letters);
    }
  });

  test('the same paper gives the same bytes, whatever was made in between', async () => {
    const once = await print(named('Nguyễn Thị Mẫu'));
    await print(named('Đặng\u00a0Văn Ð'));
    expect((await print(named('Nguyễn Thị Mẫu'))).equals(once)).toBe(true);
    expect((await print(named('Nguyễn Thị Mậu'))).equals(once)).toBe(false);
  });

  test('says its title, its language and its moment, and is tagged', async () => {
    const pdf = await getDocumentProxy(new Uint8Array(await print(paperOf(receiptOf, receiptPaper))));
    const { info } = await pdf.getMetadata();
    expect(info).toMatchObject({
      Title: 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả H61.29542-260105-0001',
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
    const pdf = await getDocumentProxy(new Uint8Array(await print(named('X'))));
    const [, , width = 0, height = 0] = (await pdf.getPage(1)).view;
    expect([Math.round(width), Math.round(height)]).toEqual([595, 842]);
  });

  test('10,000 characters without a space go on over the pages, all of them', async () => {
    const pages = await pagesOf(await print(named('Ữ'.repeat(10_000))));
    expect(pages.length).toBeGreaterThan(1);
    // As the applicant, and again below the signature.
    expect([...pages.join('').matchAll(/Ữ/g)]).toHaveLength(20_000);
  });

  test('what cannot be seen is left out', async () => {
    const [page = ''] = await pagesOf(await print(named('An\u202e\u2066 Bình\u0000\u200f')));
    expect(page).toContain('Tiếp nhận hồ sơ của: An Bình');
  });
});

describe('long tables', () => {
  const register = (count: number, address = 'Ấp An Thành') => {
    const { dossier, tasks, applicant, procedure } = sampleCase();
    const entries = Array.from({ length: count }, (_, i) => ({
      ...entryOf(dossier, tasks, { ...applicant, address }, procedure.name),
      code: `H61-${i + 1}-`,
    }));
    return registerPaper({
      at: at('2026-02-01T00:00'),
      agency: 'X',
      from: '2026-01-01',
      to: '2026-01-31',
      entries,
    });
  };

  test.each([100, 600])(
    '%i rows: the header is on every page, each row is there once and in order',
    async (count) => {
      const pages = await pagesOf(await print(register(count)));
      expect(pages.length).toBeGreaterThan(count / 25);
      for (const page of pages) expect(page).toContain('Mã hồ sơ');
      expect(pages[2]).toMatch(/^3 /);
      const rows = [...pages.join(' ').matchAll(/H61-(\d+)-/g)].map(([, n]) => Number(n));
      expect(rows).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    },
  );

  test('a row higher than a page goes on on the next', async () => {
    const words = Array.from({ length: 3_000 }, (_, i) => `từ${i}`);
    const pages = await pagesOf(await print(register(1, words.join(' '))));
    expect(pages.length).toBeGreaterThan(2);
    const found = [...pages.join(' ').matchAll(/từ(\d+)/g)].map(([, n]) => Number(n));
    expect(found).toEqual(words.map((_, i) => i));
  });
});
