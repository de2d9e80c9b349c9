import { type Block, type Definition, type Performer, Severity } from '@lienthong/contracts/registry';
import { describe, expect, test } from 'vitest';
import {
  ancestor,
  choice,
  consultation,
  definition,
  Effect,
  holderOf,
  inDays,
  intake,
  Join,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
  Tier,
} from '../testing.ts';
import { checkDefinition } from './check.ts';
import { around, last, makes, problemsOf, ROOT, SECOND, sound } from './testing.ts';

test('a sound definition has no problem', () => {
  expect(checkDefinition(definition(sound))).toEqual([]);
});

test('every problem is reported at once, with severity, place, block and message', () => {
  const root = sequence(
    'tat-ca',
    step('nhan', { outcomes: [] }),
    step('nhan', { timeLimit: undefined }),
    last,
  );
  const problems = checkDefinition(definition(root, { code: 'x', legalBasis: [], papers: undefined }));
  expect(problems.map(({ reason, blockKey }) => [reason, blockKey])).toEqual([
    ['CODE_INVALID', ''],
    ['LEGAL_BASIS_MISSING', ''],
    ['OUTCOMES_MISSING', 'nhan'],
    ['KEY_DUPLICATE', 'nhan'],
    ['TIME_LIMIT_MISSING', 'nhan'],
  ]);
  for (const { severity, message, place } of problems) {
    expect(severity).toBe(Severity.ERROR);
    expect(message).not.toBe('');
    expect(place).not.toBe('');
  }
});

describe('structure', () => {
  const branch = (block: Block | undefined, lead: boolean) => ({ block, lead });
  const forked = (...branches: ReturnType<typeof branch>[]): Block => ({
    key: 'song-song',
    block: { $case: 'parallel', value: { join: Join.ALL, branches } },
  });
  const [a, b] = [step('a'), step('b')];
  const many = (n: number, of: (key: string) => Block) => Array.from({ length: n }, (_, i) => of(`k${i}`));

  test.each<[string, Block | undefined, string[]]>([
    ['no workflow', undefined, ['WORKFLOW_MISSING workflow.root']],
    ['a block of no kind', around({ key: 'trong', block: undefined }), [`BLOCK_MISSING ${SECOND}`]],
    ['a block without key', around(step('')), [`KEY_MISSING ${SECOND}`]],
    ['a key with capitals', around(step('Nhan')), [`KEY_INVALID ${SECOND}`]],
    ['a key with marks', around(step('nhận')), [`KEY_INVALID ${SECOND}`]],
    ['a key of 61 characters', around(step('k'.repeat(61))), [`KEY_INVALID ${SECOND}`]],
    ['a key twice', around(step('nhan')), [`KEY_DUPLICATE ${SECOND}`]],
    ['an empty sequence', around(sequence('trong')), [`SEQUENCE_EMPTY ${SECOND}`]],
    ['a parallel of one', around(forked(branch(a, true))), [`PARALLEL_TOO_FEW ${SECOND}`]],
    ['a parallel of none', around(forked()), [`PARALLEL_TOO_FEW ${SECOND}`, `LEAD_MISSING ${SECOND}`]],
    [
      'a parallel of 21',
      around(parallel('song-song', Join.ALL, ...many(21, step))),
      [`PARALLEL_TOO_MANY ${SECOND}`],
    ],
    ['no lead', around(forked(branch(a, false), branch(b, false))), [`LEAD_MISSING ${SECOND}`]],
    ['two leads', around(forked(branch(a, true), branch(b, true))), [`LEAD_AMBIGUOUS ${SECOND}`]],
    [
      'an empty branch',
      around(forked(branch(a, true), branch(undefined, false))),
      [`BLOCK_MISSING ${SECOND}.parallel.branches[1].block`],
    ],
    ['a join of no kind', around(parallel('song-song', 9 as Join, a, b)), [`ENUM_INVALID ${SECOND}`]],
    ['a choice without cases', around(choice('neu', [], a)), [`CHOICE_EMPTY ${SECOND}`]],
    [
      'an outcome twice',
      around(step('a', { outcomes: [outcome('x'), outcome('x')] })),
      [`KEY_DUPLICATE ${SECOND}.step.outcomes[1].key`],
    ],
    [
      'an outcome without key',
      around(step('a', { outcomes: [outcome('')] })),
      [`KEY_MISSING ${SECOND}.step.outcomes[0].key`],
    ],
    [
      'an effect of no kind',
      around(step('a', { outcomes: [outcome('x', 9 as Effect)] })),
      [`ENUM_INVALID ${SECOND}.step.outcomes[0].effect`],
    ],
    [
      'no agency consulted',
      around(consultation('hoi')),
      [`CONSULTED_MISSING ${SECOND}.consultation.consulted`],
    ],
    [
      'one consulted twice',
      around(consultation('hoi', holderOf('land'), intake, holderOf('land'))),
      [`CONSULTED_TWICE ${SECOND}.consultation.consulted[2]`],
    ],
    [
      'more than 20 consulted',
      around(consultation('hoi', ...Array.from({ length: 21 }, (_, i) => holderOf(`f${i}`)))),
      [`CONSULTED_TOO_MANY ${SECOND}.consultation.consulted`],
    ],
  ])('%s', (_, root, expected) => {
    expect(problemsOf(root)).toEqual(expected);
  });
});

