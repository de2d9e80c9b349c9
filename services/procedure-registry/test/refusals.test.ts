import { randomUUID } from 'node:crypto';
import type { Decision, Procedure } from '@lienthong/contracts/registry';
import { officer } from '@lienthong/reference-data/testing';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { inDays, sequence, step, subProcedure } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decision, openWorld, platformCaller, province, publish, sound } from './support/world.ts';

let world: TestWorld;
let before: number;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const events = async () =>
  (await world.db.query<{ n: number }>({ text: 'select count(*) as n from event' }))[0]?.n ?? 0;
beforeEach(async () => {
  before = await events();
});

/** The refusal of a call that leaves no event behind, besides those of its preparation. */
async function refused(call: () => Promise<unknown>) {
  const prepared = await events();
  const refusal = await refusalOf(call());
  expect(await events()).toBe(prepared);
  return refusal;
}

const draft = async (definition = sound()) =>
  (await world.admin.procedures.draftProcedure({ requestId: randomUUID(), definition }))
    .procedure as Procedure;
const validated = async () => {
  const one = await draft();
  await world.admin.procedures.validateProcedure({ requestId: randomUUID(), procedureId: one.id });
  return one;
};
const repealed = async () => {
  const one = await publish(world.admin, sound());
  await repeal(one.id);
  return one;
};
const amended = async () => {
  const one = await publish(world.admin, sound());
  await publish(world.admin, one.definition as never, '2026-02-01');
  return one;
};

const revise = (procedureId: string, definition = sound()) =>
  world.admin.procedures.reviseProcedure({ requestId: randomUUID(), procedureId, definition });
const discard = (procedureId: string) =>
  world.admin.procedures.discardDraft({ requestId: randomUUID(), procedureId });
const validate = (procedureId: string) =>
  world.admin.procedures.validateProcedure({ requestId: randomUUID(), procedureId });
const put = (procedureId: string, more: { effectiveOn?: string; decision?: Decision } = {}) =>
  world.admin.procedures.publishProcedure({ requestId: randomUUID(), procedureId, decision, ...more });
const repeal = (procedureId: string, more: { endedOn?: string; decision?: Decision } = {}) =>
  world.admin.procedures.repealProcedure({
    requestId: randomUUID(),
    procedureId,
    endedOn: '2026-02-01',
    decision,
    ...more,
  });

const suspend = (procedureId: string, reason = 'Lỗi quy trình') =>
  world.admin.procedures.suspendProcedure({ requestId: randomUUID(), procedureId, reason });
const resume = (procedureId: string) =>
  world.admin.procedures.resumeProcedure({ requestId: randomUUID(), procedureId });
async function suspended(): Promise<Procedure> {
  const published = await publish(world.admin, sound());
  await suspend(published.id);
  return published;
}

test('a suspension needs its reason, and a version that has not ended', async () => {
  const published = await publish(world.admin, sound());
  expect(await refused(() => suspend(published.id, ''))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: ['reason FIELD_REQUIRED'],
  });
  expect(await refused(() => suspend(randomUUID()))).toMatchObject({ reason: 'PROCEDURE_UNKNOWN' });
  await repeal(published.id, { endedOn: '2026-01-16' });
  world.clock.set('2026-01-15T17:00:00Z');
  expect(await refused(() => suspend(published.id))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'VERSION_ENDED',
  });
  world.clock.set('2026-01-15T01:00:00Z');
});

test('an administrator who is relieved changes nothing', async () => {
  const left = officer({ agencyId: province.id, fullName: 'Trần Thị Nghỉ', roles: ['admin'] });
  await world.appoint(left);
  await world.relieve(left, '2026-01-15');
  const { procedures } = world.as({ ...platformCaller('admin'), officerId: left.id });
  const drafting = () => procedures.draftProcedure({ requestId: randomUUID(), definition: sound() });
  expect(await refused(drafting)).toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'OFFICER_NOT_IN_POSITION',
  });
});

