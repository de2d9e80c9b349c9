import { randomUUID } from 'node:crypto';
import {
  type DeepPartial,
  type Dossier,
  DossierOrigin,
  DossierStatus,
  type GetStatisticsRequest,
  StatisticsGroup,
  TaskKind,
  TaskState,
} from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import { type Block, Join, type Procedure } from '@lienthong/contracts/registry';
import { refusalOf } from '@lienthong/testkit';
import { holderOf, parallel, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { procedure } from './support/procedures.ts';
import { type Office, sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const S = DossierStatus;
const p = sampleProvince();

const certificate = procedure(step('cap', { name: 'Cấp xác nhận', produces: ['giay-phep'] }), {
  name: 'Xác nhận nghĩa vụ tài chính',
  tiers: [Tier.DEPARTMENT],
});
const awaiting = (code: string): Block => ({
  key: 'xac-nhan',
  block: {
    $case: 'subProcedure',
    value: { name: 'Xác nhận nghĩa vụ tài chính', procedureCode: code, intake: holderOf('finance') },
  },
});
const parentProcedure = procedure(
  sequence('s', step('kiem-tra'), awaiting(certificate.code), step('ket-luan')),
);
/** Two parallel branches; the faster one is enough. */
const hurried = procedure(
  sequence(
    's',
    step('kiem-tra'),
    parallel('p', Join.FIRST, step('tu-tra'), awaiting(certificate.code)),
    step('ket-luan'),
  ),
);

let world: World;
beforeAll(async () => {
  world = await openWorld({ processes: 2 });
  await settle(world, p);
  await world.publish(certificate, parentProcedure, hurried);
});
afterAll(() => world.stop());

const seen = (id: string) => dossierOf(world.as(p.commune.clerk), id);

/** A dossier whose second task waits for another dossier. */
async function waiting(of: Procedure = parentProcedure): Promise<Dossier> {
  const { dossierId } = await world.as(p.commune.clerk).casework.lodgeDossier(
    lodging(of, {
      applicant: { fullName: 'Huỳnh Thị Thu' },
      data: of === parentProcedure ? { area_m2: '80' } : {},
    }),
  );
  await complete(world.as(p.commune.officer), dossierId, 1);
  return seen(dossierId);
}

const childOf = ({ tasks }: Dossier): string =>
  tasks.find((task) => task.kind === TaskKind.SUB_PROCEDURE)?.subDossierId ?? '';

/** The dossier that a sub-procedure lodged, once it exists. */
const lodgedFor = (parent: Dossier): Promise<Dossier> =>
  vi.waitFor(() => dossierOf(world.as(p.finance.officer), childOf(parent)), 20_000);

const goesOn = (parent: Dossier, outcome: string) =>
  vi.waitFor(async () => {
    const { tasks } = await seen(parent.id);
    expect(tasks[1]).toMatchObject({ state: TaskState.COMPLETED, outcome });
    expect(tasks[2]).toMatchObject({ blockKey: 'ket-luan', state: TaskState.OPEN });
  }, 20_000);

test('a sub-procedure lodges a dossier with the parent’s papers and data; the parent continues when it is finished', async () => {
  const parent = await waiting();
  expect(parent.tasks[1]).toMatchObject({ kind: TaskKind.SUB_PROCEDURE, state: TaskState.OPEN });
  const child = await lodgedFor(parent);
  expect(child).toMatchObject({
    parentDossierId: parent.id,
    procedureCode: certificate.code,
    status: S.REGISTERED,
    intake: { agencyId: p.finance.agency.id },
    code: expect.stringMatching(/^H61\.STC-260115-\d{4}$/),
    applicant: { fullName: 'Huỳnh Thị Thu' },
    data: { area_m2: '80' },
    papers: [{ key: 'don' }],
  });
  const finance = world.as(p.finance.officer);
  await finance.casework.acceptDossier({ requestId: randomUUID(), dossierId: child.id });
  await complete(finance, child.id, 2, { results: [{ key: 'giay-phep', number: '1' }] });
  await goesOn(parent, 'finished');
});

test('the agencies of the parent read the result that the sub-procedure made, and others do not', async () => {
  const parent = await waiting();
  const child = await lodgedFor(parent);
  const finance = world.as(p.finance.officer);
  const { sha256 } = await finance.uploadDossierFile(Buffer.from('Xác nhận nghĩa vụ tài chính'));
  const open = async (office: Office) => {
    const chunks = [];
    for await (const { chunk } of world.as(office.officer).dossierFiles.downloadFile({ sha256 }))
      chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };
  await finance.casework.acceptDossier({ requestId: randomUUID(), dossierId: child.id });
  expect(await refusalOf(open(p.commune))).toMatchObject({ reason: 'FILE_NOT_FOUND' });
  await complete(finance, child.id, 2, { results: [{ key: 'giay-phep', number: '7/XN', sha256 }] });
  await goesOn(parent, 'finished');
  const { tasks, results } = await seen(parent.id);
  expect(tasks[1]?.subResults).toMatchObject([{ key: 'giay-phep', number: '7/XN', sha256 }]);
  expect([tasks[0]?.subResults, tasks[2]?.subResults, results]).toEqual([[], [], []]);
  expect(await open(p.commune)).toBe('Xác nhận nghĩa vụ tài chính');
  expect(await refusalOf(open(p.otherCommune))).toMatchObject({ reason: 'FILE_NOT_FOUND' });
});

test('lists and statistics tell its dossier from the one that an applicant lodged', async () => {
  const parent = await waiting();
  const child = await lodgedFor(parent);
  const finance = world.as(p.finance.officer);
  const listed = async (origin: DossierOrigin, who = p.finance.officer) =>
    (await Array.fromAsync(world.as(who).dossiers({ origin }))).map((one) => one.parentDossierId);
  // The agency of a sub-procedure takes part in both.
  const [ofSubProcedures, ofApplicants, both] = [
    await listed(DossierOrigin.SUB_PROCEDURE),
    await listed(DossierOrigin.APPLICANT),
    await listed(DossierOrigin.UNSPECIFIED),
  ];
  expect(ofSubProcedures).toContain(parent.id);
  expect(ofSubProcedures).not.toContain('');
  expect(new Set(ofApplicants)).toEqual(new Set(['']));
  expect(both.toSorted()).toEqual([...ofSubProcedures, ...ofApplicants].toSorted());
  expect(await listed(DossierOrigin.SUB_PROCEDURE, p.commune.officer)).toEqual([]);

  await finance.casework.acceptDossier({ requestId: randomUUID(), dossierId: child.id });
  await complete(finance, child.id, 2, { results: [{ key: 'giay-phep', number: '1' }] });
  await goesOn(parent, 'finished');
  await complete(world.as(p.commune.officer), parent.id, 3);
  const auditor = world.as({ ...p.province.officer, roles: ['auditor'] });
  const figures = async (request: DeepPartial<GetStatisticsRequest>) =>
    (await auditor.statistics.getStatistics({ from: '2026-01-01', to: '2026-12-31', ...request })).rows;
  const groupBy = [StatisticsGroup.PROCEDURE, StatisticsGroup.ORIGIN];
  await vi.waitFor(async () => {
    const rows = (await figures({ groupBy })).filter((row) => row.finished > 0);
    expect(rows.map((row) => [row.procedureCode, row.origin])).toEqual([
      [certificate.code, DossierOrigin.SUB_PROCEDURE],
      [parentProcedure.code, DossierOrigin.APPLICANT],
    ]);
  }, 20_000);
  const [month] = await figures({ groupBy: [StatisticsGroup.MONTH], origin: DossierOrigin.APPLICANT });
  expect(month).toMatchObject({ finished: 1, origin: DossierOrigin.UNSPECIFIED });
});

test('the parent also continues when the dossier is refused or withdrawn, with outcome refused', async () => {
  const [one, other] = [await waiting(), await waiting()];
  const finance = world.as(p.finance.clerk).casework;
  const at = async (parent: Dossier) => ({
    requestId: randomUUID(),
    dossierId: (await lodgedFor(parent)).id,
    reason: 'Không thuộc diện',
  });
  await finance.refuseDossier(await at(one));
  await goesOn(one, 'refused');
  await finance.withdrawDossier(await at(other));
  await goesOn(other, 'refused');
});

test('a dossier that the parent no longer waits for is withdrawn once', async () => {
  const [withdrawn, first] = [await waiting(), await waiting(hurried)];
  const children = [await lodgedFor(withdrawn), await lodgedFor(first)];
  await world
    .as(p.commune.clerk)
    .casework.withdrawDossier({ requestId: randomUUID(), dossierId: withdrawn.id, reason: '' });
  // The other branch finishes first: the sub-procedure is cancelled, and the parent continues.
  await complete(world.as(p.commune.officer), first.id, 2);
  for (const { id, code } of children) {
    const finance = world.as(p.finance.officer);
    await vi.waitFor(async () => {
      expect(await dossierOf(finance, id)).toMatchObject({ status: S.WITHDRAWN });
    }, 20_000);
    expect(await timesWithdrawn(id), code).toBe(1);
    const { entries } = await finance.casework.getHistory({ dossierId: id });
    expect(entries.at(-1)?.text).toContain('không còn chờ kết quả');
  }
  const before = await facts();
  await world.restart({}, rewind);
  await caughtUp();
  expect(await facts()).toEqual(before);
  expect((await seen(withdrawn.id)).status).toBe(S.WITHDRAWN);
  expect((await seen(first.id)).tasks.at(-1)).toMatchObject({ blockKey: 'ket-luan', state: TaskState.OPEN });
  expect(await parked()).toEqual([]);
});

test('a dossier that has ended is not withdrawn with its parent', async () => {
  const parent = await waiting(hurried);
  const child = await lodgedFor(parent);
  const finance = world.as(p.finance.clerk).casework;
  const clerk = world.as(p.commune.clerk).casework;
  await finance.refuseDossier({
    requestId: randomUUID(),
    dossierId: child.id,
    reason: 'Không thuộc diện',
  });
  await clerk.withdrawDossier({ requestId: randomUUID(), dossierId: parent.id, reason: '' });
  await caughtUp();
  expect((await dossierOf(world.as(p.finance.officer), child.id)).status).toBe(S.REFUSED);
  expect(await timesWithdrawn(child.id)).toBe(0);
  expect(await parked()).toEqual([]);
});

test('commands that were committed before the process died do not happen again', async () => {
  const parent = await waiting();
  const child = await lodgedFor(parent);
  await world
    .as(p.finance.clerk)
    .casework.refuseDossier({ requestId: randomUUID(), dossierId: child.id, reason: 'Không thuộc diện' });
  await goesOn(parent, 'refused');
  const half = await waiting();
  await lodgedFor(half);
  const before = await facts();
  // The consumer's commands are committed, its cursor is not: it starts before all of them.
  await world.restart({}, rewind);
  await caughtUp();
  expect(await facts()).toEqual(before);
  expect((await seen(half.id)).tasks[1]).toMatchObject({ state: TaskState.OPEN });
  expect(await parked()).toEqual([]);
});

test('a dossier that cannot be lodged is parked, and lodged by a replay after the correction', async () => {
  const late = procedure(step('cap'), { code: '1.999999' });
  const early = procedure(sequence('s', step('kiem-tra'), awaiting(late.code), step('ket-luan')));
  await world.publish(early);
  const parent = await waiting(early);
  await vi.waitFor(async () => expect(await parked()).toMatchObject([{ aggregate_id: parent.id }]), 20_000);
  expect((await parked())[0]?.error).toMatch(/1\.999999/);
  await world.publish(late);
  const operator = world.as({ id: 'admin', agencyId: '', roles: ['admin'] }).operations;
  await operator.replayParkedEvents({ service: 'casework', consumer: 'sub-procedures' });
  expect(await lodgedFor(parent)).toMatchObject({ procedureCode: late.code });
  expect(await parked()).toEqual([]);
});

async function rewind(): Promise<void> {
  await world.db.query({ text: `update consumer_cursor set position = 0 where name = 'sub-procedures'` });
}

/** Resolves when the consumer has passed the last event. */
const caughtUp = () =>
  vi.waitFor(async () => {
    const [row] = await world.db.query<{ behind: number }>({
      text: `select (select count(*) from event)
                  - (select position from consumer_cursor where name = 'sub-procedures') as behind`,
    });
    expect(row?.behind).toBe(0);
  }, 20_000);

async function facts(): Promise<unknown> {
  return world.db.query({
    text: `select (select count(*) from dossier) as dossiers, (select count(*) from event where type not like '%.ReadsRecorded') as events,
                  (select string_agg(id::text || version, ',' order by id) from dossier) as versions`,
  });
}

async function timesWithdrawn(id: string): Promise<number> {
  const rows = await world.db.query({
    text: `select version from event
            where aggregate_id = $1 and type = 'lienthong.casework.v1.DossierWithdrawn'`,
    values: [id],
  });
  return rows.length;
}

const parked = () =>
  world.db.query<{ aggregate_id: string; error: string }>({
    text: 'select aggregate_id, error from parked_event',
  });
