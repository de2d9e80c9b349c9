import { randomUUID } from 'node:crypto';
import type { DeepPartial, LodgeDossierRequest, RenderPaperRequest } from '@lienthong/contracts/casework';
import { Form, Format, ReturnWay } from '@lienthong/contracts/casework';
import { Channel, type Procedure } from '@lienthong/contracts/registry';
import { renderHtml } from '@lienthong/paper';
import { ended } from '@lienthong/reference-data/testing';
import { LONGEST_TURN_MS, longestTurnAtBest, refusalOf } from '@lienthong/testkit';
import { extractText } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const TRACKING = 'https://lienthong.example.vn/tra-cuu';
let world: World;
let building: Procedure;

beforeAll(async () => {
  world = await openWorld({ env: { CASEWORK_TRACKING_URL: TRACKING } });
  await settle(world, p);
  building = fourSteps();
  await world.publish(building);
});
afterAll(() => world.stop());

const clerk = () => world.as(p.commune.clerk);
const lodge = async (more: DeepPartial<LodgeDossierRequest> = {}) =>
  clerk().casework.lodgeDossier(lodging(building, more));

type Request = DeepPartial<RenderPaperRequest>;
const formOf = async (request: Request, by = clerk()) => {
  const { formNumber, formSource } = await by.casework.renderPaper(request);
  return [formNumber, formSource];
};
const html = async (request: Request, by = clerk()) => {
  const { content, contentType } = await by.casework.renderPaper(request);
  expect(contentType).toBe('text/html; charset=utf-8');
  return Buffer.from(content).toString();
};
const pdf = async (request: Request, by = clerk()) => {
  const { content, contentType } = await by.casework.renderPaper({ ...request, format: Format.PDF });
  expect(contentType).toBe('application/pdf');
  const { text } = await extractText(new Uint8Array(content), { mergePages: true });
  return text.replaceAll(/\s+/g, ' ');
};
const notIssued = { code: 'FAILED_PRECONDITION', reason: 'PAPER_NOT_ISSUED' };
const refused = (request: Request, by = clerk()) => refusalOf(by.casework.renderPaper(request));

