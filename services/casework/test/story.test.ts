import { randomUUID } from 'node:crypto';
import { DossierStatus, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { type Block, Effect, Join, type Procedure } from '@lienthong/contracts/registry';
import { refusalOf } from '@lienthong/testkit';
import {
  ancestor,
  choice,
  consultation,
  handOver,
  holderOf,
  intake,
  outcome,
  parallel,
  sequence,
  step,
} from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { type Office, sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const S = DossierStatus;
const p = sampleProvince();
const land = holderOf('land');
const finance = holderOf('finance');

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
});
afterAll(() => world.stop());

const lodge = async (given: Procedure, data: Record<string, string> = {}) =>
  (await world.as(p.commune.clerk).casework.lodgeDossier(lodging(given, { data }))).dossierId;

/** Publishes a procedure with this workflow and lodges a dossier of it. */
async function begin(root: Block, data: Record<string, string> = {}): Promise<string> {
  const published = procedure(root);
  await world.publish(published);
  return lodge(published, data);
}

const done = (office: Office, dossierId: string, number: number, outcomeKey = '') =>
  complete(world.as(office.officer), dossierId, number, { outcome: outcomeKey });

const seen = (dossierId: string) => dossierOf(world.as(p.commune.clerk), dossierId);
const STATES = new Map(Object.entries(TaskState).map(([name, state]) => [state, name]));
const states = async (dossierId: string) =>
  (await seen(dossierId)).tasks.map(({ blockKey, state }) => `${blockKey} ${STATES.get(state)}`);

describe('a sequence', () => {
  test('goes from the commune through department and province and back', async () => {
    const building = fourSteps();
    await world.publish(building);
    const clerk = world.as(p.commune.clerk);
    const lodged = await clerk.casework.lodgeDossier(lodging(building));
    expect(lodged).toMatchObject({
      code: expect.stringMatching(/^H61\.855\.29542-260115-\d{4}$/),
      status: S.ACCEPTED,
      trackingSecret: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{12}$/),
    });
    const id = lodged.dossierId;
    const steps = [
      { by: p.commune.officer, holder: p.land },
      { by: p.land.officer, holder: p.province },
      { by: p.province.head, holder: p.commune, results: [{ key: 'giay-phep', number: '12/GPXD' }] },
      { by: p.commune.clerk, holder: p.commune },
    ];
    for (const [i, { by, holder, results }] of steps.entries()) {
      const standing = await complete(world.as(by), id, i + 1, { outcome: i === 1 ? 'dat' : '', results });
      expect(standing.openTasks).toEqual(i === 3 ? [] : [i + 2]);
      const dossier = await dossierOf(clerk, id);
      const open = dossier.tasks.filter(({ state }) => state === TaskState.OPEN);
      expect(open.map((task) => [task.agency?.agencyId, task.outcomes.map(({ key }) => key)])).toEqual(
        [
          [[p.land.agency.id, ['dat', 'khong-dat']]],
          [[p.province.agency.id, ['xong']]],
          [[p.commune.agency.id, ['xong']]],
          [],
        ][i],
      );
      expect(dossier.holder?.agencyId).toBe(holder.agency.id);
      expect(dossier.status).toBe(i === 3 ? S.FINISHED : S.IN_PROGRESS);
    }
    await clerk.casework.returnResult({ requestId: randomUUID(), dossierId: id });
    const dossier = await dossierOf(clerk, id);
    expect(dossier).toMatchObject({
      code: lodged.code,
      status: S.RESULT_RETURNED,
      procedureName: 'Cấp giấy phép xây dựng nhà ở riêng lẻ',
      intake: { name: 'Ủy ban nhân dân xã An Bình', code: 'H61.855.29542' },
      lodgedAt: world.clock.now(),
      returnedAt: world.clock.now(),
      results: [{ key: 'giay-phep', name: 'Giấy phép xây dựng', number: '12/GPXD' }],
      applicant: { fullName: 'Nguyễn Thị Mẫu', identityNumber: '086190000001' },
      papers: [{ key: 'don', originals: 1 }],
    });
    expect(dossier.tasks.map(({ number, closedBy }) => [number, closedBy])).toEqual(
      steps.map(({ by }, i) => [i + 1, by.id]),
    );
    expect((await clerk.casework.getDossier({ code: lodged.code })).dossier).toEqual(dossier);
  });

  test('begins at acceptance, and never after a refusal', async () => {
    const building = fourSteps();
    await world.publish(building);
    const clerk = world.as(p.commune.clerk).casework;
    const register = () => clerk.lodgeDossier(lodging(building, { accept: false }));
    const [taken, turnedAway] = [await register(), await register()];
    expect(taken).toMatchObject({ status: S.REGISTERED, dueAt: undefined });
    const { standing } = await clerk.acceptDossier({ requestId: randomUUID(), dossierId: taken.dossierId });
    expect(standing).toMatchObject({ status: S.ACCEPTED, openTasks: [2] });
    await clerk.refuseDossier({
      requestId: randomUUID(),
      dossierId: turnedAway.dossierId,
      reason: 'Không thuộc thẩm quyền',
    });
    const refused = await seen(turnedAway.dossierId);
    expect(refused).toMatchObject({ status: S.REFUSED, reason: 'Không thuộc thẩm quyền' });
    expect(refused.tasks).toMatchObject([{ kind: TaskKind.INTAKE, state: TaskState.COMPLETED }]);
  });

  test('ends early with a refusing outcome', async () => {
    const building = fourSteps();
    await world.publish(building);
    const id = await lodge(building);
    await done(p.commune, id, 1);
    const standing = await complete(world.as(p.land.officer), id, 2, {
      outcome: 'khong-dat',
      note: 'Không phù hợp quy hoạch',
    });
    expect(standing).toMatchObject({ status: S.REFUSED, openTasks: [] });
  });
});

