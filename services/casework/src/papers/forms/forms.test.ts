import { ApplicantKind, ReturnWay, Submitter } from '@lienthong/contracts/casework';
import type { Refusal, Result } from '@lienthong/kit';
import { describe, expect, test } from 'vitest';
import {
  at,
  commune,
  department,
  extended,
  office,
  refusedAtIntake,
  sampleCase,
  stopped,
  supplementAsked,
} from '../../../test/support/sample-case.ts';
import type { Case } from '../case.ts';
import { letterheadOf } from '../head.ts';
import { apologyOf, apologyPaper } from './apology.ts';
import { controlSheetOf } from './control-sheet.ts';
import { receiptOf, receiptPaper } from './receipt.ts';
import { refusalOf, refusalPaper } from './refusal.ts';
import { stopNoticeOf, stopNoticePaper } from './stop-notice.ts';
import { supplementRequestOf, supplementRequestPaper } from './supplement-request.ts';

const modelOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
};
const refusalIn = (result: Result<unknown>): Refusal | undefined => (result.ok ? undefined : result.refusal);

const applicant = {
  name: 'Nguyễn Thị Bích Ngọc',
  address: 'Ấp An Thành, xã An Bình, tỉnh Vĩnh Long',
  phone: '0912 345 678',
  email: 'ngoc@example.vn',
  salutation: 'Ông/Bà',
};

const oneStop = {
  name: 'Trung tâm Phục vụ hành chính công',
  letterhead: 'TRUNG TÂM PHỤC VỤ\nHÀNH CHÍNH CÔNG',
  agency: 'Ủy ban nhân dân xã An Bình',
  title: 'Trung tâm Phục vụ hành chính công xã An Bình',
  ownSeal: true,
};
const head = { code: 'H61.29542-260105-0001', agencyCode: 'H61', decree: 'Nghị định 118/2025/NĐ-CP' };
const byOneStop = { ...head, superior: '', agency: 'Ủy ban nhân dân xã An Bình', unit: oneStop };
const byDepartment = {
  ...head,
  superior: 'Ủy ban nhân dân tỉnh Vĩnh Long',
  agency: 'Sở Nông nghiệp và Môi trường',
  unit: undefined,
};
const form = (number: string) => ({ number, source: 'Thông tư 03/2025/TT-VPCP' });

