import type { Refusal, Result } from '@lienthong/kit';
import { describe, expect, test } from 'vitest';
import {
  at,
  commune,
  department,
  extended,
  refusedAtIntake,
  sampleCase,
  supplementAsked,
} from '../../../test/support/sample-case.ts';
import { apologyOf } from './apology.ts';
import { receiptOf } from './receipt.ts';
import { refusalOf } from './refusal.ts';
import { supplementRequestOf } from './supplement-request.ts';

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
};

describe('form 01, the receipt', () => {
  test('names the applicant, the papers and the appointment', () => {
    expect(modelOf(receiptOf(sampleCase()))).toEqual({
      at: at('2026-01-05T08:40'),
      agency: 'Ủy ban nhân dân xã An Bình',
      number: '260105-0001/TNHS',
      placeAndDate: 'An Bình, ngày 05 tháng 01 năm 2026',
      code: 'H61.29542-260105-0001',
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
      register: { book: '2026', number: '260105-0001' },
      receivedBy: 'Trần Văn Hữu Đức',
      resultAt: 'Ủy ban nhân dân xã An Bình',
    });
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
    expect(modelOf(receiptOf(sampleCase({}, { place: () => '' }))).placeAndDate).toBe(
      'Ngày 05 tháng 01 năm 2026',
    );
  });
});

test('past acts keep the names of their time; open ones have those of today', () => {
  const intake = { ...commune, name: 'Ủy ban nhân dân xã Long Hồ' };
  const { apology, receipt } = {
    receipt: modelOf(receiptOf(sampleCase({ intake }))),
    apology: modelOf(apologyOf(sampleCase({ ...extended, intake }))),
  };
  expect(receipt).toMatchObject({
    agency: 'Ủy ban nhân dân xã An Bình',
    resultAt: 'Ủy ban nhân dân xã Long Hồ',
  });
  expect(apology.receivedBy).toBe('Ủy ban nhân dân xã An Bình');
});

test('form 02 lists the missing papers, also after the supplement', () => {
  expect(modelOf(supplementRequestOf(sampleCase(supplementAsked)))).toEqual({
    at: at('2026-01-07T14:00'),
    agency: 'Sở Nông nghiệp và Môi trường',
    atOneStop: false,
    number: '260105-0001/HDHS',
    placeAndDate: 'Vĩnh Long, ngày 07 tháng 01 năm 2026',
    code: 'H61.29542-260105-0001',
    applicant,
    request: 'Đăng ký biến động quyền sử dụng đất',
    missing: ['Bản sao giấy chứng nhận có chứng thực', 'Sơ đồ thửa đất'],
    askedBy: 'Lê Thị Ngưỡng',
  });
});

describe('form 03, the refusal', () => {
  test('gives the reason, in the name of the one-stop unit', () => {
    expect(modelOf(refusalOf(sampleCase(refusedAtIntake)))).toEqual({
      at: at('2026-01-06T09:05'),
      agency: 'Ủy ban nhân dân xã An Bình',
      number: '260105-0001/TCHS',
      placeAndDate: 'An Bình, ngày 06 tháng 01 năm 2026',
      code: 'H61.29542-260105-0001',
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
      agency: 'Ủy ban nhân dân xã An Bình',
      placeAndDate: 'An Bình, ngày 08 tháng 01 năm 2026',
      refusedBy: '',
    });
  });
});

test('form 04 apologises and names the old date and the new one', () => {
  expect(modelOf(apologyOf(sampleCase(extended)))).toEqual({
    at: at('2026-01-23T10:00'),
    agency: 'Sở Nông nghiệp và Môi trường',
    number: '260105-0001/PXL',
    placeAndDate: 'Vĩnh Long, ngày 23 tháng 01 năm 2026',
    code: 'H61.29542-260105-0001',
    applicant: 'Nguyễn Thị Bích Ngọc',
    request: 'Đăng ký biến động quyền sử dụng đất',
    receivedBy: 'Ủy ban nhân dân xã An Bình',
    receivedOn: 'ngày 05 tháng 01 năm 2026',
    promisedFor: '17 giờ 00 phút, ngày 26 tháng 01 năm 2026',
    reason: 'cần xác minh ranh giới thửa đất với các hộ liền kề.',
    newDate: '17 giờ 00 phút, ngày 04 tháng 02 năm 2026',
    head: 'Phạm Quốc Khánh',
  });
});

test.each([
  ['01', receiptOf, { acts: {} }],
  ['02', supplementRequestOf, {}],
  ['03', refusalOf, {}],
  ['04', apologyOf, {}],
])('form %s does not exist before what it states has happened', (_, of, state) => {
  expect(refusalIn(of(sampleCase(state)))).toMatchObject({
    kind: 'failed-precondition',
    reason: 'PAPER_NOT_ISSUED',
  });
});
