import { DossierStatus, ReturnWay } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { expect, test } from 'vitest';
import { at, extended, sampleCase } from '../../../test/support/sample-case.ts';
import { oneStopAt } from '../../domain/law/one-stop.ts';
import { entryOf, registerPaper } from './register.ts';

const line = (state: Parameters<typeof sampleCase>[0] = {}, steps = sampleCase().tasks) => {
  const { dossier, applicant, procedure } = sampleCase(state);
  return entryOf(dossier, steps, applicant, procedure.name);
};

test('a line names the deciding agency, and when the dossier went there and came back', () => {
  expect(line({ finishedAt: at('2026-01-20T10:05') })).toEqual({
    code: 'H61.29542-260105-0001',
    procedure: 'Đăng ký biến động quyền sử dụng đất',
    applicant: 'Nguyễn Thị Bích Ngọc',
    address: 'Ấp An Thành, xã An Bình, tỉnh Vĩnh Long',
    phone: '0912 345 678',
    solvedBy: 'Sở Nông nghiệp và Môi trường',
    receivedAt: at('2026-01-05T08:30'),
    dueAt: at('2026-01-26T17:00'),
    dueProvisional: false,
    passedOnAt: at('2026-01-06T10:00'),
    finishedAt: at('2026-01-20T10:05'),
    returnedAt: null,
    returnWay: 'Trực tiếp',
    note: '',
  });
});

test('the intake agency decides when no other does', () => {
  expect(line({}, sampleCase().tasks.slice(0, 1))).toMatchObject({
    solvedBy: 'Ủy ban nhân dân xã An Bình',
    passedOnAt: at('2026-01-05T08:40'),
  });
  expect(line({}, [])).toMatchObject({ solvedBy: '', passedOnAt: null });
});

test('pauses and refusals are noted', () => {
  expect(line({ status: DossierStatus.WITHDRAWN }).note).toBe('Đã rút hồ sơ');
  expect(line({ ...extended, status: DossierStatus.STOPPED }).note).toBe(
    'Dừng xử lý; Đã xin lỗi và hẹn lại ngày trả kết quả',
  );
});

test('a provisional appointment is marked', () => {
  const paper = registerPaper({
    at: 0,
    unit: oneStopAt([{ name: 'Ủy ban nhân dân xã An Bình', tier: Tier.COMMUNE }], '2026-01-31'),
    form: { number: '07', source: 'Thông tư 03/2025/TT-VPCP' },
    from: '2026-01-01',
    to: '2026-01-31',
    entries: [line({ dueAt: at('2027-03-02T17:00'), provisional: true })],
  });
  const table = paper.blocks.find((block) => block.kind === 'table');
  expect(table?.rows[0]).toContain('02/3/2027\n(tạm tính)');
});

test('the table has the columns of the form', () => {
  const paper = registerPaper({
    at: 0,
    unit: oneStopAt([{ name: 'Ủy ban nhân dân xã An Bình', tier: Tier.COMMUNE }], '2026-01-31'),
    form: { number: '07', source: 'Thông tư 03/2025/TT-VPCP' },
    from: '2026-01-01',
    to: '2026-01-31',
    entries: [
      line({
        returnedAt: at('2026-01-21T09:00'),
        resultReturn: { way: ReturnWay.POST, place: 'Ấp 3', agencyId: '' },
      }),
    ],
  });
  const table = paper.blocks.find((block) => block.kind === 'table');
  expect(table?.rows).toEqual([
    [
      '1',
      'H61.29542-260105-0001',
      'Đăng ký biến động quyền sử dụng đất',
      '01',
      'Nguyễn Thị Bích Ngọc',
      'Ấp An Thành, xã An Bình, tỉnh Vĩnh Long\n0912 345 678',
      'Sở Nông nghiệp và Môi trường',
      '05/01/2026',
      '26/01/2026',
      '06/01/2026',
      '',
      '21/01/2026',
      'Bưu chính',
      '',
      '',
    ],
  ]);
  expect(table?.columns).toHaveLength(15);
});