describe('the receipt', () => {
  test('names the applicant, the papers and the appointment', () => {
    expect(modelOf(receiptOf(sampleCase()))).toEqual({
      head: {
        ...byOneStop,
        at: at('2026-01-05T08:40'),
        number: '260105-0001/TNHS',
        placeAndDate: 'An Bình, ngày 05 tháng 01 năm 2026',
        form: form('01'),
      },
      applicant,
      request: 'Đăng ký biến động quyền sử dụng đất (mã thủ tục: 1.004227)',
      papers: [
        'Đơn đăng ký biến động (Mẫu số 11/ĐK) (bản chính: 01)',
        'Giấy chứng nhận quyền sử dụng đất (bản chính: 01; bản sao: 02; bản điện tử)',
        'Ảnh hiện trạng',
      ],
      timeLimit: '15 ngày làm việc',
      receivedAt: '08 giờ 30 phút, ngày 05 tháng 01 năm 2026',
      dueAt: '17 giờ 00 phút, ngày 26 tháng 01 năm 2026',
      resultAt: 'Trung tâm Phục vụ hành chính công xã An Bình, trực tiếp',
      solvedBy: 'Ủy ban nhân dân xã An Bình',
      submitter: '',
      handedInBy: 'Nguyễn Thị Bích Ngọc',
      register: { book: '2026', number: '260105-0001' },
      receivedBy: 'Trần Văn Hữu Đức',
      trackingUrl: '',
      changed: [],
    });
  });

  test('states the fee with its rules, after the lines of the form', () => {
    const fee = {
      key: 'phi',
      name: 'Phí',
      rule: { name: '', unit: 'bản', included: 0, source: '', amountVnd: 8_000 },
      count: 3,
      relief: null,
      amountVnd: 24_000,
    };
    const receipt = modelOf(receiptOf(sampleCase({ fees: { each: [fee] } })));
    expect(receipt.fee).toBe('24.000 đồng (Phí: 8.000 đồng/bản × 3 bản = 24.000 đồng)');
    expect(JSON.stringify(receiptPaper(receipt).blocks)).toContain(
      '"label":"Phí, lệ phí","value":"24.000 đồng',
    );
    expect(modelOf(receiptOf(sampleCase({ fees: { each: [] } }))).fee).toBe('không thu');
    expect(JSON.stringify(receiptPaper(modelOf(receiptOf(sampleCase()))).blocks)).not.toContain('lệ phí');
  });

  test('names the case of the procedure', () => {
    expect(modelOf(receiptOf(sampleCase({}, { caseName: 'Phải xác minh' }))).request).toBe(
      'Đăng ký biến động quyền sử dụng đất (mã thủ tục: 1.004227); Phải xác minh',
    );
  });

  test('names who solves it, another counter, and who hands it in for the applicant', () => {
    const base = sampleCase();
    const submitter = Submitter.fromPartial({
      fullName: 'Lê Văn Được',
      phone: '+84912345678',
      authorisation: 'Giấy ủy quyền số 12 ngày 02/01/2026',
    });
    const { accepted } = base.dossier.acts;
    const of = sampleCase(
      {
        acts: { accepted: accepted && { ...accepted, competent: department } },
        // Later changes of who is competent are no matter of the receipt.
        competent: office,
        resultReturn: { way: ReturnWay.COUNTER, place: '', agencyId: department.agencyId },
      },
      { applicant: { ...base.applicant, submitter } },
    );
    const receipt = modelOf(receiptOf(of));
    expect(receipt).toMatchObject({
      solvedBy: 'Sở Nông nghiệp và Môi trường',
      resultAt: 'Trung tâm Phục vụ hành chính công tỉnh Vĩnh Long, trực tiếp',
      submitter: 'Lê Văn Được (theo ủy quyền: Giấy ủy quyền số 12 ngày 02/01/2026; điện thoại 0912 345 678)',
      handedInBy: 'Lê Văn Được',
    });
    const text = textOf(receiptPaper(receipt));
    expect(text).toContain('Người nộp hồ sơ');
    expect(text).toContain('Cơ quan giải quyết hồ sơ');
    const plain = { ...submitter, phone: '', authorisation: '' };
    const other = sampleCase({}, { applicant: { ...base.applicant, submitter: plain } });
    expect(modelOf(receiptOf(other)).submitter).toBe('Lê Văn Được (được ủy quyền)');
  });

  test('says that an appointment is provisional', () => {
    const state = { dueAt: at('2027-03-02T17:00'), provisional: true };
    expect(modelOf(receiptOf(sampleCase(state))).dueAt).toBe(
      '17 giờ 00 phút, ngày 02 tháng 3 năm 2027 (tạm tính, được tính lại khi có quyết định về lịch nghỉ lễ, tết của năm)',
    );
    const extension = { from: 0, to: at('2027-03-02T17:00'), reason: '', at: 0, provisional: true };
    expect(modelOf(apologyOf(sampleCase({ ...extended, extension }))).newDate).toContain('(tạm tính');
    expect(modelOf(apologyOf(sampleCase(extended))).newDate).not.toContain('tạm tính');
  });

  test('has no appointment while the clock is paused', () => {
    const pause = { status: 8, since: 0, content: '', amountVnd: 0 } as const;
    expect(modelOf(receiptOf(sampleCase({ dueAt: null, pause }))).dueAt).toBe(
      'đang tạm dừng tính thời hạn; được hẹn lại khi hồ sơ tiếp tục được giải quyết',
    );
    expect(modelOf(receiptOf(sampleCase({ dueAt: null, clock: null })))).toMatchObject({
      timeLimit: 'không quy định',
      dueAt: 'thủ tục không quy định thời hạn',
    });
    expect(modelOf(receiptOf(sampleCase({ dueAt: null }))).dueAt).toBe(
      'hồ sơ đã dừng giải quyết, không hẹn trả kết quả',
    );
  });

  test('has no date line without a known place', () => {
    expect(modelOf(receiptOf(sampleCase({}, { place: () => '' }))).head.placeAndDate).toBe(
      'Ngày 05 tháng 01 năm 2026',
    );
  });

  test.each([
    [
      ReturnWay.COUNTER,
      'Trung tâm Phục vụ hành chính công xã Long Hồ',
      'Trung tâm Phục vụ hành chính công xã Long Hồ, trực tiếp',
    ],
    [ReturnWay.POST, '', 'địa chỉ Ấp An Thành, xã An Bình, tỉnh Vĩnh Long, qua dịch vụ bưu chính'],
    [ReturnWay.POST, 'Số 3, Phường 9', 'địa chỉ Số 3, Phường 9, qua dịch vụ bưu chính'],
    [ReturnWay.ELECTRONIC, '', 'ngoc@example.vn, bản điện tử'],
  ])('states how and where the result is taken: %s %s', (way, place, text) => {
    expect(modelOf(receiptOf(sampleCase({ resultReturn: { way, place, agencyId: '' } }))).resultAt).toBe(
      text,
    );
  });

  describe('printed again', () => {
    const accepted = {
      at: at('2026-01-05T08:40'),
      officerId: 'clerk',
      agency: commune,
      dueAt: at('2026-01-26T17:00'),
      papers: 2,
    };
    const again = (state: Parameters<typeof sampleCase>[0]) =>
      modelOf(receiptOf(sampleCase({ acts: { accepted }, ...state })));

    test('states the papers and the appointment of the acceptance, and the appointment in force', () => {
      const receipt = again({ dueAt: at('2026-02-04T17:00') });
      expect(receipt.papers).toHaveLength(2);
      expect(receipt.dueAt).toBe('17 giờ 00 phút, ngày 26 tháng 01 năm 2026');
      expect(receipt.changed).toEqual([
        'thời gian trả kết quả hẹn khi tiếp nhận là 17 giờ 00 phút, thứ Hai, ngày 26/01/2026; hiện nay: 17 giờ 00 phút, thứ Tư, ngày 04/02/2026',
      ]);
      expect(textOf(receiptPaper(receipt))).toContain('Bản in lại: thời gian trả kết quả hẹn khi tiếp nhận');
    });

    test('says that the appointment was provisional, and that it is not any more', () => {
      const acts = { accepted: { ...accepted, provisional: true } };
      expect(again({ acts, provisional: true })).toMatchObject({
        dueAt: expect.stringContaining('(tạm tính'),
        changed: [],
      });
      expect(again({ acts })).toMatchObject({
        dueAt: expect.stringContaining('(tạm tính'),
        changed: ['thời gian trả kết quả không còn là tạm tính'],
      });
    });

    test('states that the clock is paused', () => {
      const pause = { status: 5, since: 0, content: '', amountVnd: 0 } as const;
      expect(again({ dueAt: null, pause }).changed).toEqual([
        expect.stringMatching(/ngày 26\/01\/2026; hiện nay: đang tạm dừng tính thời hạn/),
      ]);
    });

    test('states what was paid since', () => {
      const payments = [
        { amountVnd: 75_000, receipt: 'FT-1', at: at('2026-01-16T09:00'), provider: 'Cổng thanh toán' },
        { amountVnd: 8_000, receipt: 'BL-2', at: at('2026-01-17T09:00') },
      ];
      expect(again({ payments }).changed).toEqual([
        'đã nộp 75.000 đồng qua Cổng thanh toán ngày 16/01/2026, biên lai số FT-1',
        'đã nộp 8.000 đồng ngày 17/01/2026, biên lai số BL-2',
      ]);
    });

    test('is no reprint while nothing has changed', () => {
      const receipt = again({});
      expect(receipt.changed).toEqual([]);
      expect(textOf(receiptPaper(receipt))).not.toContain('Bản in lại');
    });
  });
});