describe('in the wrong state', () => {
  test.each<[string, () => Promise<Procedure>, (id: string) => Promise<unknown>, string]>([
    ['revise what is published', () => publish(world.admin, sound()), revise, 'PROCEDURE_NOT_DRAFT'],
    ['discard what is published', () => publish(world.admin, sound()), discard, 'PROCEDURE_NOT_DRAFT'],
    ['validate what is published', () => publish(world.admin, sound()), validate, 'PROCEDURE_NOT_DRAFT'],
    ['publish a draft', () => draft(), put, 'NOT_VALIDATED'],
    ['publish twice', () => publish(world.admin, sound()), put, 'ALREADY_PUBLISHED'],
    ['repeal a draft', () => draft(), repeal, 'NOT_PUBLISHED'],
    ['repeal what is validated', validated, repeal, 'NOT_PUBLISHED'],
    ['repeal twice', repealed, repeal, 'ALREADY_REPEALED'],
    ['repeal what is amended', amended, repeal, 'ALREADY_AMENDED'],
    ['revise what is repealed', repealed, revise, 'PROCEDURE_NOT_DRAFT'],
    ['suspend a draft', () => draft(), suspend, 'NOT_PUBLISHED'],
    ['suspend twice', suspended, suspend, 'ALREADY_SUSPENDED'],
    ['resume what is not suspended', () => publish(world.admin, sound()), resume, 'NOT_SUSPENDED'],
  ])('%s', async (_, prepare, call, reason) => {
    const { id } = await prepare();
    expect(await refused(() => call(id))).toMatchObject({ code: 'FAILED_PRECONDITION', reason });
  });

  test('a second draft of a code', async () => {
    const one = await draft();
    expect(
      await refused(() =>
        world.admin.procedures.draftProcedure({ requestId: randomUUID(), definition: one.definition }),
      ),
    ).toMatchObject({ code: 'ALREADY_EXISTS', reason: 'DRAFT_EXISTS' });
  });

  test('a revision under another code', async () => {
    const one = await draft();
    expect(await refused(() => revise(one.id))).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'CODE_DIFFERS',
      violations: ['definition.code CODE_DIFFERS'],
    });
  });

  test.each([revise, discard, validate, put, repeal])('a version that is not there: %#', async (call) => {
    expect(await refused(() => call(randomUUID()))).toEqual({
      code: 'NOT_FOUND',
      reason: 'PROCEDURE_UNKNOWN',
      violations: ['procedure_id PROCEDURE_UNKNOWN'],
    });
  });
});

describe('dates and decisions', () => {
  const early = (field: string, reason: string) => ({
    code: 'INVALID_ARGUMENT',
    reason,
    violations: [`${field} ${reason}`],
  });

  test('into force before today', async () => {
    const { id } = await validated();
    expect(await refused(() => put(id, { effectiveOn: '2026-01-14' }))).toEqual(
      early('effective_on', 'EFFECTIVE_DATE_TOO_EARLY'),
    );
  });

  test('into force not after the version before', async () => {
    const first = await publish(world.admin, sound(), '2026-03-01');
    const { id } = await draft(first.definition);
    await validate(id);
    for (const effectiveOn of ['2026-02-01', '2026-03-01'])
      expect(await refused(() => put(id, { effectiveOn }))).toEqual(
        early('effective_on', 'EFFECTIVE_DATE_TOO_EARLY'),
      );
    expect((await put(id, { effectiveOn: '2026-03-02' })).amended?.id).toBe(first.id);
  });

  test('repealed before today, or before it was in force', async () => {
    const { id } = await publish(world.admin, sound());
    for (const endedOn of ['2026-01-14', '2026-01-15'])
      expect(await refused(() => repeal(id, { endedOn }))).toEqual(early('ended_on', 'END_DATE_TOO_EARLY'));
    const later = await publish(world.admin, sound(), '2026-06-01');
    expect(await refused(() => repeal(later.id, { endedOn: '2026-06-01' }))).toEqual(
      early('ended_on', 'END_DATE_TOO_EARLY'),
    );
  });

  test('without a decision, with half of one, with one of tomorrow', async () => {
    const { id } = await validated();
    for (const call of [
      () => world.admin.procedures.publishProcedure({ requestId: randomUUID(), procedureId: id }),
      () => world.admin.procedures.repealProcedure({ requestId: randomUUID(), procedureId: id }),
    ])
      expect(await refused(call)).toEqual(early('decision', 'DECISION_REQUIRED'));
    const half = { ...decision, number: '  ', signerName: '', decidedOn: '2026-02-30' };
    expect(await refused(() => put(id, { decision: half }))).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'FIELD_REQUIRED',
      violations: [
        'decision.number FIELD_REQUIRED',
        'decision.decided_on DATE_INVALID',
        'decision.signer_name FIELD_REQUIRED',
      ],
    });
    expect(await refused(() => put(id, { decision: { ...decision, decidedOn: '2026-01-16' } }))).toEqual(
      early('decision.decided_on', 'DECISION_IN_FUTURE'),
    );
  });
});