describe('endless', () => {
  const back = (to: string, atMost = 1) => ({ returns: [{ to, atMost }] });
  const TO = `${SECOND}.step.returns[0].to`;

  test.each<[string, Block, string[]]>([
    ['a return to an earlier step is fine', around(step('a', back('nhan', 10))), []],
    ['to itself', around(step('a', back('a'))), [`RETURN_TO_ITSELF ${TO}`]],
    ['to a later step', around(step('a', back('ky'))), [`RETURN_NOT_EARLIER ${TO}`]],
    ['to nothing', around(step('a', back('khong-co'))), [`RETURN_TARGET_UNKNOWN ${TO}`]],
    ['to a block that is no step', around(step('a', back('tat-ca'))), [`RETURN_TARGET_UNKNOWN ${TO}`]],
    ['never', around(step('a', back('nhan', 0))), [`RETURN_LIMIT_INVALID ${SECOND}.step.returns[0].at_most`]],
    [
      'eleven times',
      around(step('a', back('nhan', 11))),
      [`RETURN_LIMIT_INVALID ${SECOND}.step.returns[0].at_most`],
    ],
    [
      'the same twice',
      around(
        step('a', {
          returns: [
            { to: 'nhan', atMost: 1 },
            { to: 'nhan', atMost: 2 },
          ],
        }),
      ),
      [`RETURN_DUPLICATE ${SECOND}.step.returns[1].to`],
    ],
    [
      'into another branch',
      around(parallel('song-song', Join.ALL, step('a'), step('b', back('a')))),
      [`RETURN_INTO_BRANCH ${SECOND}.parallel.branches[1].block.step.returns[0].to`],
    ],
    [
      'into a parallel that is over',
      around(parallel('song-song', Join.ALL, step('a'), step('b')), step('c', back('a'))),
      [`RETURN_INTO_BRANCH ${ROOT}.blocks[2].step.returns[0].to`],
    ],
    [
      'to another case',
      around(choice('neu', [['data.urgent', step('a')]], step('b', back('a')))),
      [`RETURN_NOT_EARLIER ${SECOND}.choice.otherwise.step.returns[0].to`],
    ],
    [
      'out of a parallel is fine',
      around(parallel('song-song', Join.ALL, step('a', back('nhan')), step('b'))),
      [],
    ],
  ])('%s', (_, root, expected) => {
    expect(problemsOf(root)).toEqual(expected);
  });

  test('a sub-procedure that leads back to the procedure, or round in itself', () => {
    const world: Record<string, Definition> = {
      '1.000002': definition(subProcedure('x', '1.000003'), { code: '1.000002' }),
      '1.000003': definition(sequence('s', step('y'), subProcedure('x', '1.001193')), { code: '1.000003' }),
      '1.000004': definition(subProcedure('x', '1.000004'), { code: '1.000004' }),
      '1.000005': definition(step('x'), { code: '1.000005' }),
    };
    const known = { procedures: (code: string) => world[code] };
    const long = { timeLimit: inDays(60) };
    const place = `${SECOND}.sub_procedure.procedure_code`;
    expect(problemsOf(around(subProcedure('phu', '1.001193')))).toEqual([`SUB_PROCEDURE_CYCLE ${place}`]);
    expect(problemsOf(around(subProcedure('phu', '1.000002')), long, known)).toEqual([
      `SUB_PROCEDURE_CYCLE ${place}`,
    ]);
    expect(problemsOf(around(subProcedure('phu', '1.000004')), long, known)).toEqual([
      `SUB_PROCEDURE_CYCLE ${place}`,
    ]);
    expect(problemsOf(around(subProcedure('phu', '1.000009')), long, known)).toEqual([
      `SUB_PROCEDURE_UNKNOWN ${place}`,
    ]);
    const elsewhere = { ...known.procedures('1.000005'), servedElsewhere: 'https://dichvucong.bca.gov.vn' };
    expect(
      problemsOf(around(subProcedure('phu', '1.000005')), long, {
        procedures: () => elsewhere as Definition,
      }),
    ).toEqual([`SUB_PROCEDURE_ELSEWHERE ${place}`]);
    expect(problemsOf(around(subProcedure('phu', 'x')), long, known)).toEqual([`CODE_INVALID ${place}`]);
    const root = around(subProcedure('phu', '1.000005'));
    expect(problemsOf(root, { timeLimit: inDays(22) }, known)).toEqual([]);
    expect(problemsOf(root, { timeLimit: inDays(21) }, known)).toEqual(['TIME_EXCEEDED time_limit']);
    const [cycle] = checkDefinition(definition(around(subProcedure('phu', '1.000002'))), known);
    expect(cycle?.message).toContain('1.001193 → 1.000002 → 1.000003 → 1.001193');
  });

  test('a sub-procedure is taken in at one of its tiers', () => {
    const known = { procedures: () => definition(step('x'), { code: '1.000002', tiers: [Tier.DISTRICT] }) };
    const at = (performer: Performer): Block => ({
      key: 'phu',
      block: { $case: 'subProcedure', value: { name: 'Phụ', procedureCode: '1.000002', intake: performer } },
    });
    const limit = { timeLimit: inDays(40) };
    expect(problemsOf(around(at(ancestor(Tier.DISTRICT))), limit, known)).toEqual([]);
    expect(problemsOf(around(at(ancestor(Tier.PROVINCE))), limit, known)).toEqual([
      `PERFORMER_IMPOSSIBLE ${SECOND}.sub_procedure.intake`,
    ]);
  });
});