describe('papers of a dossier', () => {
  test('the receipt is available from acceptance on, in both formats', async () => {
    const { dossierId, code } = await lodge({ accept: false, channel: Channel.ONLINE });
    expect(await refused({ form: Form.RECEIPT, dossierId })).toMatchObject(notIssued);
    expect(await refused({ form: Form.CONTROL_SHEET, dossierId })).toMatchObject(notIssued);
    await clerk().casework.acceptDossier({ requestId: randomUUID(), dossierId });
    const request = { form: Form.RECEIPT, dossierId };
    const expected = [
      code,
      'ỦY BAN NHÂN DÂN XÃ AN BÌNH',
      'An Bình, ngày 15 tháng 01 năm 2026',
      'Nguyễn Thị Mẫu',
      'Đơn đề nghị (bản chính: 01)',
      '08 giờ 00 phút, ngày 15 tháng 01 năm 2026',
      'Phạm Thị Một Cửa',
      'Trung tâm Phục vụ hành chính công xã An Bình, trực tiếp',
    ];
    for (const paper of [await html(request), await pdf(request)])
      for (const text of expected) expect(paper).toContain(text);
  });

  test('the receipt has a QR code that leads to the page of the dossier, without the secret', async () => {
    const { dossierId, code, trackingSecret } = await lodge();
    const caption = 'Quét mã để tra cứu hồ sơ, rồi nhập mã tra cứu được cấp khi nộp.';
    const code2d = { kind: 'qr', text: `${TRACKING}?ma=${code}`, caption } as const;
    const alone = renderHtml({ title: '', orientation: 'portrait', at: 0, blocks: [code2d] });
    const request = { form: Form.RECEIPT, dossierId };
    const page = await html(request);
    expect(page).toContain(/<svg.*<\/svg>/.exec(alone)?.[0] ?? 'a QR code');
    expect(page).not.toContain(trackingSecret);
    expect(await pdf(request)).toContain('Quét mã để tra cứu hồ sơ');
  });

  test('the same state renders the same bytes', async () => {
    const { dossierId } = await lodge();
    const request = { form: Form.RECEIPT, dossierId, format: Format.PDF };
    const once = await clerk().casework.renderPaper(request);
    expect(await clerk().casework.renderPaper(request)).toEqual(once);
  });

  test('the supplement request stays available after the supplement is received', async () => {
    const { dossierId } = await lodge();
    const request = { form: Form.SUPPLEMENT_REQUEST, dossierId };
    expect(await refused(request)).toMatchObject(notIssued);
    await world.as(p.commune.officer).casework.requestSupplement({
      requestId: randomUUID(),
      dossierId,
      content: '1. Bản vẽ thiết kế\n2. Giấy cam kết <an toàn>',
      reason: 'Bản vẽ thiếu mặt cắt',
      contactPhone: '0270 382 2777',
    });
    const content = [
      '<li>Bản vẽ thiết kế</li>',
      '<li>Giấy cam kết &lt;an toàn&gt;</li>',
      'Bản vẽ thiếu mặt cắt',
      'Trần Thị Hòa, Ủy ban nhân dân xã An Bình, số điện thoại 0270 3822 777',
    ];
    for (const text of content) expect(await html(request)).toContain(text);
    await clerk().casework.receiveSupplement({ requestId: randomUUID(), dossierId, papers: [] });
    for (const text of content) expect(await html(request)).toContain(text);
  });

  test('a receipt that is printed again states what was accepted, and what has changed', async () => {
    const { dossierId, dueAt } = await lodge({
      resultReturn: { way: ReturnWay.POST, place: 'Số 3, Phường 9' },
    });
    const request = { form: Form.RECEIPT, dossierId };
    const first = await html(request);
    expect(first).toContain('Đơn đề nghị (bản chính: 01)');
    expect(first).toContain('địa chỉ Số 3, Phường 9, qua dịch vụ bưu chính');
    expect(first).not.toContain('Bản in lại');
    const on = () => ({ requestId: randomUUID(), dossierId });
    await world.as(p.commune.officer).casework.requestSupplement({ ...on(), content: 'Bản vẽ' });
    expect(await html(request)).toMatch(/Bản in lại: .*đang tạm dừng tính thời hạn/);
    world.clock.set('2026-01-20T02:00:00Z');
    const papers = [{ name: 'Bản vẽ nộp bổ sung', originals: 1 }];
    const { standing } = await clerk().casework.receiveSupplement({ ...on(), papers });
    world.clock.set('2026-01-15T01:00:00Z');
    expect(standing?.dueAt?.getTime()).toBeGreaterThan(dueAt?.getTime() ?? 0);
    const again = await html(request);
    expect(again).not.toContain('Bản vẽ nộp bổ sung');
    expect(again).toContain('17 giờ 00 phút, ngày 12 tháng 02 năm 2026');
    expect(again).toMatch(
      /Bản in lại: .*thứ Năm, ngày 12\/02\/2026; hiện nay: 17 giờ 00 phút, thứ \S+, ngày /,
    );
    const { dossier } = await clerk().casework.getDossier({ dossierId });
    expect(dossier?.resultReturn).toEqual({ way: ReturnWay.POST, place: 'Số 3, Phường 9', agencyId: '' });
  });

  test('a stop has a notice, also after the resumption', async () => {
    const { dossierId } = await lodge({ applicant: { fullName: 'Công ty Mẫu', kind: 3 } });
    const request = { form: Form.STOP_NOTICE, dossierId };
    expect(await refused(request)).toMatchObject(notIssued);
    const on = () => ({ requestId: randomUUID(), dossierId });
    await world.as(p.commune.officer).casework.stopDossier({ ...on(), reason: 'Đang có tranh chấp' });
    const expected = [
      'Đang có tranh chấp',
      'Xin thông báo để Quý cơ quan, tổ chức được biết',
      'Nguyễn Văn Trưởng',
    ];
    for (const text of expected) expect(await pdf(request)).toContain(text);
    await world.as(p.commune.officer).casework.resumeDossier(on());
    for (const text of expected) expect(await html(request)).toContain(text);
  });

  test('the reply names the form and the law that it follows', async () => {
    const { dossierId } = await lodge();
    const law = 'Thông tư 03/2025/TT-VPCP';
    expect(await formOf({ form: Form.RECEIPT, dossierId })).toEqual(['01', law]);
    expect(await formOf({ form: Form.CONTROL_SHEET, dossierId })).toEqual(['06', law]);
    const period = { form: Form.REGISTER, from: '2025-09-01', to: '2025-09-14' };
    expect(await formOf(period)).toEqual(['06', 'Thông tư 01/2018/TT-VPCP']);
    expect(await formOf({ ...period, to: '2025-09-15' })).toEqual(['07', law]);
  });

  test('a department’s paper has the province above the department', async () => {
    const { dossierId } = await lodge();
    await complete(world.as(p.commune.officer), dossierId, 1);
    await world
      .as(p.land.officer)
      .casework.requestSupplement({ requestId: randomUUID(), dossierId, content: 'Bản vẽ' });
    const paper = await pdf({ form: Form.SUPPLEMENT_REQUEST, dossierId });
    expect(paper).toContain('ỦY BAN NHÂN DÂN TỈNH VĨNH LONG SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG');
  });

  test('a refusal states its reason', async () => {
    const { dossierId } = await lodge({ accept: false });
    expect(await refused({ form: Form.REFUSAL, dossierId })).toMatchObject(notIssued);
    const reason = 'Không thuộc thẩm quyền của xã';
    await clerk().casework.refuseDossier({ requestId: randomUUID(), dossierId, reason });
    expect(await pdf({ form: Form.REFUSAL, dossierId })).toContain(reason);
    expect(await refused({ form: Form.RECEIPT, dossierId })).toMatchObject(notIssued);
  });

  test('an extension has an apology, signed by the head', async () => {
    const { dossierId } = await lodge();
    expect(await refused({ form: Form.APOLOGY, dossierId })).toMatchObject(notIssued);
    await world.as(p.commune.officer).casework.extendDeadline({
      requestId: randomUUID(),
      dossierId,
      dueAt: new Date('2026-03-20T10:00:00Z'),
      reason: 'phải đo đạc lại',
    });
    const paper = await pdf({ form: Form.APOLOGY, dossierId });
    for (const text of [
      'Kính gửi: Nguyễn Thị Mẫu',
      'Lý do: phải đo đạc lại',
      'vào lúc 17 giờ 00 phút, thứ Sáu, ngày 20/3/2026',
      'Nguyễn Văn Trưởng',
    ])
      expect(paper).toContain(text);
    expect(await html({ form: Form.RECEIPT, dossierId })).toContain(
      'hiện nay: 17 giờ 00 phút, thứ Sáu, ngày 20/3/2026',
    );
  });

  test('the control sheet lists the hand-overs; only participants may render it', async () => {
    const { dossierId } = await lodge();
    await complete(world.as(p.commune.officer), dossierId, 1);
    await complete(world.as(p.land.officer), dossierId, 2, { outcome: 'dat', note: 'Phù hợp quy hoạch' });
    const request = { form: Form.CONTROL_SHEET, dossierId };
    const paper = await pdf(request, world.as(p.land.officer));
    for (const text of [
      '3. Giao: Sở Tài nguyên và Môi trường',
      'Phù hợp quy hoạch',
      'Người giao: Trần Thị Hòa',
      'Đang giải quyết.',
    ])
      expect(paper).toContain(text);
    const unknown = { code: 'NOT_FOUND', reason: 'DOSSIER_UNKNOWN' };
    expect(await refused(request, world.as(p.finance.officer))).toMatchObject(unknown);
    expect(await refused({ form: Form.RECEIPT, dossierId: randomUUID() })).toMatchObject(unknown);
    expect(await refused(request, world.anybody)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('the register', () => {
  const month = { form: Form.REGISTER, from: '2026-01-01', to: '2026-01-31' };

  const march = { ...month, from: '2026-03-02', to: '2026-03-31' };
  const other = () => world.as(p.otherCommune.clerk);

  test('lists the dossiers that the agency took in within the period, in the order of lodging', async () => {
    const codes: string[] = [];
    let last = '';
    for (const moment of [
      '2026-03-01T16:59:59Z',
      '2026-03-01T17:00:00Z',
      '2026-03-31T16:59:59Z',
      '2026-03-31T17:00:00Z',
    ]) {
      world.clock.set(moment);
      const { code, dossierId } = await other().casework.lodgeDossier(lodging(building));
      codes.push(code);
      last = dossierId;
    }
    world.clock.set('2026-04-01T01:00:00Z');
    for (const paper of [await html(march, other()), await pdf(march, other())]) {
      // A long code continues on the next line of its cell.
      const text = paper.replaceAll(/\s/g, '');
      expect(codes.map((code) => text.includes(code))).toEqual([false, true, true, false]);
      expect(text.indexOf(codes[1] ?? '')).toBeLessThan(text.indexOf(codes[2] ?? ''));
    }
    expect(await html(march)).toContain('Không có hồ sơ nào được nộp trong thời gian này.');
    // Only the intake agency's register lists a dossier, not those of other performers.
    await complete(world.as(p.otherCommune.officer), last, 1);
    const april = { ...month, from: '2026-04-01', to: '2026-04-01' };
    expect(linesIn(await html(april, other()))).toEqual([1]);
    expect(await html(april, world.as(p.land.officer))).toContain('Không có hồ sơ nào');
  });

  const linesIn = (paper: string) =>
    [...paper.matchAll(/<tr><td class="c">(\d+)<\/td>/g)].map(([, n]) => Number(n));

  test('a successor can render the register of its predecessor', async () => {
    expect(linesIn(await html(march, other()))).toEqual([1, 2]);
    await world.announce(ended(p.otherCommune.agency, '2026-04-02', p.commune.agency.id));
    expect(linesIn(await html(march))).toEqual([]);
    world.clock.set('2026-04-02T01:00:00Z');
    expect(linesIn(await html(march))).toEqual([1, 2]);
  });

  /** Inserts `count` copies of a lodged dossier. */
  async function multiply(dossierId: string, count: number, lodgedAt: string): Promise<void> {
    const copies = `(select ('00000000-0000-4000-8000-' || lpad(to_hex($2::int * 10000 + n), 12, '0'))::uuid as id, n
                       from generate_series(1, $2::int) n) c`;
    await world.db.transaction(async (tx) => {
      tx.send({
        text: `insert into dossier (id, code, version, status, live, procedure_id, procedure_code, intake_id, holder_id,
                                    lodged_at, urgency, record)
               select c.id, c.id::text, version, status, live, procedure_id, procedure_code, intake_id, holder_id,
                      $3::timestamptz, urgency, record
                 from dossier d, ${copies} where d.id = $1`,
        values: [dossierId, count, lodgedAt],
      });
      tx.send({
        text: `insert into applicant (dossier_id, record, words)
               select c.id, record, words from applicant a, ${copies} where a.dossier_id = $1`,
        values: [dossierId, count],
      });
      tx.send({
        text: `insert into participant (agency_id, lodged_at, dossier_id, procedure_code)
               select agency_id, $3::timestamptz, c.id, procedure_code from participant p, ${copies} where p.dossier_id = $1`,
        values: [dossierId, count, lodgedAt],
      });
    });
  }

  test('is rendered whole, up to 5,000 lines', async () => {
    const { dossierId } = await lodge();
    await multiply(dossierId, 1_201, '2026-05-10T01:00:00Z');
    await multiply(dossierId, 5_001, '2026-06-10T01:00:00Z');
    const may = await html({ ...month, from: '2026-05-01', to: '2026-05-31' });
    expect(linesIn(may)).toEqual(Array.from({ length: 1_201 }, (_, i) => i + 1));
    expect(await refused({ ...month, from: '2026-06-01', to: '2026-06-30' })).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'REGISTER_TOO_LONG',
    });
  });

  test('a full one is made in short turns of the main thread', async () => {
    const { dossierId } = await lodge();
    await multiply(dossierId, 5_000, '2026-07-10T01:00:00Z');
    const july = { ...month, from: '2026-07-01', to: '2026-07-31' };
    const turn = await longestTurnAtBest(() => clerk().casework.renderPaper(july));
    expect(turn).toBeLessThan(LONGEST_TURN_MS);
  });

  test.each([
    [{ ...month, dossierId: randomUUID() }, ['dossier_id FIELD_NOT_ALLOWED']],
    [{ form: Form.REGISTER }, ['from FIELD_REQUIRED', 'to FIELD_REQUIRED']],
    [{ ...month, to: '2026-02-01' }, ['to PERIOD_TOO_LONG']],
    [{ ...month, to: '2025-12-31' }, ['to PERIOD_INVALID']],
    [{ ...month, from: '2026-02-30' }, ['from DATE_INVALID']],
    [{ form: Form.RECEIPT }, ['dossier_id FIELD_REQUIRED']],
    [{ form: Form.RECEIPT, dossierId: 'x' }, ['dossier_id UUID_INVALID']],
    [
      { ...month, form: Form.RECEIPT, dossierId: randomUUID() },
      ['from FIELD_NOT_ALLOWED', 'to FIELD_NOT_ALLOWED'],
    ],
    [{ dossierId: randomUUID() }, ['form ENUM_INVALID']],
    [{ ...month, format: 9 as Format }, ['format ENUM_INVALID']],
  ])('is refused for wrong requests: %j', async (request, violations) => {
    expect(await refused(request)).toMatchObject({ code: 'INVALID_ARGUMENT', violations });
  });
});