describe('in parallel', () => {
  const branches = (join: Join) =>
    sequence(
      's',
      parallel(
        'cung-luc',
        join,
        step('dat-dai', { performer: land }),
        step('tai-chinh', { performer: finance }),
      ),
      step('ky', { performer: ancestor(Tier.PROVINCE) }),
    );

  test('all branches join, in any order', async () => {
    const id = await begin(branches(Join.ALL));
    expect((await seen(id)).holder?.agencyId).toBe(p.land.agency.id);
    expect((await done(p.finance, id, 2)).openTasks).toEqual([1]);
    expect((await done(p.land, id, 1)).openTasks).toEqual([3]);
    expect((await done(p.province, id, 3)).status).toBe(S.FINISHED);
  });

  test('the first finished branch cancels the other', async () => {
    const id = await begin(branches(Join.FIRST));
    expect((await done(p.finance, id, 2)).openTasks).toEqual([3]);
    expect(await states(id)).toEqual(['dat-dai CANCELLED', 'tai-chinh COMPLETED', 'ky OPEN']);
    expect(await refusalOf(done(p.land, id, 1))).toMatchObject({ reason: 'TASK_CLOSED' });
  });

  test('branches that finish at the same moment join once', async () => {
    const id = await begin(branches(Join.ALL));
    await Promise.all([done(p.land, id, 1), done(p.finance, id, 2)]);
    expect(await states(id)).toEqual(['dat-dai COMPLETED', 'tai-chinh COMPLETED', 'ky OPEN']);
  });
});

test('a consultation waits for all consulted agencies; the lead holds the dossier meanwhile', async () => {
  const id = await begin(sequence('s', consultation('y-kien', land, finance), step('ket-luan')));
  const consulted = await seen(id);
  expect(consulted.holder?.agencyId).toBe(p.commune.agency.id);
  expect(consulted.tasks).toMatchObject([
    { kind: TaskKind.CONSULTATION, agency: { agencyId: p.land.agency.id } },
    { kind: TaskKind.CONSULTATION, agency: { agencyId: p.finance.agency.id } },
  ]);
  await complete(world.as(p.land.officer), id, 1, { outcome: 'answered', note: 'Đồng ý' });
  expect((await done(p.finance, id, 2)).openTasks).toEqual([3]);
  expect((await seen(id)).tasks[0]).toMatchObject({ outcome: 'answered', note: 'Đồng ý' });
});

