import { type Block, Channel, Definition, type Performer, Severity } from '@lienthong/contracts/registry';
import { describe, expect, test } from 'vitest';
import {
  ancestor,
  choice,
  definition,
  Effect,
  handOver,
  holderOf,
  inCalendarDays,
  inDays,
  inHalfDays,
  inMinutes,
  intake,
  Join,
  named,
  outcome,
  parallel,
  sequence,
  step,
  Tier,
} from '../testing.ts';
import { checkDefinition } from './check.ts';
import type { Known } from './known.ts';
import { around, last, makes, problemsOf, ROOT, SECOND, sound } from './testing.ts';

describe('performers', () => {
  const by = (performer: Performer | undefined, known: Known = {}, more: Partial<Definition> = {}) =>
    problemsOf(around(step('a', { performer })), more, known);
  const at = `${SECOND}.step.performer`;
  const id = '0190a0c0-0000-7000-8000-000000000001';

  test('no performer, no tier, no function, no agency', () => {
    expect(by(undefined)).toEqual([`PERFORMER_MISSING ${at}`]);
    expect(by(ancestor(Tier.UNSPECIFIED))).toEqual([`TIER_INVALID ${at}`]);
    expect(by(holderOf('Đất đai'))).toEqual([`FUNCTION_INVALID ${at}`]);
    expect(by(named('H61'))).toEqual([`AGENCY_UNKNOWN ${at}`]);
  });

  test('what the directory does not know, when it is consulted', () => {
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
    const unset: Performer = { performer: undefined };
    const root = around(
      {
        key: 'hoi',
        block: {
          $case: 'consultation',
          value: { name: 'Hỏi', lead: undefined, consulted: [unset], timeLimit: inDays(1), question: '' },
        },
      },
      handOver('chuyen', unset),
    );
    expect(problemsOf(root, { executingAgency: undefined, coordinatingAgencies: [unset] })).toEqual([
      'PERFORMER_MISSING executing_agency',
      'PERFORMER_MISSING coordinating_agencies[0]',
      `PERFORMER_MISSING ${SECOND}.consultation.lead`,
      `PERFORMER_MISSING ${SECOND}.consultation.consulted[0]`,
      `PERFORMER_MISSING ${ROOT}.blocks[2].hand_over.to`,
    ]);
  });

  test('relations to the competent agency are as sound as those to the intake agency', () => {
    const of = (performer: Performer['performer'], known: Known = {}) =>
      problemsOf(around(step('b', { performer: { performer } })), {}, known);
    expect(of({ $case: 'competent', value: {} })).toEqual([]);
    expect(of({ $case: 'competentAncestor', value: Tier.PROVINCE })).toEqual([]);
    expect(of({ $case: 'competentAncestor', value: 99 as Tier })).toEqual([`TIER_INVALID ${at}`]);
    expect(of({ $case: 'competentFunction', value: 'Đất' })).toEqual([`FUNCTION_INVALID ${at}`]);
    expect(of({ $case: 'competentFunction', value: 'sea' }, { functions: new Set(['land']) })).toEqual([
      `FUNCTION_UNKNOWN ${at}`,
    ]);
  });

  test('the executing agency, which decides who is competent, is not relative to that', () => {
    const executed = (performer: Performer['performer']) =>
      problemsOf(around(step('b')), { executingAgency: { performer } });
    expect(executed({ $case: 'competent', value: {} })).toEqual(['PERFORMER_CIRCULAR executing_agency']);
    expect(executed({ $case: 'competentFunction', value: 'land' })).toEqual([
      'PERFORMER_CIRCULAR executing_agency',
    ]);
    expect(executed({ $case: 'function', value: 'land' })).toEqual([]);
    expect(
      problemsOf(around(step('b')), { decidingAgency: { performer: { $case: 'competent', value: {} } } }),
    ).toEqual([]);
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
    expect(problem?.message).toContain('2 days by nhan → ky; the law gives 1 day');
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

  test('half days add up to days', () => {
    const halves = sequence(
      'tat-ca',
      step('nhan', { timeLimit: inHalfDays(1) }),
      step('ky', { ...makes, timeLimit: inHalfDays(3) }),
    );
    expect(TIMES(halves, { timeLimit: inDays(2) })).toEqual([]);
    expect(TIMES(halves, { timeLimit: inDays(1) })).toEqual(['TIME_EXCEEDED time_limit']);
    expect(TIMES(around(step('a', { timeLimit: inHalfDays(2) })))).toEqual([
      `TIME_LIMIT_INVALID ${SECOND}.step.time_limit`,
    ]);
  });

  test('calendar days over a limit in working days are refused, whichever weekday they start on', () => {
    const ten = sequence('tat-ca', step('nhan', { ...makes, timeLimit: inCalendarDays(10) }));
    expect(TIMES(ten, { timeLimit: inDays(8) })).toEqual([]);
    const step0 = `${ROOT}.blocks[0].step.time_limit`;
    expect(TIMES(ten, { timeLimit: inDays(7) })).toEqual([
      'TIME_EXCEEDED time_limit',
      `TIME_EXCEEDED ${step0}`,
    ]);
    const [problem] = checkDefinition(definition(ten, { timeLimit: inDays(7) }));
    expect(problem).toMatchObject({
      severity: Severity.ERROR,
      message: expect.stringContaining('8 days by nhan'),
    });
    const { ways } = Definition.fromPartial({ ways: [{ channel: Channel.ONLINE, timeLimit: inDays(7) }] });
    expect(TIMES(ten, { ways })).toEqual(['TIME_EXCEEDED ways[0].time_limit', `TIME_EXCEEDED ${step0}`]);
    const { cases } = Definition.fromPartial({ cases: [{ key: 'a', name: 'A', timeLimit: inDays(7) }] });
    expect(TIMES(ten, { cases })).toEqual(['TIME_EXCEEDED cases[0].time_limit', `TIME_EXCEEDED ${step0}`]);
    expect(TIMES(around(step('a', { timeLimit: inCalendarDays(-1) })))).toEqual([
      `TIME_LIMIT_INVALID ${SECOND}.step.time_limit`,
    ]);
  });

  test('working days that may not fit into calendar days are warned of, those that cannot are refused', () => {
    const severities = (limit: number) =>
      checkDefinition(definition(sound, { timeLimit: inCalendarDays(limit) })).map((one) => [
        one.reason,
        one.severity,
      ]);
    expect(severities(4)).toEqual([]);
    expect(severities(3)).toEqual([['TIME_UNITS_MIXED', Severity.WARNING]]);
    expect(severities(1)).toEqual([['TIME_EXCEEDED', Severity.ERROR]]);
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

  test('the way without a result is reported', () => {
    const root = sequence('tat-ca', step('nhan'), choice('neu', [['data.urgent', last]], step('tra')));
    expect(checkDefinition(definition(root))[0]?.message).toContain('nhan → tra');
  });
});