describe('unreachable', () => {
  const ends = { outcomes: [outcome('cap', Effect.FINISH), outcome('tu-choi', Effect.REFUSE)], ...makes };

  test.each<[string, Block, string[]]>([
    [
      'behind a step that always ends the work',
      sequence('tat-ca', step('quyet', ends), step('a'), last),
      [`STEP_UNREACHABLE ${SECOND}`, `STEP_UNREACHABLE ${ROOT}.blocks[2]`],
    ],
    [
      'behind a parallel one of whose branches never comes through',
      around(parallel('song-song', Join.ALL, step('a'), step('quyet', ends))),
      [`STEP_UNREACHABLE ${ROOT}.blocks[2]`],
    ],
    [
      'not when the lead decides',
      around(parallel('song-song', Join.LEAD, step('a'), step('quyet', ends))),
      [],
    ],
    ['not when one is enough', around(parallel('song-song', Join.FIRST, step('a'), step('quyet', ends))), []],
    [
      'behind a choice all of whose cases end',
      around(choice('neu', [['data.urgent', step('quyet', ends)]], step('quyet-2', ends))),
      [`STEP_UNREACHABLE ${ROOT}.blocks[2]`],
    ],
    [
      'not behind a choice that may do nothing',
      around(choice('neu', [['data.urgent', step('quyet', ends)]])),
      [],
    ],
    [
      'a case behind one that always holds',
      around(
        choice(
          'neu',
          [
            ['true', step('a')],
            ['data.urgent', step('b')],
          ],
          step('c'),
        ),
      ),
      [`CASE_UNREACHABLE ${SECOND}.choice.cases[1].block`, `CASE_UNREACHABLE ${SECOND}.choice.otherwise`],
    ],
    [
      'a case that never holds',
      around(choice('neu', [['1 > 2', step('a')]], step('b'))),
      [`CASE_UNREACHABLE ${SECOND}.choice.cases[0].block`],
    ],
    [
      'a tier that does not exist',
      around(choice('neu', [['intake_tier == "xa"', step('a')]], step('b'))),
      [`CASE_UNREACHABLE ${SECOND}.choice.cases[0].block`],
    ],
    [
      'the same condition twice',
      around(
        choice('neu', [
          ['data.urgent', step('a')],
          [' data.urgent ', step('b')],
        ]),
      ),
      [`CASE_UNREACHABLE ${SECOND}.choice.cases[1].block`],
    ],
  ])('%s', (_, root, expected) => {
    expect(problemsOf(root)).toEqual(expected);
  });
});

describe('conditions', () => {
  const at = `${SECOND}.choice.cases[0].condition`;
  test.each([
    ['', 'CONDITION_MISSING'],
    ['data.area_m2 >', 'CONDITION_INVALID'],
    ['data.area_m2 > "a"', 'CONDITION_INVALID'],
    ['data.area_m2', 'CONDITION_NOT_BOOLEAN'],
    ['data.ares_m2 > 5.0', 'DATA_FIELD_UNKNOWN'],
    ['area_m2 > 5.0', 'CONDITION_INVALID'],
    ['data.kind.matches("(a+)+b")', 'CONDITION_NOT_ALLOWED'],
    ['[1, 2].all(x, x > 0)', 'CONDITION_NOT_ALLOWED'],
    [`data.kind == "${'a'.repeat(1000)}"`, 'CONDITION_TOO_LONG'],
  ])('%s', (condition, reason) => {
    const root = around(choice('neu', [[condition, step('a')]], step('b')));
    expect(problemsOf(root)).toEqual([`${reason} ${at}`]);
  });

  test('the message of CEL and the column are passed on', () => {
    const root = around(choice('neu', [['data.area_m2 >', step('a')]], step('b')));
    expect(checkDefinition(definition(root))[0]).toMatchObject({
      blockKey: 'neu',
      message: expect.stringMatching(/Unexpected token.*column 15/),
    });
  });
});
