import { randomUUID } from 'node:crypto';
import { Status } from '@lienthong/client';
import { DossierStatus } from '@lienthong/contracts/casework';
import type { Officer } from '@lienthong/contracts/directory';
import { agency, ended, officer } from '@lienthong/reference-data/testing';
import { refusalOf, refusalsOf } from '@lienthong/testkit';
import { consultation, holderOf, sequence, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const p = sampleProvince();
const building = fourSteps();
const asking = procedure(sequence('s', consultation('y-kien', holderOf('finance')), step('ket-luan')));

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await settle(world, p);
  await world.publish(building, asking);
});
afterAll(() => world.stop());

const unknown = { code: 'NOT_FOUND', reason: 'DOSSIER_UNKNOWN' };
const denied = (reason: string) => ({ code: 'PERMISSION_DENIED', reason });
const as = (who: Officer) => world.as(who).casework;
const lodge = async (of = building) => (await as(p.commune.clerk).lodgeDossier(lodging(of))).dossierId;
const at = (dossierId: string, taskNumber = 1) => ({ requestId: randomUUID(), dossierId, taskNumber });

describe('a dossier is visible', () => {
  test('to agencies that take or took part, and to no other', async () => {
    const dossierId = await lodge();
    const readers = async () => {
      const seen: string[] = [];
      for (const [name, { clerk }] of Object.entries(p))
        if ((await refusedOr(dossierOf(world.as(clerk), dossierId))) === 'seen') seen.push(name);
      return seen;
    };
    expect(await readers()).toEqual(['commune']);
    await complete(world.as(p.commune.officer), dossierId, 1);
    expect(await readers()).toEqual(['land', 'commune']);
    await complete(world.as(p.land.officer), dossierId, 2, { outcome: 'dat' });
    expect(await readers()).toEqual(['province', 'land', 'commune']);
  });

  test('to an agency that is only consulted', async () => {
    const dossierId = await lodge(asking);
    expect((await dossierOf(world.as(p.finance.officer), dossierId)).id).toBe(dossierId);
  });

  test('to no other agency, by id, by code or through any method', async () => {
    const stranger = as(p.otherCommune.head);
    const dossierId = await lodge();
    const { code } = await dossierOf(world.as(p.commune.clerk), dossierId);
    const refusals = await refusalsOf([
      stranger.getDossier({ dossierId }),
      stranger.getDossier({ code }),
      stranger.getDossier({ dossierId: randomUUID() }),
      stranger.claimTask(at(dossierId)),
      stranger.completeTask(at(dossierId)),
      stranger.withdrawDossier({ requestId: randomUUID(), dossierId, reason: 'x' }),
      stranger.claimTask(at(randomUUID())),
    ]);
    for (const refusal of refusals) expect(refusal).toMatchObject(unknown);
    expect((await dossierOf(world.as(p.commune.clerk), dossierId)).status).toBe(DossierStatus.ACCEPTED);
  });

  test('to the successor of a participant that has ended', async () => {
    const [old, successor] = ['H61.OLD', 'H61.NEW'].map((code) =>
      agency({ code, name: `Xã ${code}`, parentId: p.district.agency.id }),
    );
    if (!old || !successor) throw new Error('two agencies');
    const [before, after] = [old, successor].map(({ id }) =>
      officer({ agencyId: id, fullName: 'Võ Văn Tư' }),
    );
    if (!before || !after) throw new Error('two officers');
    await world.announce(old, successor);
    await world.appoint(before, after);
    const { dossierId } = await as(before).lodgeDossier(lodging(building));
    expect(await refusalOf(as(after).getDossier({ dossierId }))).toMatchObject(unknown);
    await world.announce(ended(old, '2026-01-15', successor.id));
    expect((await dossierOf(world.as(after), dossierId)).id).toBe(dossierId);
    expect(await refusalOf(as(before).completeTask(at(dossierId)))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'AGENCY_ENDED',
    });
  });
});

async function refusedOr(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'seen',
    async () => (await refusalOf(call)).reason,
  );
}

