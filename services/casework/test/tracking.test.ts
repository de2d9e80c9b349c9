import { randomUUID } from 'node:crypto';
import { LienThongError } from '@lienthong/client';
import { DossierStatus } from '@lienthong/contracts/casework';
import { DataType } from '@lienthong/contracts/registry';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { dataField, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { office, peopleOf, sampleProvince, settle } from './support/province.ts';
import { complete, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const S = DossierStatus;
const p = sampleProvince();
const building = fourSteps();
if (building.definition) building.definition.name = 'Cấp giấy phép xây dựng';
const registering = procedure(step('ghi', { produces: ['trich-luc'] }), {
  results: [
    {
      key: 'trich-luc',
      name: 'Trích lục',
      data: [
        dataField('number', DataType.TEXT, { required: true, inEvents: true }),
        dataField('child', DataType.GROUP, {
          fields: [dataField('name', DataType.TEXT), dataField('born', DataType.DATE)],
        }),
      ],
    },
  ],
});
const COMMUNE = 'Ủy ban nhân dân xã An Bình';
const LAND = 'Sở Tài nguyên và Môi trường';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(building, registering);
}, 60_000);
afterAll(() => world.stop());

const lodge = () => world.as(p.commune.clerk).casework.lodgeDossier(lodging(building));
const track = (code: string, secret: string) => world.anybody.tracking.trackDossier({ code, secret });
const minutes = (count: number) => world.clock.advance(count * 60_000);

/** Taken in, supplemented, paid, finished by the province, returned; every text a person wrote says "riêng tư". */
async function wholeStory() {
  const secretText = 'riêng tư';
  const lodged = await lodge();
  const { dossierId } = lodged;
  const of = { dossierId, requestId: randomUUID() };
  const next = () => ({ dossierId, requestId: randomUUID() });
  const clerk = world.as(p.commune.clerk).casework;
  const land = world.as(p.land.officer).casework;
  minutes(10);
  await complete(world.as(p.commune.officer), dossierId, 1, { note: secretText });
  minutes(10);
  await land.requestSupplement({ ...of, content: secretText });
  const paused = await track(lodged.code, lodged.trackingSecret);
  minutes(10);
  await clerk.receiveSupplement({ ...next(), papers: [{ name: secretText, originals: 1 }] });
  minutes(10);
  await land.requestPayment({ ...next(), amountVnd: 123_457n, content: secretText });
  minutes(10);
  await clerk.recordPayment({ ...next(), amountVnd: 123_457n, receipt: secretText });
  minutes(10);
  const dueAt = new Date('2026-02-27T10:00:00Z');
  await land.extendDeadline({ ...next(), dueAt, reason: secretText });
  const extended = await track(lodged.code, lodged.trackingSecret);
  await complete(world.as(p.land.officer), dossierId, 2, { outcome: 'dat', note: secretText });
  minutes(10);
  const results = [{ key: 'giay-phep', number: 'GP-987654' }];
  await complete(world.as(p.province.officer), dossierId, 3, { results, note: secretText });
  minutes(10);
  await complete(world.as(p.commune.officer), dossierId, 4);
  await clerk.returnResult(next());
  return { lodged, paused, extended, returned: await track(lodged.code, lodged.trackingSecret) };
}

