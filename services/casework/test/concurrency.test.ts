import { randomUUID } from 'node:crypto';
import { DossierStatus } from '@lienthong/contracts/casework';
import { Join } from '@lienthong/contracts/registry';
import { agency, ended } from '@lienthong/reference-data/testing';
import { type CallRefusal, refusalOf } from '@lienthong/testkit';
import { parallel, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const building = fourSteps();
const twoAtOnce = procedure(
  sequence('s', parallel('cung-luc', Join.ALL, step('mot'), step('hai')), step('ba')),
);

let world: World;
beforeAll(async () => {
  // Two processes on one database; officers of one agency are connected to either.
  world = await openWorld({ processes: 2 });
  await settle(world, p);
  await world.publish(building, twoAtOnce);
});
afterAll(() => world.stop());

const clerk = (process = 0) => world.as(p.commune.clerk, process).casework;
const lodge = async (of = building) => (await clerk().lodgeDossier(lodging(of))).dossierId;

/** The results of calls; some may be refused. */
async function settled(calls: readonly Promise<unknown>[]): Promise<(CallRefusal | undefined)[]> {
  return Promise.all(
    calls.map((call) =>
      call.then(
        () => undefined,
        () => refusalOf(call),
      ),
    ),
  );
}

async function versionsInLog(dossierId: string): Promise<number[]> {
  const rows = await world.db.query<{ version: number }>({
    text: 'select version from event where aggregate_id = $1 order by version',
    values: [dossierId],
  });
  return rows.map(({ version }) => version);
}

describe('request_id', () => {
  test('100 duplicates at once, on two processes, are one dossier with one secret', async () => {
    const request = lodging(building);
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, i) => clerk(i % 2).lodgeDossier(request)),
    );
    expect(new Set(replies.map((one) => `${one.dossierId} ${one.code} ${one.trackingSecret}`)).size).toBe(1);
    const id = replies[0]?.dossierId ?? '';
    expect(await versionsInLog(id)).toEqual([1, 2, 3]);
  });

  test('of a transition gets the first reply, even after later changes', async () => {
    const dossierId = await lodge();
    const request = { requestId: randomUUID(), dossierId, taskNumber: 1 };
    const first = await world.as(p.commune.officer).casework.completeTask(request);
    await complete(world.as(p.land.officer), dossierId, 2, { outcome: 'dat' });
    const again = await world.as(p.commune.officer, 1).casework.completeTask(request);
    expect(again).toEqual(first);
    expect((await dossierOf(world.as(p.commune.clerk), dossierId)).tasks).toHaveLength(3);
  });

  test('with another body is refused', async () => {
    const dossierId = await lodge();
    const request = { requestId: randomUUID(), dossierId, taskNumber: 1 };
    await world.as(p.commune.officer).casework.completeTask(request);
    const other = world.as(p.commune.officer).casework.completeTask({ ...request, note: 'khác' });
    expect(await refusalOf(other)).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'REQUEST_ID_REUSED' });
  });
});

describe('two officers at once', () => {
  test('complete a task: one succeeds, the other gets TASK_CLOSED', async () => {
    for (let round = 0; round < 10; round += 1) {
      const dossierId = await lodge();
      const outcomes = await settled([
        complete(world.as(p.commune.officer, 0), dossierId, 1),
        complete(world.as(p.commune.colleague, 1), dossierId, 1),
      ]);
      const lost = outcomes.filter((one) => one !== undefined);
      expect(lost).toMatchObject([{ code: 'FAILED_PRECONDITION', reason: 'TASK_CLOSED' }]);
      const { tasks, version } = await dossierOf(world.as(p.commune.clerk), dossierId);
      const winner = outcomes[0] === undefined ? p.commune.officer : p.commune.colleague;
      expect(tasks[0]?.closedBy).toBe(winner.id);
      const versions = await versionsInLog(dossierId);
      expect(versions).toEqual(Array.from({ length: Number(version) }, (_, i) => i + 1));
    }
  });

  test('claim a task: one succeeds', async () => {
    const claim = (officer: typeof p.commune.officer, dossierId: string, process: number) =>
      world.as(officer, process).casework.claimTask({ requestId: randomUUID(), dossierId, taskNumber: 1 });
    for (let round = 0; round < 10; round += 1) {
      const dossierId = await lodge();
      const outcomes = await settled([
        claim(p.commune.officer, dossierId, 0),
        claim(p.commune.colleague, dossierId, 1),
      ]);
      const lost = outcomes.filter((one) => one !== undefined);
      expect(lost).toMatchObject([{ reason: 'TASK_ALREADY_CLAIMED' }]);
      const winner = outcomes[0] === undefined ? p.commune.officer : p.commune.colleague;
      const { tasks } = await dossierOf(world.as(p.commune.clerk), dossierId);
      expect(tasks[0]?.assigneeId).toBe(winner.id);
    }
  });
});

