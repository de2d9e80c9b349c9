import { randomUUID } from 'node:crypto';
import { DossierStatus, TaskKind, Urgency, type WorkItem } from '@lienthong/contracts/casework';
import { refusalOf } from '@lienthong/testkit';
import { inMinutes, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const days = fourSteps();
const hours = procedure(sequence('gio', step('ngay', { timeLimit: inMinutes(240) }), step('sau')));
const boundless = procedure(sequence('vo-han', step('tu-tu', { timeLimit: undefined })));

let world: World;
/** Dossiers by a word. */
const ids: Record<string, string> = {};

const lodge = async (word: string, of: typeof days, accept = true) => {
  const { dossierId } = await world.as(p.commune.clerk).casework.lodgeDossier(lodging(of, { accept }));
  ids[word] = dossierId;
  return dossierId;
};

beforeAll(async () => {
  world = await openWorld({ processes: 2 });
  await settle(world, p);
  await world.publish(days, hours, boundless);
  await lodge('ngày', days);
  await lodge('vô hạn', boundless);
  await lodge('giờ', hours);
  await lodge('chờ', days, false);
  world.clock.advance(3_600_000);
  await lodge('thẩm định', days);
  await complete(world.as(p.commune.officer), ids['thẩm định'] ?? '', 1);
  await world.as(p.commune.officer).casework.claimTask({
    requestId: randomUUID(),
    dossierId: ids.ngày,
    taskNumber: 1,
  });
}, 60_000);
afterAll(() => world.stop());

const wordsOf = (items: readonly WorkItem[]) =>
  items.map(({ dossier }) => Object.keys(ids).find((word) => ids[word] === dossier?.id));
const work = async (filter: object = {}, of = p.commune.clerk) =>
  wordsOf(await Array.fromAsync(world.as(of).work({ filter })));

test('an agency sees its open tasks by deadline, those without one last', async () => {
  expect(await work()).toEqual(['giờ', 'chờ', 'ngày', 'vô hạn']);
  expect(await work({}, p.land.officer)).toEqual(['thẩm định']);
  expect(await work({}, p.otherCommune.officer)).toEqual([]);
});

test('an item names its task and its dossier', async () => {
  const { items } = await world.as(p.land.officer).casework.listWork({});
  expect(items).toMatchObject([
    {
      task: { number: 2, kind: TaskKind.STEP, blockKey: 'tham-dinh', name: 'Thẩm định', assigneeId: '' },
      dossier: {
        id: ids['thẩm định'],
        procedureCode: days.code,
        status: DossierStatus.IN_PROGRESS,
        intake: { name: 'Ủy ban nhân dân xã An Bình' },
        holder: { name: 'Sở Tài nguyên và Môi trường' },
        applicantName: 'Nguyễn Thị Mẫu',
      },
    },
  ]);
});

describe('by', () => {
  const { id: officerId } = p.commune.officer;
  test.each([
    ['officer', { officerId }, ['ngày']],
    ['nobody named', { unassigned: true, kinds: [TaskKind.STEP] }, ['giờ', 'vô hạn']],
    ['kind', { kinds: [TaskKind.INTAKE] }, ['chờ']],
    ['urgency', { urgencies: [Urgency.OVERDUE] }, []],
    ['procedure', { procedureCode: hours.code }, ['giờ']],
    ['deadline', { dueBefore: new Date('2026-01-15T08:00:00Z') }, ['giờ']],
  ])('%s', async (_, filter, expected) => expect(await work(filter)).toEqual(expected));

  test('an officer together with `unassigned` is refused', async () => {
    const call = world.as(p.commune.clerk).casework.listWork({ filter: { officerId, unassigned: true } });
    expect(await refusalOf(call)).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'FILTER_CONTRADICTS',
      violations: ['filter.unassigned FILTER_CONTRADICTS'],
    });
  });
});

describe('pages', () => {
  test.each([1, 2, 3])('of %i meet without gap or overlap', async (pageSize) => {
    expect(wordsOf(await Array.fromAsync(world.as(p.commune.clerk).work({ pageSize })))).toEqual(
      await work(),
    );
  });

  test('with a token of another filter, of another agency or of no list are refused', async () => {
    const { casework } = world.as(p.commune.clerk);
    const { nextPageToken: pageToken } = await casework.listWork({ pageSize: 1 });
    const reason = { reason: 'PAGE_TOKEN_INVALID' };
    expect(await refusalOf(casework.listWork({ pageToken: 'mã lạ' }))).toMatchObject(reason);
    expect(await refusalOf(casework.listWork({ pageToken, filter: { unassigned: true } }))).toMatchObject(
      reason,
    );
    expect(await refusalOf(casework.listDossiers({ pageToken }))).toMatchObject(reason);
    expect(await refusalOf(world.as(p.land.officer).casework.listWork({ pageToken }))).toMatchObject(reason);
    const forged = Buffer.from(pageToken, 'base64url');
    for (const [at, byte] of forged.entries()) {
      const token = Buffer.from(forged)
        .fill(byte ^ 1, at, at + 1)
        .toString('base64url');
      expect(await refusalOf(casework.listWork({ pageToken: token }))).toMatchObject(reason);
    }
    expect(await refusalOf(casework.listWork({ pageSize: 201 }))).toMatchObject({
      reason: 'PAGE_SIZE_INVALID',
    });
  });
});

test('work is counted by urgency, dossiers by status', async () => {
  const { tasks, dossiers } = await world.as(p.commune.clerk).casework.countWork({});
  expect(tasks).toEqual([{ urgency: Urgency.ON_TIME, count: 4 }]);
  expect(dossiers).toEqual([
    { status: DossierStatus.REGISTERED, count: 1 },
    { status: DossierStatus.ACCEPTED, count: 2 },
    { status: DossierStatus.IN_PROGRESS, count: 2 },
  ]);
  const own = await world.as(p.commune.clerk).casework.countWork({ officerId: p.commune.officer.id });
  expect(own.tasks).toEqual([{ urgency: Urgency.ON_TIME, count: 1 }]);
});

test('after a command’s reply every list in every process has the change', async () => {
  for (let round = 0; round < 10; round += 1) {
    const [writes, reads] = [round % 2, (round + 1) % 2];
    const clerk = world.as(p.commune.clerk, writes);
    const { dossierId } = await clerk.casework.lodgeDossier(lodging(days));
    const tasksOf = async (who: typeof p.commune.clerk, process: number) =>
      (await Array.fromAsync(world.as(who, process).work()))
        .filter(({ dossier }) => dossier?.id === dossierId)
        .map(({ task }) => task?.number);
    expect(await tasksOf(p.commune.clerk, writes)).toEqual([1]);
    expect(await tasksOf(p.commune.officer, reads)).toEqual([1]);
    await complete(world.as(p.commune.officer, reads), dossierId, 1);
    expect(await tasksOf(p.commune.officer, reads)).toEqual([]);
    expect(await tasksOf(p.land.officer, writes)).toEqual([2]);
    const seen = await world.as(p.land.officer, reads).casework.listDossiers({ pageSize: 1 });
    expect(seen.dossiers.map(({ id }) => id)).toEqual([dossierId]);
    await clerk.casework.withdrawDossier({ requestId: randomUUID(), dossierId });
    expect(await tasksOf(p.land.officer, reads)).toEqual([]);
  }
});
