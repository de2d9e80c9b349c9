import { randomUUID } from 'node:crypto';
import { DataType } from '@lienthong/contracts/registry';
import { agency, ended } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { dataField, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { type Office, office, sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const building = fourSteps();
const successor: Office = office(
  agency({ code: 'H61.29542', name: 'Ủy ban nhân dân phường Long Châu', establishedOn: '2026-02-01' }),
);

let world: World;
let dossierId: string;

const at = (iso: string) => world.clock.set(iso);

beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(building);
  const clerk = world.as(p.commune.clerk).casework;
  ({ dossierId } = await clerk.lodgeDossier(lodging(building)));
  at('2026-01-15T02:00:00Z');
  await complete(world.as(p.commune.officer), dossierId, 1, { note: 'ghi chú riêng' });
  at('2026-01-16T02:00:00Z');
  const land = world.as(p.land.officer).casework;
  await land.requestSupplement({ requestId: randomUUID(), dossierId, content: 'thiếu bản vẽ' });
  at('2026-01-19T02:00:00Z');
  await clerk.receiveSupplement({ requestId: randomUUID(), dossierId, papers: [] });
  at('2026-01-20T02:00:00Z');
  const dueAt = new Date('2026-03-06T10:00:00Z');
  await land.extendDeadline({ requestId: randomUUID(), dossierId, dueAt, reason: 'lý do riêng' });
}, 60_000);
afterAll(() => world.stop());

const history = async (of = p.land.officer) =>
  (await world.as(of).casework.getHistory({ dossierId })).entries;

test('lists every event, oldest first, as a sentence', async () => {
  const entries = await history();
  expect(entries.map(({ text }) => text)).toEqual([
    'Hồ sơ được nộp trực tiếp tại bộ phận một cửa.',
    expect.stringMatching(
      /^Hồ sơ được tiếp nhận, hẹn trả kết quả 17 giờ 00 phút, thứ \S+, ngày \d\d\/\d\d?\/2026\.$/,
    ),
    'Giao Ủy ban nhân dân xã An Bình: Kiểm tra hồ sơ, hạn 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026.',
    'Hoàn thành: Kiểm tra hồ sơ.',
    expect.stringMatching(/^Giao Sở Tài nguyên và Môi trường: Thẩm định, hạn 17 giờ 00 phút, /),
    'Yêu cầu bổ sung, hoàn thiện hồ sơ; tạm dừng tính thời hạn.',
    expect.stringMatching(/^Hồ sơ được bổ sung đủ; thời hạn tính lại từ đầu, hạn 17 giờ 00 phút, /),
    'Xin lỗi và hẹn lại ngày trả kết quả: hạn mới 17 giờ 00 phút, thứ Sáu, ngày 06/3/2026.',
  ]);
  expect(entries.map((one) => one.at?.getTime())).toEqual(
    entries.map((one) => one.at?.getTime()).toSorted((a, b) => Number(a) - Number(b)),
  );
});

test('an entry names the officer, the agency and the trace', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await world.db.query({
    text: 'update event set traceparent = $2 where aggregate_id = $1 and version = 4',
    values: [dossierId, `00-${traceId}-b7ad6b7169203331-01`],
  });
  const done = (await history())[3];
  expect(done).toMatchObject({
    at: new Date('2026-01-15T02:00:00Z'),
    type: 'lienthong.casework.v1.TaskClosed',
    agencyId: p.commune.agency.id,
    agencyName: 'Ủy ban nhân dân xã An Bình',
    officerId: p.commune.officer.id,
    taskNumber: 1,
    traceId,
  });
});

test('it has no personal data, because events have none', async () => {
  const text = JSON.stringify(await history());
  for (const word of ['Nguyễn Thị Mẫu', 'ghi chú riêng', 'thiếu bản vẽ', 'lý do riêng'])
    expect(text).not.toContain(word);
});

