import { randomUUID } from 'node:crypto';
import { type Procedure, ProcedureState } from '@lienthong/contracts/registry';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decision, openWorld, platformCaller, publish, publishDraft, sound } from './support/world.ts';

const S = ProcedureState;
let world: TestWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const requestId = () => randomUUID();
const id = (procedure: Procedure | undefined) => procedure?.id ?? '';

test('a first version: draft, validated, published', async () => {
  const { procedures } = world.admin;
  const given = sound();
  const { procedure: draft } = await procedures.draftProcedure({ requestId: requestId(), definition: given });
  expect(draft).toMatchObject({ code: given.code, version: 1, state: S.DRAFT, effectiveOn: '' });
  expect(draft?.definition).toEqual(given);

  const validated = await procedures.validateProcedure({ requestId: requestId(), procedureId: id(draft) });
  expect(validated.problems).toEqual([]);
  expect(validated.procedure?.state).toBe(S.VALIDATED);

  const { procedure, amended } = await procedures.publishProcedure({
    requestId: requestId(),
    procedureId: id(draft),
    decision,
  });
  expect(procedure).toEqual({ ...draft, state: S.PUBLISHED, effectiveOn: '2026-01-15', decision });
  expect(amended).toBeUndefined();
  expect(await world.anybody.procedures.getProcedure({ code: given.code })).toEqual({ procedure });
});

test('a next version amends the one before it on its own first day; each is found by date', async () => {
  const { procedures } = world.admin;
  const given = sound();
  const first = await publish(world.admin, given);
  const { procedure: draft } = await procedures.draftProcedure({
    requestId: requestId(),
    definition: { ...given, name: 'Cấp giấy phép xây dựng (sửa đổi)' },
  });
  expect(draft?.version).toBe(2);
  await procedures.validateProcedure({ requestId: requestId(), procedureId: id(draft) });
  const { procedure: second, amended } = await procedures.publishProcedure({
    requestId: requestId(),
    procedureId: id(draft),
    effectiveOn: '2026-03-01',
    decision,
  });
  expect(amended).toEqual({ ...first, state: S.AMENDED, endedOn: '2026-03-01', endedBy: decision });

  const at = async (date: string) =>
    (await world.anybody.procedures.getProcedure({ code: given.code, at: date })).procedure?.version;
  expect([await at('2026-01-15'), await at('2026-02-28'), await at('2026-03-01')]).toEqual([1, 1, 2]);
  expect(await refusalOf(at('2026-01-14'))).toMatchObject({
    code: 'NOT_FOUND',
    reason: 'PROCEDURE_NOT_IN_FORCE',
  });
  const { versions } = await world.anybody.procedures.listVersions({ code: given.code });
  expect(versions.map((one) => [one.id, one.state])).toEqual([
    [second?.id, S.PUBLISHED],
    [first.id, S.AMENDED],
  ]);
});

test('a repeal ends the code, and a later version brings it back', async () => {
  const { procedures } = world.admin;
  const given = sound();
  const first = await publish(world.admin, given);
  const { procedure: repealed } = await procedures.repealProcedure({
    requestId: requestId(),
    procedureId: first.id,
    endedOn: '2026-02-01',
    decision,
  });
  expect(repealed).toEqual({ ...first, state: S.REPEALED, endedOn: '2026-02-01', endedBy: decision });
  expect(
    await refusalOf(world.anybody.procedures.getProcedure({ code: given.code, at: '2026-02-01' })),
  ).toMatchObject({ reason: 'PROCEDURE_NOT_IN_FORCE' });

  const { procedure: draft } = await procedures.draftProcedure({ requestId: requestId(), definition: given });
  await procedures.validateProcedure({ requestId: requestId(), procedureId: id(draft) });
  const again = (effectiveOn: string) =>
    procedures.publishProcedure({ requestId: requestId(), procedureId: id(draft), effectiveOn, decision });
  expect(await refusalOf(again('2026-01-31'))).toMatchObject({ reason: 'EFFECTIVE_DATE_TOO_EARLY' });
  expect(await again('2026-02-01')).toMatchObject({
    procedure: { version: 2, state: S.PUBLISHED },
    amended: undefined,
  });
});

test('a version is suspended at once and resumed; its next version takes dossiers in', async () => {
  const { procedures } = world.admin;
  const given = sound();
  const first = await publish(world.admin, given);
  const { id: procedureId } = first;
  const reason = 'Tạm dừng để sửa quy trình';
  const suspended = await procedures.suspendProcedure({ requestId: requestId(), procedureId, reason });
  expect(suspended.procedure).toEqual({ ...first, suspension: { since: expect.any(Date), reason } });
  expect(await world.anybody.procedures.getProcedure({ code: given.code })).toEqual(suspended);
  const summaries = async () =>
    (await world.anybody.procedures.listVersions({ code: given.code })).versions.map((one) => [
      one.version,
      one.suspended,
    ]);
  expect(await summaries()).toEqual([[1, true]]);
  expect(await procedures.resumeProcedure({ requestId: requestId(), procedureId })).toEqual({
    procedure: first,
  });
  expect(await summaries()).toEqual([[1, false]]);

  await procedures.suspendProcedure({ requestId: requestId(), procedureId, reason });
  await publish(world.admin, given, '2026-02-01');
  expect(await summaries()).toEqual([
    [2, false],
    [1, true],
  ]);
});