/** All text of a paper. */
const textOf = (paper: unknown): string => JSON.stringify(paper);

test('past acts keep the names of their time; a reprint names the agency of today', () => {
  const intake = { ...commune, agencyId: 'successor', name: 'Ủy ban nhân dân xã Long Hồ' };
  const receipt = modelOf(receiptOf(sampleCase({ intake, changedAt: at('2026-02-02T08:00') })));
  expect(receipt).toMatchObject({
    head: { agency: 'Ủy ban nhân dân xã An Bình' },
    resultAt: 'Trung tâm Phục vụ hành chính công xã An Bình, trực tiếp',
    changed: ['nơi tiếp nhận và trả kết quả hiện nay: Trung tâm Phục vụ hành chính công xã Long Hồ'],
  });
  expect(modelOf(apologyOf(sampleCase({ ...extended, intake }))).receivedBy).toBe(
    'Ủy ban nhân dân xã An Bình',
  );
});

describe('the supplement request', () => {
  test('lists the missing papers with the officer’s reason and telephone, also after the supplement', () => {
    expect(modelOf(supplementRequestOf(sampleCase(supplementAsked)))).toEqual({
      head: {
        ...byDepartment,
        at: at('2026-01-07T14:00'),
        number: '260105-0001/HDHS',
        placeAndDate: 'Vĩnh Long, ngày 07 tháng 01 năm 2026',
        form: form('02'),
      },
      applicant,
      request: 'Đăng ký biến động quyền sử dụng đất',
      missing: ['Bản sao giấy chứng nhận có chứng thực', 'Sơ đồ thửa đất'],
      reason: 'Bản sao đã nộp bị mờ.',
      requestedBy: { name: 'Lê Thị Ngưỡng', agency: 'Sở Nông nghiệp và Môi trường', phone: '0270 3822 777' },
    });
  });

  test('leaves room for a reason and a telephone that were not given', () => {
    const { supplement } = supplementAsked.acts ?? {};
    if (supplement === undefined) throw new Error('the sample has no supplement');
    const { reason, phone, ...rest } = supplement;
    const paper = supplementRequestPaper(
      modelOf(supplementRequestOf(sampleCase({ acts: { supplement: rest } }))),
    );
    expect([reason, phone]).not.toContain('');
    expect(textOf(paper)).toContain('"label":"Lý do","value":"……');
    expect(textOf(paper)).toContain('Sở Nông nghiệp và Môi trường, số điện thoại ……');
  });
});