test('changes of one dossier from two processes all happen, one after the other', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => lodge(twoAtOnce)));
  const officer = (process: number) => world.as(p.commune.officer, process);
  await Promise.all(ids.flatMap((id) => [complete(officer(0), id, 1), complete(officer(1), id, 2)]));
  for (const id of ids) {
    const { tasks, version } = await dossierOf(officer(0), id);
    expect(tasks.map((task) => task.blockKey)).toEqual(['mot', 'hai', 'ba']);
    expect(await versionsInLog(id)).toEqual(Array.from({ length: Number(version) }, (_, i) => i + 1));
  }
});

test('numbers of a day have no gaps and no duplicates, across processes and refusals', async () => {
  const drawer = (process: number) => world.as(p.otherCommune.clerk, process).casework;
  const calls = Array.from({ length: 120 }, (_, i) => {
    const request = i % 4 === 3 ? lodging(building, { papers: [] }) : lodging(building);
    return drawer(i % 2)
      .lodgeDossier(request)
      .then(
        ({ code }) => [code],
        () => [],
      );
  });
  const codes = (await Promise.all(calls)).flat().sort();
  expect(codes).toEqual(
    Array.from({ length: 90 }, (_, i) => `H61.855.29545-260115-${String(i + 1).padStart(4, '0')}`),
  );
  world.clock.advance(24 * 3_600_000);
  const { code } = await drawer(0).lodgeDossier(lodging(building));
  expect(code).toBe('H61.855.29545-260116-0001');
});

test('a successor that takes over a code in the middle of a day continues its numbers', async () => {
  const day = world.clock.now().toISOString().slice(0, 10);
  const old = agency({ code: 'H61.855.29548', name: 'Xã Đồng Phú', parentId: p.district.agency.id });
  const successor = agency({
    code: 'H61.855.29548',
    name: 'Xã Đồng Phú Mới',
    establishedOn: day,
    parentId: p.district.agency.id,
  });
  const lodgedBy = async ({ id }: { id: string }) =>
    world
      .as({ id: 'clerk', agencyId: id, roles: ['clerk'] })
      .casework.lodgeDossier(lodging(building))
      .then(({ code }) => code.slice(-4));
  await world.announce(old);
  expect(await lodgedBy(old)).toBe('0001');
  await world.announce(successor, ended(old, day, successor.id));
  expect(await lodgedBy(successor)).toBe('0002');
});

test('acknowledged changes survive a restart, and the dossier continues', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, () => lodge()));
  const before = await Promise.all(ids.map((id) => dossierOf(world.as(p.commune.clerk), id)));
  const repeated = { requestId: randomUUID(), dossierId: ids[0] ?? '', taskNumber: 1 };
  const first = await world.as(p.commune.officer).casework.completeTask(repeated);
  await world.restart();
  expect(await world.as(p.commune.officer).casework.completeTask(repeated)).toEqual(first);
  const others = ids.slice(1);
  expect(await Promise.all(others.map((id) => dossierOf(world.as(p.commune.clerk), id)))).toEqual(
    before.slice(1),
  );
  for (const id of others) {
    const standing = await complete(world.as(p.commune.officer), id, 1);
    expect(standing).toMatchObject({ status: DossierStatus.IN_PROGRESS, openTasks: [2] });
  }
});

test('a retry with the same request_id settles a call that the stop interrupted', async () => {
  const requests = Array.from({ length: 200 }, () => lodging(building));
  const send = () => Promise.allSettled(requests.map((request) => clerk().lodgeDossier(request)));
  const first = send();
  await world.restart();
  const before = (await first).flatMap((one) => (one.status === 'fulfilled' ? one.value.code : []));
  const after = (await send()).flatMap((one) => (one.status === 'fulfilled' ? one.value.code : []));
  expect(new Set(after).size).toBe(200);
  expect(new Set(after).isSupersetOf(new Set(before))).toBe(true);
  const numbers = after.map((code) => Number(code.slice(-4))).sort((a, b) => a - b);
  expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBe(199);
});