test('code and secret give the milestones and no other data', async () => {
  const { lodged, paused, extended, returned } = await wholeStory();
  expect(paused).toMatchObject({
    code: lodged.code,
    procedureName: 'Cấp giấy phép xây dựng',
    status: S.SUPPLEMENT_REQUESTED,
    statusText: 'Yêu cầu bổ sung giấy tờ',
    holderName: LAND,
    dueAt: undefined,
  });
  expect(extended.dueAt).toEqual(new Date('2026-02-27T10:00:00Z'));
  expect(extended.finishedAt).toBeUndefined();
  expect(returned).toMatchObject({
    status: S.RESULT_RETURNED,
    statusText: 'Đã trả kết quả',
    holderName: COMMUNE,
    payments: [{ amountVnd: 123_457n, receipt: 'riêng tư' }],
    surplusPayments: [],
  });
  expect(returned.finishedAt).toEqual(world.clock.now());

  const due = expect.stringContaining(' Dự kiến trả kết quả: 17 giờ 00 phút, ');
  expect(returned.history.map(({ agencyName, text }) => [agencyName, text])).toEqual([
    [COMMUNE, 'Hồ sơ đã được nộp.'],
    [COMMUNE, expect.stringMatching(/^Hồ sơ đã được tiếp nhận\. Dự kiến trả kết quả: 17 giờ 00 phút, /)],
    [LAND, `Hồ sơ được chuyển đến ${LAND}.`],
    [LAND, 'Đề nghị bổ sung, hoàn thiện hồ sơ.'],
    [LAND, due],
    [LAND, 'Đề nghị thực hiện nghĩa vụ tài chính.'],
    [LAND, due],
    [
      LAND,
      'Xin lỗi và hẹn lại ngày trả kết quả. Dự kiến trả kết quả: 17 giờ 00 phút, thứ Sáu, ngày 27/02/2026.',
    ],
    ['Ủy ban nhân dân tỉnh Vĩnh Long', 'Hồ sơ được chuyển đến Ủy ban nhân dân tỉnh Vĩnh Long.'],
    [COMMUNE, `Hồ sơ được chuyển đến ${COMMUNE}.`],
    [COMMUNE, 'Hồ sơ đã có kết quả.'],
    [COMMUNE, 'Kết quả đã được trả.'],
  ]);

  // Accepted when lodged; the registration still comes first.
  expect(returned.history.slice(0, 2).map(({ status }) => status)).toEqual([S.REGISTERED, S.ACCEPTED]);

  // The whole replies are searched for everything that must stay hidden.
  // What citizens are to pay, and have paid, is theirs to see.
  const unpaid = [paused, extended, returned].map(({ payments, ...rest }) => rest);
  const replies = JSON.stringify(unpaid, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  const people = [p.commune, p.land, p.province].flatMap(({ head, officer, clerk }) => [
    head,
    officer,
    clerk,
  ]);
  const hidden = [
    'riêng tư',
    '123457',
    '123.457',
    'GP-987654',
    'giay-phep',
    'Nguyễn Thị Mẫu',
    '086190000001',
    'An Thạnh',
    '0901 234 567',
    'mau@example.vn',
    'Kiểm tra hồ sơ',
    'Thẩm định',
    'Ký giấy phép',
    'tham-dinh',
    'Đơn đề nghị',
    lodged.dossierId,
    lodged.trackingSecret,
    ...people.flatMap(({ id, fullName }) => [id, fullName]),
    ...[p.commune, p.land, p.province].map(({ agency }) => agency.id),
  ];
  expect(hidden.filter((one) => replies.includes(one))).toEqual([]);
  expect(Object.keys(returned).sort()).toEqual(
    (
      'code competentName dueAt dueProvisional finishedAt history holderName intakeName lodgedAt payableOnline ' +
      'paymentContent paymentDueVnd payments procedureName results status statusText surplusPayments'
    ).split(' '),
  );
  for (const entry of returned.history)
    expect(Object.keys(entry).sort()).toEqual(['agencyName', 'at', 'status', 'text']);
});

test('names a unit that a number names with a capital', async () => {
  const ward = office(agency({ code: 'H61.855.29600', name: 'Ủy ban nhân dân phường 9' }));
  await world.announce(ward.agency);
  await world.appoint(...peopleOf(ward));
  const { code, trackingSecret } = await world.as(ward.clerk).casework.lodgeDossier(lodging(registering));
  const name = 'Ủy ban nhân dân Phường 9';
  const names = { holderName: name, intakeName: name, competentName: name };
  expect(await track(code, trackingSecret)).toMatchObject({ ...names, history: [{ agencyName: name }, {}] });
});

test('accepts a code as citizens type it', async () => {
  const { code, trackingSecret } = await lodge();
  const spaced = trackingSecret.toLowerCase().replace(/(.{4})/g, '$1 ');
  expect((await track(` ${code.toLowerCase()} `, spaced)).code).toBe(code);
});

describe('a wrong request', () => {
  test('gets the same reply for a wrong code and a wrong secret', async () => {
    const { code, trackingSecret } = await lodge();
    const failed = async (call: Promise<unknown>) => {
      try {
        await call;
      } catch (error) {
        if (error instanceof LienThongError) return { ...(await refusalOf(call)), details: error.details };
        throw error;
      }
      throw new Error('was answered');
    };
    const wrongSecret = await failed(track(code, 'A'.repeat(12)));
    const wrongCode = await failed(track('H61.855.29542-260115-9999', trackingSecret));
    expect(wrongSecret).toMatchObject({ code: 'NOT_FOUND', reason: 'DOSSIER_NOT_FOUND', violations: [] });
    expect(wrongCode).toEqual(wrongSecret);
  });

  test('does not decode the record of the code', async () => {
    const { code, trackingSecret } = await lodge();
    await world.db.query({
      text: `update dossier set record = jsonb_set(record::jsonb, '{open}', 'null')::text where code = $1`,
      values: [code],
    });
    expect(await refusalOf(track(code, 'A'.repeat(12)))).toMatchObject({ reason: 'DOSSIER_NOT_FOUND' });
    expect(await refusalOf(track(code, trackingSecret))).toMatchObject({ code: 'INTERNAL' });
  });

  test('without any field is refused', async () => {
    expect((await refusalOf(track('', ''))).violations).toEqual([
      'code FIELD_REQUIRED',
      'secret FIELD_REQUIRED',
    ]);
  });

  test.each(['a dossier', 'nothing'])(
    'ten times an hour blocks even the right secret; for %s alike',
    async (of) => {
      const { code, trackingSecret } = await lodge();
      const tried = of === 'nothing' ? 'H61.855.29542-260115-8888' : code;
      const tries = Array.from({ length: 14 }, () => refusalOf(track(tried, 'B'.repeat(12))));
      const reasons = (await Promise.all(tries)).map(({ reason }) => reason);
      expect(reasons.filter((reason) => reason === 'DOSSIER_NOT_FOUND')).toHaveLength(10);
      expect(reasons.filter((reason) => reason === 'TRIED_TOO_OFTEN')).toHaveLength(4);
      minutes(59);
      const error = await track(tried, trackingSecret).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ reason: 'TRIED_TOO_OFTEN', retryAfterMs: 60_000 });
      minutes(1);
      if (of === 'nothing')
        expect(await refusalOf(track(tried, trackingSecret))).toMatchObject({ reason: 'DOSSIER_NOT_FOUND' });
      else expect((await track(tried, trackingSecret)).code).toBe(code);
    },
  );

  test('is not counted for a right secret', async () => {
    const { code, trackingSecret } = await lodge();
    for (let n = 0; n < 30; n += 1) await track(code, trackingSecret);
  });
});