describe('the refusal', () => {
  test('gives the reason, in the name of the one-stop unit', () => {
    expect(modelOf(refusalOf(sampleCase(refusedAtIntake)))).toEqual({
      head: {
        ...byOneStop,
        at: at('2026-01-06T09:05'),
        number: '260105-0001/TCHS',
        placeAndDate: 'An Bình, ngày 06 tháng 01 năm 2026',
        form: form('03'),
      },
      applicant,
      request: 'Đăng ký biến động quyền sử dụng đất',
      reason: 'Hồ sơ không thuộc thẩm quyền giải quyết.',
      refusedBy: 'Trần Văn Hữu Đức',
    });
  });

  test('leaves the signature to the one-stop unit when another agency refused', () => {
    const accepted = { at: at('2026-01-05T08:40'), officerId: 'clerk', agency: commune };
    const refused = { at: at('2026-01-08T09:00'), officerId: 'examiner', agency: department };
    expect(modelOf(refusalOf(sampleCase({ acts: { accepted, refused } })))).toMatchObject({
      head: {
        agency: 'Ủy ban nhân dân xã An Bình',
        placeAndDate: 'An Bình, ngày 08 tháng 01 năm 2026',
      },
      refusedBy: '',
    });
  });
});

test('the apology names the old date and the new one', () => {
  expect(modelOf(apologyOf(sampleCase(extended)))).toEqual({
    head: {
      ...byDepartment,
      at: at('2026-01-23T10:00'),
      number: '260105-0001/PXL',
      placeAndDate: 'Vĩnh Long, ngày 23 tháng 01 năm 2026',
      form: form('04'),
    },
    applicant,
    request: 'Đăng ký biến động quyền sử dụng đất',
    receivedBy: 'Ủy ban nhân dân xã An Bình',
    receivedOn: 'thứ Hai, ngày 05/01/2026',
    promisedFor: '17 giờ 00 phút, ngày 26 tháng 01 năm 2026',
    reason: 'cần xác minh ranh giới thửa đất với các hộ liền kề.',
    newDate: '17 giờ 00 phút, thứ Tư, ngày 04/02/2026',
    leader: 'Phạm Quốc Khánh',
  });
});

describe('the stop notice', () => {
  test('gives the reason and the appointment that no longer holds', () => {
    expect(modelOf(stopNoticeOf(sampleCase(stopped)))).toEqual({
      head: {
        ...byDepartment,
        at: at('2026-01-22T09:15'),
        number: '260105-0001/TBD',
        placeAndDate: 'Vĩnh Long, ngày 22 tháng 01 năm 2026',
        form: form('05'),
      },
      applicant,
      request: 'Đăng ký biến động quyền sử dụng đất',
      receivedAt: '08 giờ 30 phút, ngày 05 tháng 01 năm 2026',
      stoppedAt: '09 giờ 15 phút, ngày 22 tháng 01 năm 2026',
      promisedFor: '17 giờ 00 phút, thứ Hai, ngày 26/01/2026',
      reason: 'Thửa đất đang có tranh chấp.',
      leader: 'Phạm Quốc Khánh',
    });
  });

  test('does not exist among the six forms of TT 01/2018', () => {
    expect(
      refusalIn(stopNoticeOf(sampleCase({ ...stopped, lodgedAt: at('2025-09-12T08:30') }))),
    ).toMatchObject({
      reason: 'PAPER_NOT_ISSUED',
      message: expect.stringContaining('Thông tư 01/2018/TT-VPCP'),
    });
  });
});

