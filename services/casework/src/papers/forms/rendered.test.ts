import { Form } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { createPress, type Paper, renderHtml } from '@lienthong/paper';
import { extractText } from 'unpdf';
import { afterAll, describe, expect, test } from 'vitest';
import {
  extended,
  refusedAtIntake,
  sampleCase,
  stopped,
  supplementAsked,
} from '../../../test/support/sample-case.ts';
import { formsFor } from '../../domain/law/forms.ts';
import { oneStopAt } from '../../domain/law/one-stop.ts';
import { formInForce } from '../head.ts';
import { apologyOf, apologyPaper } from './apology.ts';
import { controlSheetOf, controlSheetPaper } from './control-sheet.ts';
import { receiptOf, receiptPaper } from './receipt.ts';
import { refusalOf, refusalPaper } from './refusal.ts';
import { registerPaper } from './register.ts';
import { stopNoticeOf, stopNoticePaper } from './stop-notice.ts';
import { supplementRequestOf, supplementRequestPaper } from './supplement-request.ts';

const press = createPress();
afterAll(() => press.stop());

function paperOf<M>(
  of: (from: ReturnType<typeof sampleCase>) => { ok: true; value: M } | { ok: false },
  paper: (model: M) => Paper,
  from = sampleCase(),
): Paper {
  const model = of(from);
  if (!model.ok) throw new Error('the paper is not issued');
  return paper(model.value);
}

const MOTTO = 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM';

describe.each([
  [
    '01',
    paperOf(receiptOf, receiptPaper),
    [
      'GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ',
      'Tiếp nhận hồ sơ của: Nguyễn Thị Bích Ngọc',
      '3. Thời gian giải quyết hồ sơ theo quy định là: 15 ngày làm việc',
      '17 giờ 00 phút, ngày 26 tháng 01 năm 2026',
      'Trần Văn Hữu Đức',
      '6. Nhận kết quả tại: Trung tâm Phục vụ hành chính công xã An Bình, trực tiếp',
      'Cơ quan giải quyết hồ sơ: Ủy ban nhân dân xã An Bình',
      'Mẫu số 01 theo Thông tư 03/2025/TT-VPCP; giải quyết theo Nghị định 118/2025/NĐ-CP.',
    ],
  ],
  [
    '02',
    paperOf(supplementRequestOf, supplementRequestPaper, sampleCase(supplementAsked)),
    [
      'PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ',
      'Sơ đồ thửa đất',
      'Lý do: Bản sao đã nộp bị mờ.',
      'Lê Thị Ngưỡng, Sở Nông nghiệp và Môi trường, số điện thoại 0270 3822 777',
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
      'vào lúc 17 giờ 00 phút, thứ Tư, ngày 04/02/2026',
      'Phạm Quốc Khánh',
    ],
  ],
  [
    '05',
    paperOf(stopNoticeOf, stopNoticePaper, sampleCase(stopped)),
    [
      'ỦY BAN NHÂN DÂN TỈNH VĨNH LONG',
      'THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ',
      'Thửa đất đang có tranh chấp.',
      'Phạm Quốc Khánh',
    ],
  ],
  [
    '06',
    paperOf(controlSheetOf, controlSheetPaper),
    ['PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ', 'Quá hạn', 'Người nhận: Võ Hoàng Yến'],
  ],
])('form %s', (_, paper, texts) => {
  test('gives its text as PDF, on one page', async () => {
    const { text } = await extractText(new Uint8Array(await press.print(paper, 'pdf')), {
      mergePages: false,
    });
    const [page = '', ...more] = text.map((one) => one.replaceAll(/\s+/g, ' '));
    expect(more).toEqual([]);
    for (const part of [MOTTO, ...texts]) expect(page).toContain(part);
  });

  test('gives its text as a page', () => {
    const html = renderHtml(paper)
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ');
    for (const part of [MOTTO, ...texts]) expect(html).toContain(part);
  });
});

const registerHead = {
  unit: oneStopAt([{ name: 'Ủy ban nhân dân xã An Bình', tier: Tier.COMMUNE }], '2026-01-02'),
  form: formInForce(Form.REGISTER, formsFor('2026-01-02', '2026-01-02')),
};

test('the register is in landscape, with grouped columns and a text when it is empty', () => {
  const html = renderHtml(
    registerPaper({ at: 0, ...registerHead, from: '2026-01-01', to: '2026-01-02', entries: [] }),
  );
  expect(html).toContain('size: A4 landscape');
  expect(html).toContain('<th scope="colgroup" colspan="4">Ngày, tháng, năm</th>');
  expect(html).toContain('<th scope="colgroup" colspan="3">Trả kết quả</th>');
  expect(html).toContain('Không có hồ sơ nào được nộp trong thời gian này.');
  expect(html).toContain('Mẫu số 07 theo Thông tư 03/2025/TT-VPCP.');
  expect(html).toContain('TRUNG TÂM PHỤC VỤ');
});