test('an officer consults other agencies outside the workflow, and waits for them', async () => {
  const id = await begin(step('mot-minh'));
  const officer = world.as(p.commune.officer);
  const { standing } = await officer.casework.requestConsultation({
    requestId: randomUUID(),
    dossierId: id,
    taskNumber: 1,
    agencyIds: [p.finance.agency.id],
    question: 'Có còn nợ thuế không?',
    dueAt: new Date('2026-01-19T08:00:00Z'),
  });
  expect(standing?.openTasks).toEqual([1, 2]);
  const { items } = await world.as(p.finance.officer).casework.listWork({});
  expect(items.find(({ dossier }) => dossier?.id === id)?.task?.question).toBe('Có còn nợ thuế không?');
  expect(await refusalOf(done(p.commune, id, 1))).toMatchObject({ reason: 'CONSULTATION_OPEN' });
  await done(p.finance, id, 2);
  expect((await done(p.commune, id, 1)).status).toBe(S.FINISHED);
});

test('a choice follows the data, also data that an officer entered', async () => {
  const root = sequence(
    's',
    step('do-dac'),
    choice('lon-nho', [['data.area_m2 > 500.0', step('lon', { performer: land })]], step('nho')),
  );
  const small = await begin(root, { area_m2: '120.5' });
  await done(p.commune, small, 1);
  expect(await states(small)).toEqual(['do-dac COMPLETED', 'nho OPEN']);
  const grown = await begin(root, { area_m2: '120.5' });
  await complete(world.as(p.commune.officer), grown, 1, { data: { area_m2: '640' } });
  expect(await states(grown)).toEqual(['do-dac COMPLETED', 'lon OPEN']);
  expect((await seen(grown)).data).toEqual({ area_m2: '640' });
});

test('a step is returned as often as the workflow allows', async () => {
  const root = sequence('s', step('mot'), step('hai', { returns: [{ to: 'mot', atMost: 1 }] }));
  const id = await begin(root);
  const back = (taskNumber: number) =>
    world.as(p.commune.officer).casework.returnTask({
      requestId: randomUUID(),
      dossierId: id,
      taskNumber,
      reason: 'Thiếu chữ ký',
    });
  await done(p.commune, id, 1);
  expect((await back(2)).standing?.openTasks).toEqual([3]);
  await done(p.commune, id, 3);
  expect(await refusalOf(back(4))).toMatchObject({ reason: 'RETURN_EXHAUSTED' });
  expect((await done(p.commune, id, 4)).status).toBe(S.FINISHED);
  expect(await states(id)).toEqual(['mot COMPLETED', 'hai RETURNED', 'mot COMPLETED', 'hai COMPLETED']);
});

test('a dossier is handed up through every tier, and its result back down', async () => {
  const root = sequence(
    's',
    handOver('len', ancestor(Tier.PROVINCE)),
    step('ky', { performer: ancestor(Tier.PROVINCE), produces: ['giay-phep'] }),
    handOver('xuong', intake, true),
  );
  const id = await begin(root);
  const way = [p.district, p.province];
  for (const [i, office] of way.entries()) {
    expect((await seen(id)).holder?.agencyId).toBe(office.agency.id);
    await done(office, id, i + 1);
  }
  await complete(world.as(p.province.officer), id, 3, { results: [{ key: 'giay-phep', number: '7' }] });
  expect((await seen(id)).holder?.agencyId).toBe(p.district.agency.id);
  await done(p.district, id, 4);
  expect((await done(p.commune, id, 5)).status).toBe(S.FINISHED);
});

test('a step names its outcome when it has several', async () => {
  const root = step('xet', { outcomes: [outcome('duyet'), outcome('khong', Effect.REFUSE)] });
  const id = await begin(root);
  expect(await refusalOf(done(p.commune, id, 1, 'lạ'))).toMatchObject({ reason: 'OUTCOME_UNKNOWN' });
  expect((await done(p.commune, id, 1, 'duyet')).status).toBe(S.FINISHED);
});