describe('the law of a paper', () => {
  const control = (lodgedAt: string, more: Partial<Case> = {}) =>
    modelOf(controlSheetOf(sampleCase({ lodgedAt: at(lodgedAt) }, more))).head;

  test.each([
    ['2025-06-30T16:00', '05', 'Thông tư 01/2018/TT-VPCP', 'Nghị định 61/2018/NĐ-CP'],
    ['2025-07-01T08:00', '05', 'Thông tư 01/2018/TT-VPCP', 'Nghị định 118/2025/NĐ-CP'],
    ['2025-09-14T23:59', '05', 'Thông tư 01/2018/TT-VPCP', 'Nghị định 118/2025/NĐ-CP'],
    ['2025-09-15T00:00', '06', 'Thông tư 03/2025/TT-VPCP', 'Nghị định 118/2025/NĐ-CP'],
  ])('is that of the day the dossier was lodged: %s', (lodgedAt, number, source, decree) => {
    expect(control(lodgedAt)).toMatchObject({ form: { number, source }, decree });
  });

  test.each([
    ['the receipt', () => receiptPaper(modelOf(receiptOf(sampleCase()))), '01'],
    [
      'the supplement request',
      () => supplementRequestPaper(modelOf(supplementRequestOf(sampleCase(supplementAsked)))),
      '02',
    ],
    ['the refusal', () => refusalPaper(modelOf(refusalOf(sampleCase(refusedAtIntake)))), '03'],
    ['the apology', () => apologyPaper(modelOf(apologyOf(sampleCase(extended)))), '04'],
    ['the stop notice', () => stopNoticePaper(modelOf(stopNoticeOf(sampleCase(stopped)))), '05'],
  ])('is cited by %s', (_, paper, number) => {
    expect(textOf(paper())).toContain(
      `Mẫu số ${number} theo Thông tư 03/2025/TT-VPCP; giải quyết theo Nghị định 118/2025/NĐ-CP.`,
    );
  });

  test('names and seals the one-stop unit as on the day of the paper', () => {
    const before = at('2025-06-30T16:00');
    const act = { at: before, officerId: 'clerk', agency: commune };
    const old = refusalPaper(
      modelOf(refusalOf(sampleCase({ lodgedAt: before, acts: { refused: act }, reason: 'x' }))),
    );
    expect(textOf(old)).toContain('BỘ PHẬN TIẾP NHẬN\\nVÀ TRẢ KẾT QUẢ');
    expect(textOf(old)).toContain('Bộ phận Tiếp nhận và Trả kết quả, Ủy ban nhân dân xã An Bình thông báo');
    expect(textOf(old)).not.toContain('đóng dấu');
    const today = textOf(refusalPaper(modelOf(refusalOf(sampleCase(refusedAtIntake)))));
    expect(today).toContain('Trung tâm Phục vụ hành chính công xã An Bình thông báo');
    expect(today).toContain('(Ký, ghi rõ họ tên và đóng dấu)');
  });
});

test('a department’s paper has the superior agency above its name, a commune’s has none', () => {
  const of = (agency: typeof commune) =>
    letterheadOf(
      modelOf(
        apologyOf(
          sampleCase({
            ...extended,
            acts: { extended: { at: at('2026-01-23T10:00'), officerId: '', agency } },
          }),
        ),
      ).head,
    );
  expect(of(department)).toMatchObject({
    superior: 'ỦY BAN NHÂN DÂN TỈNH VĨNH LONG',
    agency: 'SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG',
  });
  expect(of(commune)).toMatchObject({ superior: '', agency: 'ỦY BAN NHÂN DÂN XÃ AN BÌNH' });
});

test.each([
  [ApplicantKind.CITIZEN, 'Ông/Bà'],
  [ApplicantKind.FOREIGN, 'Ông/Bà'],
  [ApplicantKind.HOUSEHOLD, 'Quý hộ'],
  [ApplicantKind.ORGANISATION, 'Quý cơ quan, tổ chức'],
  [ApplicantKind.UNSPECIFIED, 'Ông/Bà (hoặc tổ chức)'],
])('papers address an applicant of kind %s as %s', (kind, salutation) => {
  const from = sampleCase(extended);
  const text = textOf(apologyPaper(modelOf(apologyOf({ ...from, applicant: { ...from.applicant, kind } }))));
  expect(text).toContain(`tiếp nhận hồ sơ của ${salutation};`);
  expect(text).toContain(`xin lỗi ${salutation} và`);
  if (salutation !== 'Ông/Bà (hoặc tổ chức)') expect(text).not.toContain('hoặc tổ chức');
});

test.each([
  ['the receipt', receiptOf, { acts: {} }],
  ['the supplement request', supplementRequestOf, {}],
  ['the refusal', refusalOf, {}],
  ['the apology', apologyOf, {}],
  ['the stop notice', stopNoticeOf, {}],
])('%s does not exist before what it states has happened', (_, of, state) => {
  expect(refusalIn(of(sampleCase(state)))).toMatchObject({
    kind: 'failed-precondition',
    reason: 'PAPER_NOT_ISSUED',
  });
});
