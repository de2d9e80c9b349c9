import { randomUUID } from 'node:crypto';
import type { AgencyClient } from '@lienthong/client';
import { type Definition, type Procedure, ProcedureState } from '@lienthong/contracts/registry';
import { ADMIN, refusalOf, type TestWorld } from '@lienthong/testkit';
import { inDays, sequence, step, subProcedure } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decision, openWorld, publish, sound } from './support/world.ts';

let world: TestWorld;
let other: AgencyClient;
beforeAll(async () => {
  world = await openWorld(2);
  other = world.as(ADMIN, 1);
});
afterAll(() => world.stop());

const clients = () => [world.admin, other];

async function validated(definition: Definition): Promise<Procedure> {
  const { procedures } = world.admin;
  const { procedure } = await procedures.draftProcedure({ requestId: randomUUID(), definition });
  await procedures.validateProcedure({ requestId: randomUUID(), procedureId: procedure?.id });
  return procedure as Procedure;
}

/** What each of some calls at once came to: a version's state, or the reason it was refused. */
const outcomes = async (calls: Promise<{ procedure?: Procedure | undefined }>[]) =>
  (
    await Promise.all(
      calls.map((call) =>
        call.then(
          ({ procedure }) => String(procedure?.state),
          async () => (await refusalOf(call)).reason,
        ),
      ),
    )
  ).sort();

test('two publishers of one version in two processes: one of them does it', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id } = await validated(sound());
    const put = (client: AgencyClient) =>
      client.procedures.publishProcedure({ requestId: randomUUID(), procedureId: id, decision });
    expect(await outcomes(clients().map(put))).toEqual([
      String(ProcedureState.PUBLISHED),
      'ALREADY_PUBLISHED',
    ]);
  }
});

test('of two writers who have read the same draft one writes, and the other one learns of it', async () => {
  const definition = sound();
  const { procedure } = await world.admin.procedures.draftProcedure({ requestId: randomUUID(), definition });
  const { id: procedureId = '', revision = 0 } = procedure ?? {};
  expect(revision).toBe(1);
  const put = (client: AgencyClient, i: number) =>
    client.procedures.reviseProcedure({
      requestId: randomUUID(),
      procedureId,
      definition: { ...definition, name: `Bản của người ${i}` },
      revision,
    });
  expect(await outcomes(clients().map(put))).toEqual([String(ProcedureState.DRAFT), 'DRAFT_CHANGED']);
  await world.admin.procedures.validateProcedure({ requestId: randomUUID(), procedureId });
  const request = { requestId: randomUUID(), procedureId, revision };
  for (const change of [
    () => world.admin.procedures.publishProcedure({ ...request, decision }),
    () => world.admin.procedures.discardDraft(request),
  ])
    expect(await refusalOf(change())).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'DRAFT_CHANGED' });
  const { procedure: published } = await world.admin.procedures.publishProcedure({
    ...request,
    revision: 2,
    decision,
  });
  expect(published).toMatchObject({ state: ProcedureState.PUBLISHED, revision: 2 });
});

test('drafts of one code at once from everywhere: one of them begins it', async () => {
  const definition = sound();
  const calls = [...clients(), ...clients(), ...clients()].map((client) =>
    client.procedures.draftProcedure({ requestId: randomUUID(), definition }),
  );
  const reasons = await outcomes(calls);
  expect(reasons.filter((one) => one === 'DRAFT_EXISTS')).toHaveLength(5);
  const { versions } = await world.admin.procedures.listVersions({ code: definition.code });
  expect(versions).toMatchObject([{ version: 1, state: ProcedureState.DRAFT }]);
});

test('two versions that would make a circle together: never both', async () => {
  for (let round = 0; round < 3; round += 1) {
    const [one, two] = [await publish(world.admin, sound()), await publish(world.admin, sound())];
    const calling = (own: Procedure, called: Procedure): Definition => ({
      ...sound({
        timeLimit: inDays(60),
        workflow: {
          root: sequence('all', subProcedure('goi', called.code), step('lam', { produces: ['giay-phep'] })),
        },
      }),
      code: own.code,
    });
    const drafts = [await validated(calling(one, two)), await validated(calling(two, one))];
    const calls = clients().map((client, i) =>
      client.procedures.publishProcedure({
        requestId: randomUUID(),
        procedureId: drafts[i]?.id,
        effectiveOn: '2026-02-01',
        decision,
      }),
    );
    expect(await outcomes(calls)).toEqual([String(ProcedureState.PUBLISHED), 'DEFINITION_UNSOUND']);
  }
});

test('the same request through two processes at once is carried out once', async () => {
  const request = { requestId: randomUUID(), definition: sound() };
  const replies = await Promise.all(clients().map((client) => client.procedures.draftProcedure(request)));
  expect(replies[0]).toEqual(replies[1]);
});

test('what was acknowledged is there after a restart, and drafts go on', async () => {
  const published = await publish(world.admin, sound());
  const draft = await validated(sound());
  await world.restart();
  expect(await world.anybody.procedures.getProcedure({ code: published.code })).toEqual({
    procedure: published,
  });
  const { procedure } = await world.admin.procedures.publishProcedure({
    requestId: randomUUID(),
    procedureId: draft.id,
    decision,
  });
  expect(procedure).toMatchObject({ id: draft.id, state: ProcedureState.PUBLISHED });
});