describe('other procedures', () => {
  const calling = (code: string, days = 60) => ({
    timeLimit: inDays(days),
    workflow: { root: sequence('all', subProcedure('goi', code), step('lam', { produces: ['giay-phep'] })) },
  });

  test('a procedure that another has as a part is not repealed under it', async () => {
    const part = await publish(world.admin, sound());
    const caller = await publish(world.admin, sound(calling(part.code)));
    expect(await refused(() => repeal(part.id))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'PROCEDURE_IN_USE',
    });
    await repeal(caller.id);
    await repeal(part.id);
  });

  test('two drafts that are sound alone are not published into a circle', async () => {
    const one = await publish(world.admin, sound());
    const two = await publish(world.admin, sound(calling(one.code)));
    const { id } = await draft({ ...sound(calling(two.code, 90)), code: one.code });
    expect((await validate(id)).problems).toMatchObject([{ reason: 'SUB_PROCEDURE_CYCLE' }]);
    expect(await refused(() => put(id, { effectiveOn: '2026-02-01' }))).toMatchObject({
      reason: 'NOT_VALIDATED',
    });
  });

  test('a circle through procedures that the draft does not name itself', async () => {
    const end = await publish(world.admin, sound());
    const middle = await publish(world.admin, sound(calling(end.code, 60)));
    const start = await publish(world.admin, sound(calling(middle.code, 90)));
    const { id } = await draft({ ...sound(calling(start.code, 120)), code: end.code });
    expect((await validate(id)).problems).toMatchObject([
      { reason: 'SUB_PROCEDURE_CYCLE', message: expect.stringContaining(middle.code) },
    ]);
  });

  test('what was sound when validated is checked again when published, up to what comes later', async () => {
    const one = await publish(world.admin, sound());
    const two = await publish(world.admin, sound());
    // Sound while two does not call one, which it will from March on.
    const next = await draft({ ...sound(calling(two.code, 90)), code: one.code });
    expect((await validate(next.id)).problems).toEqual([]);
    const later = await draft({ ...sound(calling(one.code)), code: two.code });
    await validate(later.id);
    await put(later.id, { effectiveOn: '2026-03-01' });
    const refusal = await refused(() => put(next.id, { effectiveOn: '2026-02-01' }));
    expect(refusal).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'DEFINITION_UNSOUND' });
    expect(refusal.violations).toEqual([
      'definition.workflow.root.sequence.blocks[0].sub_procedure.procedure_code SUB_PROCEDURE_CYCLE',
    ]);
  });
});

describe('who may', () => {
  test.each(['leader', 'clerk', 'officer', 'system', 'auditor'] as const)('not %s', async (role) => {
    expect(
      await refused(() =>
        world
          .as(platformCaller(role))
          .procedures.draftProcedure({ requestId: randomUUID(), definition: sound() }),
      ),
    ).toMatchObject({ code: 'PERMISSION_DENIED', reason: 'ROLE_MISSING' });
  });

  test('nobody without a token', async () => {
    const { procedures } = world.anybody;
    for (const call of [
      () => procedures.importProcedures({ requestId: randomUUID(), yaml: '' }),
      () => procedures.importProcedure({ requestId: randomUUID(), record: '' }),
      () => procedures.publishProcedure({ requestId: randomUUID(), procedureId: randomUUID(), decision }),
      () => procedures.simulateProcedure({}),
    ])
      expect(await refused(call)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
    expect(await events()).toBe(before);
  });
});
