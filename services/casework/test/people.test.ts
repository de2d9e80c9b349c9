import { randomUUID } from 'node:crypto';
import { StrandedReason, TaskState } from '@lienthong/contracts/casework';
import { agency, ended, transferred } from '@lienthong/reference-data/testing';
import { refusalOf, refusalsOf } from '@lienthong/testkit';
import { sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { procedure } from './support/procedures.ts';
import { type Province, sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const flow = procedure(
  sequence('s', step('mot'), step('hai', { returns: [{ to: 'mot', atMost: 1 }] }), step('ba')),
);

let world: World;
let p: Province;
beforeAll(async () => {
  world = await openWorld({ env: { CASEWORK_CHANGE_CHECK_MS: '20' } });
  p = sampleProvince();
  await settle(world, p);
  await world.publish(flow);
});
afterAll(() => world.stop());

const lodge = async (by = p.commune.clerk) =>
  (await world.as(by).casework.lodgeDossier(lodging(flow))).dossierId;
const openTask = async (dossierId: string, by = p.commune.clerk) =>
  (await dossierOf(world.as(by), dossierId)).tasks.find(({ state }) => state === TaskState.OPEN);
/** The payloads of a dossier's events of a type. */
async function payloads(dossierId: string, type: string) {
  const rows = await world.db.query<{ type: string; actor_officer_id: string; agency_id: string }>({
    text: 'select type, actor_officer_id, agency_id from event where aggregate_id = $1 and type = $2',
    values: [dossierId, `lienthong.casework.v1.${type}`],
  });
  return rows;
}

test('tasks of a relieved officer become free, and the officer changes nothing any more', async () => {
  const { officer, colleague, head, agency: commune } = p.commune;
  const dossierId = await lodge();
  await world.as(officer).casework.claimTask({ dossierId, taskNumber: 1 });
  await world.relieve(officer, '2026-01-15');
  await vi.waitFor(async () => expect((await openTask(dossierId))?.assigneeId).toBe(''), 20_000);
  expect(await payloads(dossierId, 'TaskReleased')).toMatchObject([
    { actor_officer_id: '', agency_id: commune.id },
  ]);
  const { entries } = await world.as(head).casework.getHistory({ dossierId });
  expect(entries.map(({ text }) => text)).toContain(
    `${officer.fullName} không còn công tác tại ${p.commune.agency.names[0]?.name}; chờ người khác nhận việc: Bước mot; đã báo cáo ${head.fullName}.`,
  );
  const refusals = await refusalsOf([
    world.as(officer).casework.claimTask({ dossierId, taskNumber: 1 }),
    world.as(officer).casework.lodgeDossier(lodging(flow)),
    complete(world.as(officer), dossierId, 1),
  ]);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'OFFICER_NOT_IN_POSITION' });
  await world.as(colleague).casework.claimTask({ dossierId, taskNumber: 1 });
  expect((await openTask(dossierId))?.assigneeId).toBe(colleague.id);
});

test('what is assigned stays assigned when its officer comes along to the successor', async () => {
  const { officer, colleague, clerk, agency: old } = p.otherCommune;
  const successor = agency({
    code: 'H61.29600',
    name: 'Ủy ban nhân dân xã Mới',
    establishedOn: '2026-01-15',
  });
  const [kept, left] = [await lodge(clerk), await lodge(clerk)];
  await world.as(officer).casework.claimTask({ dossierId: kept, taskNumber: 1 });
  await world.as(colleague).casework.claimTask({ dossierId: left, taskNumber: 1 });
  const along = transferred(officer, '2026-01-15', successor.id);
  await world.move(along, transferred(colleague, '2026-01-15', p.land.agency.id, false));
  await world.announce(successor, ended(old, '2026-01-15', successor.id));
  await vi.waitFor(async () => {
    expect(await openTask(kept, along)).toMatchObject({
      agency: { agencyId: successor.id },
      assigneeId: officer.id,
    });
    expect(await openTask(left, along)).toMatchObject({ assigneeId: '' });
  }, 20_000);
  expect(await payloads(kept, 'TaskReleased')).toEqual([]);
  await complete(world.as(along), kept, 1);
  const error = await complete(world.as(officer), left, 1).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ reason: 'AGENCY_ENDED', metadata: { successor_id: successor.id } });
  // The past stays readable.
  expect((await dossierOf(world.as(officer), left)).id).toBe(left);
});