test('a result as data reaches the citizen and the agencies of the dossier once it is finished', async () => {
  const {
    dossierId,
    code,
    trackingSecret: secret,
  } = await world.as(p.commune.clerk).casework.lodgeDossier(lodging(registering));
  const officer = world.as(p.commune.officer);
  const data = { number: '12/2026', 'child.name': 'Nguyễn Văn Mẫu', 'child.born': '2026-01-10' };
  const results = [{ key: 'trich-luc', data }];
  const wrong = [{ key: 'trich-luc', data: { ...data, 'child.born': '10/1/2026', 'child.age': '0' } }];
  const refused = complete(officer, dossierId, 1, { results: wrong });
  expect((await refusalOf(refused)).violations).toEqual([
    'results[0].data.child.age DATA_FIELD_UNKNOWN',
    'results[0].data.child.born DATA_NOT_DATE',
  ]);
  expect((await track(code, secret)).results).toEqual([]);
  await complete(officer, dossierId, 1, { results });
  const seen = { key: 'trich-luc', name: 'Trích lục', data };
  expect((await track(code, secret)).results).toEqual([seen]);
  expect((await officer.casework.getDossier({ dossierId })).dossier?.results).toMatchObject([seen]);
  const files = await world.anybody.citizenFiles.listCitizenFiles({ code, secret });
  expect(files.results).toMatchObject([{ ...seen, downloadable: false }]);
});

test('the secret is nowhere in clear: the reply that is kept for its request_id is sealed', async () => {
  const request = lodging(registering);
  const { casework } = world.as(p.commune.clerk);
  const first = await casework.lodgeDossier(request);
  expect(await casework.lodgeDossier(request)).toEqual(first);
  const kept = await world.db.query<{ reply: Buffer }>({
    text: `select reply from request where method = 'LodgeDossier' and request_id = $1`,
    values: [request.requestId],
  });
  expect(kept).toHaveLength(1);
  const reply = kept[0]?.reply.toString('latin1') ?? '';
  for (const part of [first.trackingSecret, first.code, first.dossierId])
    for (const form of [
      part,
      Buffer.from(part)
        .toString('base64')
        .replace(/.{2}=*$/, ''),
    ])
      expect(reply).not.toContain(form);
});