describe('a task is completed', () => {
  test('by its agency, not by another participant', async () => {
    const dossierId = await lodge();
    await complete(world.as(p.commune.officer), dossierId, 1);
    const refusals = await refusalsOf([
      as(p.commune.officer).completeTask(at(dossierId, 2)),
      as(p.commune.officer).claimTask(at(dossierId, 2)),
      as(p.commune.head).assignTask({ ...at(dossierId, 2), officerId: p.commune.officer.id }),
    ]);
    for (const refusal of refusals) expect(refusal).toMatchObject(denied('NOT_YOUR_TASK'));
  });

  test('by its assignee or a leader', async () => {
    const dossierId = await lodge();
    await as(p.commune.head).assignTask({ ...at(dossierId), officerId: p.commune.officer.id });
    const colleague = as(p.commune.colleague).completeTask(at(dossierId));
    expect(await refusalOf(colleague)).toMatchObject(denied('NOT_ASSIGNED_TO_YOU'));
    await as(p.commune.officer).handOverTask({ ...at(dossierId), officerId: p.commune.colleague.id });
    const before = as(p.commune.officer).completeTask(at(dossierId));
    expect(await refusalOf(before)).toMatchObject(denied('NOT_ASSIGNED_TO_YOU'));
    await complete(world.as(p.commune.colleague), dossierId, 1);
    const again = await lodge();
    await as(p.commune.colleague).claimTask(at(again));
    expect((await complete(world.as(p.commune.head), again, 1)).openTasks).toEqual([2]);
  });

  test('by an officer in position, to whom a leader assigns it', async () => {
    const dossierId = await lodge();
    const assign = (by: Officer, officerId: string) =>
      refusalOf(as(by).assignTask({ ...at(dossierId), officerId }));
    expect(await assign(p.commune.officer, p.commune.colleague.id)).toMatchObject(denied('LEADER_REQUIRED'));
    for (const officerId of [p.land.officer.id, randomUUID()])
      expect(await assign(p.commune.head, officerId)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        violations: ['officer_id OFFICER_NOT_OF_AGENCY'],
      });
  });
});

test('intake and holder have different permissions', async () => {
  const dossierId = await lodge();
  await complete(world.as(p.commune.officer), dossierId, 1);
  const that = { requestId: randomUUID(), dossierId };
  const byIntake = as(p.land.officer).withdrawDossier({ ...that, reason: 'x' });
  expect(await refusalOf(byIntake)).toMatchObject(denied('NOT_THE_INTAKE'));
  const byHolder = as(p.commune.clerk).stopDossier({ ...that, reason: 'x' });
  expect(await refusalOf(byHolder)).toMatchObject(denied('NOT_THE_HOLDER'));
});

describe('a token', () => {
  test('without an agency, of an unknown agency or without a role changes nothing', async () => {
    const request = lodging(building);
    const lodgedBy = (who: Parameters<World['as']>[0]) =>
      refusalOf(world.as(who).casework.lodgeDossier(request));
    expect(await lodgedBy({ id: 'x', agencyId: '', roles: ['officer'] })).toMatchObject(
      denied('ROLE_MISSING'),
    );
    expect(await lodgedBy({ id: 'x', agencyId: randomUUID(), roles: ['officer'] })).toMatchObject({
      reason: 'AGENCY_UNKNOWN',
    });
    expect(await lodgedBy({ ...p.commune.clerk, roles: ['auditor'] })).toMatchObject(denied('ROLE_MISSING'));
    const nobody = await refusalOf(world.anybody.casework.lodgeDossier(request));
    expect(nobody.code).toBe(Status[Status.UNAUTHENTICATED]);
  });
});

test('a dossier is lodged at an intake agency of its procedure, while the procedure is in force', async () => {
  const at = (code: string, who = p.commune.clerk) => refusalOf(as(who).lodgeDossier(lodging({ code })));
  expect(await at(building.code, p.land.clerk)).toMatchObject({ reason: 'WRONG_TIER' });
  expect(await at('9.999999')).toMatchObject({ code: 'NOT_FOUND', reason: 'PROCEDURE_NOT_IN_FORCE' });
});