test('a returned task goes back to the officer who had it', async () => {
  const { colleague, head } = p.commune;
  const dossierId = await lodge();
  await complete(world.as(colleague), dossierId, 1);
  await world.as(head).casework.returnTask({
    requestId: randomUUID(),
    dossierId,
    taskNumber: 2,
    reason: 'Thiếu trích lục',
  });
  expect(await openTask(dossierId)).toMatchObject({ number: 3, assigneeId: colleague.id });
  const { entries } = await world.as(head).casework.getHistory({ dossierId });
  expect(entries.map(({ text }) => text)).toContain(`Trả lại ${colleague.fullName}: Bước mot.`);
});

test('operators count what is open at agencies, and the dossiers of a procedure by version', async () => {
  const dossierId = await lodge();
  const { agency, head } = p.commune;
  const { dossier } = await world.as(head).casework.getDossier({ dossierId });
  const { procedureCode = '', procedureId = '' } = dossier ?? {};
  const { workOperations } = world.admin;
  const counts = async () => {
    const [ofAgencies, ofVersions] = await Promise.all([
      workOperations.countOpenWork({ agencyIds: [agency.id, randomUUID()] }),
      workOperations.countRunningDossiers({ procedureCode }),
    ]);
    expect(ofAgencies.agencies).toHaveLength(2);
    const own = ofAgencies.agencies.find(({ agencyId }) => agencyId === agency.id);
    const version = ofVersions.versions.find((one) => one.procedureId === procedureId);
    return [own?.tasks, own?.dossiers, version?.dossiers].map(Number);
  };
  const [tasks = 0, dossiers = 0, running = 0] = await counts();
  expect(Math.min(tasks, dossiers, running)).toBeGreaterThan(0);
  await world.as(head).casework.withdrawDossier({ requestId: randomUUID(), dossierId, reason: 'Đổi ý' });
  expect(await counts()).toEqual([tasks - 1, dossiers - 1, running - 1]);
  const others = world.as(head).workOperations;
  for (const refused of [
    () => others.countOpenWork({ agencyIds: [agency.id] }),
    () => others.countRunningDossiers({ procedureCode }),
  ])
    expect(await refusalOf(refused())).toMatchObject({ reason: 'ROLE_MISSING' });
});

test('operators see the work of an agency that all officers have left, and of one that ended for good', async () => {
  const { agency: commune, head, colleague, clerk } = p.commune;
  await lodge();
  const strandedWork = async () => (await world.admin.workOperations.listStrandedWork({})).work;
  expect(await strandedWork()).toEqual([]);
  for (const one of [head, colleague, clerk]) await world.relieve(one, '2026-01-15');
  const [row] = await world.db.query<{ n: number }>({
    text: 'select count(*) as n from task where agency_id = $1 and state = 1',
    values: [commune.id],
  });
  const work = { agencyId: commune.id, tasks: BigInt(row?.n ?? 0), earliestDueAt: expect.any(Date) };
  expect(await strandedWork()).toEqual([{ ...work, reason: StrandedReason.NO_OFFICER }]);
  await world.announce(ended(commune, '2026-01-15'));
  expect(await strandedWork()).toEqual([{ ...work, reason: StrandedReason.NO_AGENCY }]);
  const { workOperations } = world.as(p.province.head);
  expect(await refusalOf(workOperations.listStrandedWork({}))).toMatchObject({ reason: 'ROLE_MISSING' });
});
