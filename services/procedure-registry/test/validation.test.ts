import { randomUUID } from 'node:crypto';
import { Definition, type Procedure, ProcedureState, Severity } from '@lienthong/contracts/registry';
import { refusalOf, type TestWorld } from '@lienthong/testkit';
import {
  ancestor,
  choice,
  Effect,
  holderOf,
  inDays,
  Join,
  named,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
  Tier,
} from '@lienthong/workflow/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, platformCaller, sound } from './support/world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const makes = { produces: ['giay-phep'] };
const flow = (...blocks: Parameters<typeof sequence>[1][]) => ({
  workflow: { root: sequence('all', ...blocks) },
});

describe('a draft that is not sound stays a draft, and every problem has its place', () => {
  test.each<[string, Partial<Definition>, string, string]>([
    [
      'a step that no dossier reaches',
      flow(step('het', { ...makes, outcomes: [outcome('xong', Effect.FINISH)] }), step('sau')),
      'STEP_UNREACHABLE',
      'workflow.root.sequence.blocks[1]',
    ],
    [
      'a tier that is above no agency',
      flow(step('lam', { ...makes, performer: ancestor(Tier.DISTRICT) })),
      'PERFORMER_IMPOSSIBLE',
      'workflow.root.sequence.blocks[0].step.performer',
    ],
    [
      'a function that no agency holds',
      flow(step('lam', { ...makes, performer: holderOf('fishing') })),
      'FUNCTION_UNKNOWN',
      'workflow.root.sequence.blocks[0].step.performer',
    ],
    [
      'an agency that is not there',
      flow(step('lam', { ...makes, performer: named(randomUUID()) })),
      'AGENCY_UNKNOWN',
      'workflow.root.sequence.blocks[0].step.performer',
    ],
    [
      'more time than the law gives',
      flow(step('lam', { ...makes, timeLimit: inDays(21) })),
      'TIME_EXCEEDED',
      'time_limit',
    ],
    ['a result that no step makes', flow(step('lam')), 'RESULT_NOT_PRODUCED', 'results[0]'],
    [
      'a sub-procedure that is not in force',
      flow(subProcedure('goi', '1.999999'), step('lam', makes)),
      'SUB_PROCEDURE_UNKNOWN',
      'workflow.root.sequence.blocks[0].sub_procedure.procedure_code',
    ],
    [
      'CEL that does not compile',
      flow(choice('re', [['data.area_m2 >', step('lam', makes)]], step('khac', makes))),
      'CONDITION_INVALID',
      'workflow.root.sequence.blocks[0].choice.cases[0].condition',
    ],
    [
      'CEL that is no boolean',
      flow(choice('re', [['data.area_m2', step('lam', makes)]], step('khac', makes))),
      'CONDITION_NOT_BOOLEAN',
      'workflow.root.sequence.blocks[0].choice.cases[0].condition',
    ],
    [
      'a parallel of one',
      flow(parallel('song-song', Join.ALL, step('lam', makes))),
      'PARALLEL_TOO_FEW',
      'workflow.root.sequence.blocks[0]',
    ],
    [
      'a return to a later step',
      flow(step('truoc', { returns: [{ to: 'sau', atMost: 1 }] }), step('sau', makes)),
      'RETURN_NOT_EARLIER',
      'workflow.root.sequence.blocks[0].step.returns[0].to',
    ],
  ])('%s', async (_, more, reason, place) => {
    const { procedures } = world.admin;
    const definition = sound(more);
    const { procedure } = await procedures.draftProcedure({ requestId: randomUUID(), definition });
    const validated = await procedures.validateProcedure({
      requestId: randomUUID(),
      procedureId: procedure?.id,
    });
    expect(validated.procedure?.state).toBe(ProcedureState.DRAFT);
    const found = expect.objectContaining({ severity: Severity.ERROR, reason, place });
    expect(validated.problems).toContainEqual(found);
    const { problems } = await world.as(platformCaller('clerk')).procedures.checkDefinition({ definition });
    expect(problems).toEqual(validated.problems);
  });

  test('all at once', async () => {
    const definition = sound({
      ...flow(step('lam', { performer: holderOf('fishing'), timeLimit: inDays(30) })),
      legalBasis: [],
    });
    const { problems } = await world.as(platformCaller('clerk')).procedures.checkDefinition({ definition });
    expect(problems.map((one) => one.reason).sort()).toEqual([
      'FUNCTION_UNKNOWN',
      'LEGAL_BASIS_MISSING',
      'RESULT_NOT_PRODUCED',
      'TIME_EXCEEDED',
    ]);
  });

  test('a warning does not stand in the way', async () => {
    const { procedures } = world.admin;
    const definition = sound({ coordinatingAgencies: [], executingAgency: undefined });
    const { procedure } = await procedures.draftProcedure({ requestId: randomUUID(), definition });
    const validated = await procedures.validateProcedure({
      requestId: randomUUID(),
      procedureId: procedure?.id,
    });
    expect(validated.problems).toMatchObject([
      { severity: Severity.WARNING, reason: 'PERFORMER_MISSING', place: 'executing_agency' },
    ]);
    expect(validated.procedure?.state).toBe(ProcedureState.VALIDATED);
  });
});