test('a revised draft is a draft again; a discarded one is gone, and its number free', async () => {
  const { procedures } = world.admin;
  const given = sound();
  const { procedure: draft } = await procedures.draftProcedure({ requestId: requestId(), definition: given });
  await procedures.validateProcedure({ requestId: requestId(), procedureId: id(draft) });
  const { procedure: revised } = await procedures.reviseProcedure({
    requestId: requestId(),
    procedureId: id(draft),
    definition: { ...given, conditions: 'Có đất hợp pháp' },
  });
  expect(revised).toMatchObject({
    id: id(draft),
    state: S.DRAFT,
    definition: { conditions: 'Có đất hợp pháp' },
  });

  await procedures.discardDraft({ requestId: requestId(), procedureId: id(draft) });
  expect(await refusalOf(procedures.getProcedure({ procedureId: id(draft) }))).toMatchObject({
    reason: 'PROCEDURE_UNKNOWN',
  });
  const { procedure: next } = await procedures.draftProcedure({ requestId: requestId(), definition: given });
  expect(next).toMatchObject({ version: 1, state: S.DRAFT });
  expect(next?.id).not.toBe(id(draft));
  await publishDraft(world.admin, id(next), '2026-01-15');
});

test('drafts are there for those who write them only', async () => {
  const given = sound();
  const { procedure } = await world.admin.procedures.draftProcedure({
    requestId: requestId(),
    definition: given,
  });
  const unknown = { code: 'NOT_FOUND', reason: 'PROCEDURE_UNKNOWN' };
  for (const client of [world.anybody, world.as(platformCaller('leader'))]) {
    expect(await refusalOf(client.procedures.getProcedure({ procedureId: id(procedure) }))).toMatchObject(
      unknown,
    );
    expect(await refusalOf(client.procedures.listVersions({ code: given.code }))).toMatchObject(unknown);
    const subject = { $case: 'procedureId' as const, value: id(procedure) };
    expect(await refusalOf(client.procedures.drawWorkflow({ subject }))).toMatchObject(unknown);
  }
  const { versions } = await world.admin.procedures.listVersions({ code: given.code });
  expect(versions).toMatchObject([{ version: 1, state: S.DRAFT }]);
});

test('every change is an event of the code, numbered without gaps', async () => {
  const { procedures } = world.admin;
  const given = sound();
  const { procedure: draft } = await procedures.draftProcedure({ requestId: requestId(), definition: given });
  await procedures.discardDraft({ requestId: requestId(), procedureId: id(draft) });
  const first = await publish(world.admin, given);
  const { procedure: second } = await procedures.draftProcedure({
    requestId: requestId(),
    definition: given,
  });
  await publishDraft(world.admin, id(second), '2026-02-02');
  await procedures.repealProcedure({
    requestId: requestId(),
    procedureId: id(second),
    endedOn: '2026-05-01',
    decision,
  });
  const rows = await world.db.query<{ type: string; version: number; aggregate_id: string }>({
    text: 'select type, version, aggregate_id from event where aggregate_id = $1 order by version',
    values: [id(draft)],
  });
  expect(rows.map((row) => [row.version, row.type.replace('lienthong.registry.v1.Procedure', '')])).toEqual([
    [1, 'Drafted'],
    [2, 'DraftDiscarded'],
    [3, 'Drafted'],
    [4, 'Validated'],
    [5, 'Published'],
    [6, 'Drafted'],
    [7, 'Validated'],
    [8, 'Published'],
    [9, 'Amended'],
    [10, 'Repealed'],
  ]);
  expect(first.version).toBe(1);
});

describe('the same request again', () => {
  test('is answered with the first reply, and with another body refused', async () => {
    const { procedures } = world.admin;
    const request = { requestId: requestId(), definition: sound() };
    const reply = await procedures.draftProcedure(request);
    expect(await procedures.draftProcedure(request)).toEqual(reply);
    expect(await refusalOf(procedures.draftProcedure({ ...request, definition: sound() }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_ID_REUSED',
    });
  });
});

test('all drafts are listed by code, page by page, to those who write them', async () => {
  const codes: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const definition = sound();
    codes.push(definition.code);
    await world.admin.procedures.draftProcedure({ requestId: randomUUID(), definition });
  }
  const found: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = await world.admin.procedures.listDrafts({ pageSize: 2, pageToken });
    found.push(...page.drafts.map(({ code }) => code));
    pageToken = page.nextPageToken;
    if (pageToken === '') break;
  }
  expect(found).toEqual(expect.arrayContaining(codes));
  expect(found).toEqual(found.toSorted());
  expect(await refusalOf(world.as(platformCaller('officer')).procedures.listDrafts({}))).toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});