test('changed data keeps its old value, with who changed it and when', async () => {
  const measured = procedure(sequence('s', step('do-dac'), step('ket-luan')), {
    data: [
      dataField('area_m2', DataType.INTEGER, { label: 'Diện tích' }),
      dataField('so_to', DataType.TEXT, { label: 'Số tờ' }),
      dataField('ghi_chu', DataType.TEXT, { label: 'Ghi chú' }),
    ],
  });
  await world.publish(measured);
  const clerk = world.as(p.commune.clerk).casework;
  const data = { area_m2: '80', ghi_chu: 'tạm' };
  const { dossierId: id } = await clerk.lodgeDossier(lodging(measured, { data }));
  const officer = world.as(p.commune.officer);
  await complete(officer, id, 1, { data: { area_m2: '95', so_to: '12', ghi_chu: '' } });
  await complete(officer, id, 2, { data: { area_m2: '95' } });
  const { entries } = await clerk.getHistory({ dossierId: id });
  const changing = entries.filter(({ dataChanges }) => dataChanges.length > 0);
  expect(changing).toMatchObject([
    {
      type: 'lienthong.casework.v1.TaskClosed',
      officerId: p.commune.officer.id,
      taskNumber: 1,
      text: 'Hoàn thành: Bước do-dac. Sửa Diện tích từ “80” thành “95”; xóa Ghi chú “tạm”; thêm Số tờ “12”.',
      dataChanges: [
        { key: 'area_m2', label: 'Diện tích', before: '80', after: '95' },
        { key: 'ghi_chu', label: 'Ghi chú', before: 'tạm', after: '' },
        { key: 'so_to', label: 'Số tờ', before: '', after: '12' },
      ],
    },
  ]);
});

test('agencies that take no part get DOSSIER_UNKNOWN', async () => {
  const unknown = { code: 'NOT_FOUND', reason: 'DOSSIER_UNKNOWN', violations: [] };
  const { casework } = world.as(p.finance.officer);
  expect(await refusalOf(casework.getHistory({ dossierId }))).toEqual(unknown);
  expect(await refusalOf(casework.explainDossierDeadline({ dossierId }))).toEqual(unknown);
  const none = { dossierId: randomUUID() };
  expect(await refusalOf(world.as(p.land.officer).casework.getHistory(none))).toEqual(unknown);
});

describe('the deadline explained', () => {
  const explain = (taskNumber = 0) =>
    world.as(p.land.officer).casework.explainDossierDeadline({ dossierId, taskNumber });

  test('of the dossier: reception, supplement, extension', async () => {
    const { dueAt, lines } = await explain();
    expect(dueAt).toEqual(new Date('2026-03-06T10:00:00Z'));
    expect(dueAt).toEqual((await dossierOf(world.as(p.land.officer), dossierId)).dueAt);
    const kinds = lines.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'counted' && kind !== 'skipped')).toEqual([
      'received',
      'paused',
      'restarted',
      'deadline',
      'extended',
      'deadline',
    ]);
    expect(lines.at(-2)).toEqual({
      kind: 'extended',
      vi: 'Hẹn lại lúc 09:00 Thứ Ba 20/01/2026: hạn mới 17:00 Thứ Sáu 06/3/2026',
      en: 'Extended at 09:00 Tuesday 20 January 2026: new deadline 17:00 Friday 6 March 2026',
    });
    expect(lines.at(-1)?.vi).toBe('Hạn: 17:00 Thứ Sáu 06/3/2026');
  });

  test('of a task', async () => {
    const { dueAt, lines } = await explain(2);
    const { tasks } = await dossierOf(world.as(p.land.officer), dossierId);
    expect(dueAt).toEqual(tasks[1]?.dueAt);
    expect(lines.map(({ kind }) => kind)).toContain('restarted');
  });

  test('of an unknown task is refused', async () => {
    expect(await refusalOf(explain(9))).toMatchObject({ code: 'NOT_FOUND', reason: 'TASK_UNKNOWN' });
    expect(await refusalOf(explain(-1))).toMatchObject({ reason: 'TASK_NUMBER_INVALID' });
  });

  test('does not exist before acceptance', async () => {
    const registered = await world
      .as(p.commune.clerk)
      .casework.lodgeDossier(lodging(building, { accept: false }));
    const call = world
      .as(p.commune.clerk)
      .casework.explainDossierDeadline({ dossierId: registered.dossierId });
    expect(await refusalOf(call)).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'NO_DEADLINE' });
  });
});

test('an agency keeps its name of the time, and its successor can read the history', async () => {
  await world.announce(successor.agency, ended(p.commune.agency, '2026-02-01', successor.agency.id));
  await world.appoint(successor.officer);
  at('2026-02-02T02:00:00Z');
  const entries = await history(successor.officer);
  expect(entries[3]?.agencyName).toBe('Ủy ban nhân dân xã An Bình');
  const listed = await Array.fromAsync(world.as(successor.officer).dossiers());
  expect(listed.map(({ id }) => id)).toContain(dossierId);
});