describe('what is not well-formed is not kept', () => {
  const draft = (definition: unknown) =>
    refusalOf(
      world.admin.procedures.draftProcedure({
        requestId: randomUUID(),
        definition: definition as Definition,
      }),
    );

  test('every fault is named by its place in the message', async () => {
    const given = Definition.fromPartial({
      code: '1.1',
      name: ' ',
      tiers: [9 as never],
      ways: [{ channel: 0, feeVnd: -1n }],
      results: [{ key: 'Có Dấu', name: 'x' }],
      workflow: { root: { key: 'goc', block: { $case: 'sequence', value: { blocks: [{ key: 'trong' }] } } } },
    });
    // A number that is not of the contract is refused before the form is looked at.
    expect(await draft(given)).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'ENUM_INVALID',
      violations: ['definition.tiers[0] ENUM_INVALID'],
    });
    const definition = { ...given, tiers: [] };
    expect(await draft(definition)).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'FORMAT_INVALID',
      violations: [
        'definition.code FORMAT_INVALID',
        'definition.name FIELD_REQUIRED',
        'definition.ways[0].channel FIELD_REQUIRED',
        'definition.ways[0].fee_vnd TOO_SMALL',
        'definition.results[0].key FORMAT_INVALID',
        'definition.time_limit FIELD_REQUIRED',
        'definition.workflow.root.sequence.blocks[0] ONE_OF_REQUIRED',
      ],
    });
    // Its form is an answer of CheckDefinition.
    const { problems } = await world.as(platformCaller('clerk')).procedures.checkDefinition({ definition });
    expect(problems.map(({ place, reason }) => `definition.${place} ${reason}`)).toEqual(
      (await draft(definition)).violations,
    );
  });

  test('nothing at all', async () => {
    expect(await draft(undefined)).toMatchObject({ violations: ['definition FIELD_REQUIRED'] });
  });

  test('a workflow of 2,000 steps, and one nested too deep', async () => {
    const many = Array.from({ length: 2_000 }, (_, i) => step(`b-${i}`));
    let deep = step('day', makes);
    for (let i = 0; i < 25; i += 1) deep = sequence(`s-${i}`, deep);
    for (const root of [sequence('all', ...many), deep]) {
      const definition = sound({ workflow: { root } });
      expect(await draft(definition)).toEqual({
        code: 'INVALID_ARGUMENT',
        reason: 'DEFINITION_TOO_LARGE',
        violations: ['definition.workflow.root DEFINITION_TOO_LARGE'],
      });
      const { problems } = await world.as(platformCaller('clerk')).procedures.checkDefinition({ definition });
      expect(problems).toMatchObject([{ reason: 'DEFINITION_TOO_LARGE', place: 'workflow.root' }]);
    }
  });

  test('text beyond its bounds', async () => {
    expect(await draft(sound({ conditions: 'ố'.repeat(10_001) }))).toMatchObject({
      violations: ['definition.conditions TOO_LARGE'],
    });
    const long = Array.from({ length: 100 }, () => 'ố'.repeat(5000));
    expect(await draft(sound({ sequence: long }))).toMatchObject({
      violations: ['definition DEFINITION_TOO_LARGE'],
    });
  });
});

test('text is kept in NFC and trimmed', async () => {
  const name = 'Cấp giấy phép xây dựng nhà ở';
  const definition = sound({ name: `  ${name.normalize('NFD')}\n`, keywords: ['xây nhà'.normalize('NFD')] });
  const { procedure } = await world.admin.procedures.draftProcedure({ requestId: randomUUID(), definition });
  expect((procedure as Procedure).definition).toMatchObject({ name, keywords: ['xây nhà'] });
});

test('a diagram of a version for everybody, and of a definition that is not kept', async () => {
  const definition = sound();
  const { mermaid } = await world.anybody.procedures.drawWorkflow({
    subject: { $case: 'definition', value: definition },
  });
  expect(mermaid).toMatch(/^flowchart /);
  expect(mermaid).toContain('Bước lam');
  expect(await refusalOf(world.anybody.procedures.drawWorkflow({}))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    reason: 'ONE_OF_REQUIRED',
  });
});
