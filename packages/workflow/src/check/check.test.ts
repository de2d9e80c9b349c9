import {
  type Block,
  Channel,
  DataType,
  Definition,
  type Performer,
  Severity,
} from '@lienthong/contracts/registry';
import { describe, expect, test } from 'vitest';
import {
  ancestor,
  choice,
  consultation,
  definition,
  Effect,
  handOver,
  holderOf,
  inDays,
  inMinutes,
  intake,
  Join,
  named,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
  Tier,
} from '../testing.ts';
import { checkDefinition } from './check.ts';
import type { Known } from './known.ts';

const makes = { produces: ['giay-phep'] };
const last = step('ky', makes);
const sound = sequence('tat-ca', step('nhan'), last);
const problemsOf = (root: Block | undefined, more: Partial<Definition> = {}, known: Known = {}): string[] =>
  checkDefinition(definition(root, more), known).map(({ reason, place }) => `${reason} ${place}`);

const ROOT = 'workflow.root.sequence';
/** A first step, the block to look at, and a last step that makes the result. */
const around = (...blocks: Block[]): Block => sequence('tat-ca', step('nhan'), ...blocks, last);
const SECOND = `${ROOT}.blocks[1]`;

test('a sound definition has no problem', () => {
  expect(checkDefinition(definition(sound))).toEqual([]);
});

test('every problem is told at once, with severity, place, block and message', () => {
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
    ['nobody consulted', around(consultation('hoi')), [`CONSULTED_MISSING ${SECOND}.consultation.consulted`]],
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

describe('performers', () => {
  const by = (performer: Performer | undefined, known: Known = {}, more: Partial<Definition> = {}) =>
    problemsOf(around(step('a', { performer })), more, known);
  const at = `${SECOND}.step.performer`;
  const id = '0190a0c0-0000-7000-8000-000000000001';

  test('nobody, no tier, no function, no agency', () => {
    expect(by(undefined)).toEqual([`PERFORMER_MISSING ${at}`]);
    expect(by(ancestor(Tier.UNSPECIFIED))).toEqual([`TIER_INVALID ${at}`]);
    expect(by(holderOf('Đất đai'))).toEqual([`FUNCTION_INVALID ${at}`]);
    expect(by(named('H61'))).toEqual([`AGENCY_UNKNOWN ${at}`]);
  });

  test('what the directory does not know, once it is asked', () => {
    const known = { functions: new Set(['land']), agency: (one: string) => one === id };
    expect(by(holderOf('land'), known)).toEqual([]);
    expect(by(holderOf('health'))).toEqual([]);
    expect(by(holderOf('health'), known)).toEqual([`FUNCTION_UNKNOWN ${at}`]);
    expect(by(named(id), known)).toEqual([]);
    expect(by(named(id.replace('1', '2')), known)).toEqual([`AGENCY_UNKNOWN ${at}`]);
  });

  test('a tier that is not above the intake', () => {
    expect(by(ancestor(Tier.PROVINCE))).toEqual([]);
    expect(by(ancestor(Tier.DEPARTMENT))).toEqual([`PERFORMER_IMPOSSIBLE ${at}`]);
    expect(by(ancestor(Tier.COMMUNE), {}, { tiers: [Tier.DISTRICT] })).toEqual([
      `PERFORMER_IMPOSSIBLE ${at}`,
    ]);
    expect(by(ancestor(Tier.DISTRICT), {}, { tiers: [Tier.COMMUNE, Tier.PROVINCE] })).toEqual([
      `PERFORMER_IMPOSSIBLE ${at}`,
    ]);
  });

  test('a tier that no agency has above it any more', () => {
    const known = { hasTierAbove: (_: Tier, above: Tier) => above !== Tier.DISTRICT };
    expect(by(ancestor(Tier.DISTRICT), known)).toEqual([`PERFORMER_IMPOSSIBLE ${at}`]);
    expect(by(ancestor(Tier.PROVINCE), known)).toEqual([]);
  });

  test('a choice may part the tiers', () => {
    const root = around(
      choice(
        'neu',
        [['intake_tier == "commune"', step('a', { performer: ancestor(Tier.DISTRICT) })]],
        step('b'),
      ),
    );
    expect(problemsOf(root, { tiers: [Tier.COMMUNE, Tier.PROVINCE] })).toEqual([]);
  });

  test('every block and the record are looked at', () => {
    const nobody: Performer = { performer: undefined };
    const root = around(
      {
        key: 'hoi',
        block: {
          $case: 'consultation',
          value: { name: 'Hỏi', lead: undefined, consulted: [nobody], timeLimit: inDays(1), question: '' },
        },
      },
      handOver('chuyen', nobody),
    );
    expect(problemsOf(root, { executingAgency: undefined, coordinatingAgencies: [nobody] })).toEqual([
      'PERFORMER_MISSING executing_agency',
      'PERFORMER_MISSING coordinating_agencies[0]',
      `PERFORMER_MISSING ${SECOND}.consultation.lead`,
      `PERFORMER_MISSING ${SECOND}.consultation.consulted[0]`,
      `PERFORMER_MISSING ${ROOT}.blocks[2].hand_over.to`,
    ]);
  });

  test('a result goes back to the intake agency', () => {
    expect(problemsOf(around(handOver('tra', intake, true)))).toEqual([]);
    expect(problemsOf(around(handOver('tra', ancestor(Tier.PROVINCE), true)))).toEqual([
      `HAND_OVER_NOT_TO_INTAKE ${SECOND}.hand_over.to`,
    ]);
  });
});

describe('times', () => {
  const TIMES = (root: Block, more: Partial<Definition> = {}, known: Known = {}) =>
    problemsOf(root, more, known);

  test('the critical path must fit into the legal deadline', () => {
    expect(TIMES(sound, { timeLimit: inDays(2) })).toEqual([]);
    expect(TIMES(sound, { timeLimit: inDays(1) })).toEqual(['TIME_EXCEEDED time_limit']);
    const [problem] = checkDefinition(definition(sound, { timeLimit: inDays(1) }));
    expect(problem?.message).toContain('2 days by nhan → ky; the law gives 1 days');
  });

  test('a way may have a shorter deadline of its own', () => {
    const ways = Definition.fromPartial({
      ways: [{ channel: Channel.IN_PERSON }, { channel: Channel.ONLINE, timeLimit: inDays(1) }],
    }).ways;
    expect(TIMES(sound, { ways })).toEqual(['TIME_EXCEEDED ways[1].time_limit']);
    const quick = sequence('tat-ca', choice('neu', [['channel == 1', step('so-hoa')]]), last);
    expect(TIMES(quick, { ways, timeLimit: inDays(2) })).toEqual([]);
  });

  test('a hand-over takes its time at each agency on the way', () => {
    const root = around(handOver('len', ancestor(Tier.PROVINCE)));
    expect(TIMES(root, { timeLimit: inDays(3) })).toEqual([]);
    expect(TIMES(root, { timeLimit: inMinutes(1439) })).toContain('TIME_EXCEEDED time_limit');
    const known = { hasTierAbove: (_: Tier, above: Tier) => above !== Tier.DISTRICT };
    expect(TIMES(root, { timeLimit: inMinutes(1200) }, known)).not.toContain('TIME_EXCEEDED time_limit');
  });

  test('days within a limit in hours are warned of', () => {
    const problems = checkDefinition(definition(sound, { timeLimit: inMinutes(2000) }));
    expect(problems).toMatchObject([
      { severity: Severity.WARNING, reason: 'TIME_UNITS_MIXED', place: 'time_limit' },
    ]);
  });

  test('none, and negative ones', () => {
    expect(TIMES(around(step('a', { timeLimit: undefined })))).toEqual([
      `TIME_LIMIT_MISSING ${SECOND}.step.time_limit`,
    ]);
    expect(TIMES(around(step('a', { timeLimit: inDays(-1) })))).toEqual([
      `TIME_LIMIT_INVALID ${SECOND}.step.time_limit`,
    ]);
    expect(TIMES(sound, { timeLimit: undefined })).toEqual(['TIME_LIMIT_MISSING time_limit']);
  });
});

describe('results', () => {
  const finish = (key: string, more = {}) =>
    step(key, { outcomes: [outcome('di-tiep'), outcome('xong', Effect.FINISH)], ...more });

  test.each<[string, Block, string[]]>([
    ['never made', sequence('tat-ca', step('a')), ['RESULT_NOT_PRODUCED results[0]']],
    ['unknown', around(step('a', { produces: ['khac'] })), [`RESULT_UNKNOWN ${SECOND}.step.produces[0]`]],
    ['an early finish before it', around(finish('a')), [`RESULT_MISSING ${SECOND}.step.outcomes[1]`]],
    ['an early finish that makes it', around(finish('a', makes)), []],
    [
      'a case without it',
      sequence('tat-ca', step('nhan'), choice('neu', [['data.urgent', last]])),
      ['RESULT_MISSING workflow.root'],
    ],
    [
      'made by one of the branches that need not be done',
      parallel('song-song', Join.LEAD, step('a'), last),
      ['RESULT_MISSING workflow.root'],
    ],
    ['made by one of the branches that must be done', parallel('song-song', Join.ALL, step('a'), last), []],
    ['made by the first whichever it is', parallel('song-song', Join.FIRST, step('a', makes), last), []],
    [
      'a refusal needs none',
      around(step('a', { outcomes: [outcome('dat'), outcome('khong', Effect.REFUSE)] })),
      [],
    ],
  ])('%s', (_, root, expected) => {
    expect(problemsOf(root)).toEqual(expected);
  });

  test('the way without a result is told', () => {
    const root = sequence('tat-ca', step('nhan'), choice('neu', [['data.urgent', last]], step('tra')));
    expect(checkDefinition(definition(root))[0]?.message).toContain('nhan → tra');
  });
});

describe('the record', () => {
  const papers = (...list: object[]) => Definition.fromPartial({ papers: list }).papers;
  const ways = (...list: object[]) => Definition.fromPartial({ ways: list }).ways;
  const data = (...list: object[]) => Definition.fromPartial({ data: list }).data;
  const paper = { key: 'don', name: 'Đơn đề nghị', originals: 1, mandatory: true };
  const field = { key: 'dien_tich', label: 'Diện tích', type: DataType.NUMBER };

  test.each<[Partial<Definition>, string[]]>([
    [{ code: '1.1193' }, ['CODE_INVALID code']],
    [{ code: '1.001612.000.00.00.H48' }, []],
    [{ name: ' ' }, ['NAME_MISSING name']],
    [{ name: 'a'.repeat(501) }, ['NAME_TOO_LONG name']],
    [{ tiers: [] }, ['TIERS_MISSING tiers']],
    [{ tiers: [Tier.COMMUNE, 9 as Tier] }, ['TIER_INVALID tiers[1]']],
    [{ tiers: [Tier.COMMUNE, Tier.COMMUNE] }, ['TIER_DUPLICATE tiers[1]']],
    [{ ways: [] }, ['WAYS_MISSING ways']],
    [{ ways: ways({ channel: 7 }) }, ['CHANNEL_INVALID ways[0].channel']],
    [{ ways: ways({ channel: 1 }, { channel: 1 }) }, ['CHANNEL_DUPLICATE ways[1].channel']],
    [{ ways: ways({ channel: 1, feeVnd: -1n }) }, ['FEE_NEGATIVE ways[0].fee_vnd']],
    [
      { ways: ways({ channel: 1, timeLimit: inDays(-1) }) },
      ['TIME_LIMIT_INVALID ways[0].time_limit', 'TIME_EXCEEDED ways[0].time_limit'],
    ],
    [{ papers: papers(paper, paper) }, ['KEY_DUPLICATE papers[1].key']],
    [{ papers: papers({ ...paper, key: '' }) }, ['KEY_MISSING papers[0].key']],
    [{ papers: papers({ ...paper, name: '' }) }, ['NAME_MISSING papers[0].name']],
    [
      { papers: papers({ ...paper, originals: -1, copies: -2 }) },
      ['COUNT_NEGATIVE papers[0].originals', 'COUNT_NEGATIVE papers[0].copies'],
    ],
    [{ papers: papers({ ...paper, originals: 0 }) }, ['PAPER_COUNT_MISSING papers[0]']],
    [{ papers: papers({ ...paper, condition: 'data.kind' }) }, ['CONDITION_NOT_BOOLEAN papers[0].condition']],
    [
      { papers: papers({ ...paper, mandatory: false, condition: 'data.urgent' }) },
      ['CONDITION_UNUSED papers[0].condition'],
    ],
    [{ results: [] }, ['RESULTS_MISSING results', `RESULT_UNKNOWN ${ROOT}.blocks[1].step.produces[0]`]],
    [{ legalBasis: [''] }, ['LEGAL_BASIS_MISSING legal_basis']],
    [{ data: data(field, field) }, ['KEY_DUPLICATE data[1].key']],
    [{ data: data({ ...field, key: 'dien-tich' }) }, ['KEY_INVALID data[0].key']],
    [{ data: data({ ...field, key: 'in' }) }, ['KEY_RESERVED data[0].key']],
    [{ data: data({ ...field, type: 0 }) }, ['DATA_TYPE_INVALID data[0].type']],
    [{ data: data({ ...field, label: '' }) }, ['NAME_MISSING data[0].label']],
    [{ decidingAgency: undefined }, ['PERFORMER_MISSING deciding_agency']],
    [{ authorisedAgency: ancestor(Tier.DEPARTMENT) }, ['PERFORMER_IMPOSSIBLE authorised_agency']],
  ])('%o', (more, expected) => {
    expect(problemsOf(sound, more)).toEqual(expected);
  });

  test('a definition that says nothing', () => {
    const reasons = checkDefinition(Definition.fromPartial({})).map((problem) => problem.reason);
    expect(reasons).toEqual([
      'CODE_INVALID',
      'NAME_MISSING',
      'TIERS_MISSING',
      'WAYS_MISSING',
      'RESULTS_MISSING',
      'PERFORMER_MISSING',
      'PERFORMER_MISSING',
      'LEGAL_BASIS_MISSING',
      'TIME_LIMIT_MISSING',
      'WORKFLOW_MISSING',
    ]);
  });
});
