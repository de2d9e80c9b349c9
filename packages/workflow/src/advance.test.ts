import type { Block } from '@lienthong/contracts/registry';
import { describe, expect, test } from 'vitest';
import { begin, complete, openings, sendBack } from './advance.ts';
import { compile } from './compile.ts';
import type { CompiledWorkflow } from './model.ts';
import type { Position, Progress } from './position.ts';
import type { Result } from './result.ts';
import {
  ancestor,
  choice,
  consultation,
  definition,
  Effect,
  facts,
  handOver,
  intake,
  Join,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
  Tier,
} from './testing.ts';

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.refusal.reason}: ${result.refusal.message}`);
  return result.value;
}
const compiled = (root: Block): CompiledWorkflow => must(compile(definition(root)));
const reasonOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.refusal.reason);
const keysOf = ({ open }: Position): string[] => open.map((one) => one.key);

/** Plays moves by block key: `key`, `key:outcome`, `key>target`. */
function play(root: Block, moves: string[], dossier = facts()): Progress {
  const workflow = compiled(root);
  let progress = must(begin(workflow, dossier));
  for (const move of moves) {
    const [, key = '', sign, rest = ''] = /^([^:>]+)([:>]?)(.*)$/.exec(move) ?? [];
    const id = progress.position.open.find((one) => one.key === key)?.id ?? -1;
    progress = must(
      sign === '>'
        ? sendBack(workflow, progress.position, id, rest)
        : complete(workflow, progress.position, id, rest, dossier),
    );
  }
  return progress;
}

describe('sequence', () => {
  const root = sequence('tat-ca', step('nhan'), step('tham-dinh'), step('tra'));

  test('opens one block after the other and ends after the last', () => {
    expect(keysOf(play(root, []).position)).toEqual(['nhan']);
    expect(keysOf(play(root, ['nhan']).position)).toEqual(['tham-dinh']);
    const last = play(root, ['nhan', 'tham-dinh', 'tra']);
    expect(last).toMatchObject({ end: 'finished', opened: [], closed: [] });
    expect(last.position.open).toEqual([]);
  });

  test('numbers openings without gaps', () => {
    const workflow = compiled(root);
    const first = must(begin(workflow, facts()));
    expect(first.opened).toMatchObject([{ id: 1, key: 'nhan', kind: 'step', lead: true }]);
    const second = must(complete(workflow, first.position, 1, '', facts()));
    expect(second.opened).toMatchObject([{ id: 2, key: 'tham-dinh' }]);
    expect(openings(workflow, second.position)).toEqual(second.opened);
  });

  test('a move changes no position it was given', () => {
    const workflow = compiled(root);
    const { position } = must(begin(workflow, facts()));
    const before = structuredClone(position);
    must(complete(workflow, position, 1, 'xong', facts()));
    expect(position).toEqual(before);
  });

  test.each([
    ['an opening that never was', 7, '', 'OPENING_UNKNOWN'],
    ['an outcome that is not there', 1, 'khong-co', 'OUTCOME_UNKNOWN'],
  ])('%s is refused', (_, id, chosen, reason) => {
    const workflow = compiled(root);
    const { position } = must(begin(workflow, facts()));
    expect(reasonOf(complete(workflow, position, id, chosen, facts()))).toBe(reason);
  });

  test('a step that is done cannot be done again, and nothing can be done after the end', () => {
    const workflow = compiled(step('mot'));
    const { position } = must(begin(workflow, facts()));
    const ended = must(complete(workflow, position, 1, '', facts()));
    expect(ended.end).toBe('finished');
    expect(reasonOf(complete(workflow, ended.position, 1, '', facts()))).toBe('OPENING_UNKNOWN');
    expect(reasonOf(sendBack(workflow, ended.position, 1, 'mot'))).toBe('OPENING_UNKNOWN');
  });

  test('a position of another workflow is refused', () => {
    const { position } = must(begin(compiled(root), facts()));
    expect(reasonOf(complete(compiled(step('khac')), position, 1, '', facts()))).toBe('POSITION_MISMATCH');
    expect(openings(compiled(step('khac')), position)).toBeUndefined();
  });
});

describe('outcomes', () => {
  const outcomes = [outcome('dat'), outcome('som', Effect.FINISH), outcome('khong-dat', Effect.REFUSE)];
  const root = sequence(
    'tat-ca',
    parallel('song-song', Join.ALL, step('xet', { outcomes }), step('khao-sat')),
    step('tra'),
  );

  test('one that continues goes on', () => {
    expect(keysOf(play(root, ['xet:dat']).position)).toEqual(['khao-sat']);
  });

  test.each([
    ['som', 'finished'],
    ['khong-dat', 'refused'],
  ])('%s ends everything, whatever is open', (key, end) => {
    const progress = play(root, [`xet:${key}`]);
    expect(progress).toMatchObject({ end, closed: [2], opened: [] });
    expect(progress.position).toMatchObject({ open: [], joins: {} });
  });

  test('with several outcomes one must be named', () => {
    const workflow = compiled(root);
    const { position } = must(begin(workflow, facts()));
    expect(reasonOf(complete(workflow, position, 1, '', facts()))).toBe('OUTCOME_REQUIRED');
  });

  test('blocks that are no steps have none', () => {
    const workflow = compiled(consultation('hoi', ancestor(Tier.DISTRICT)));
    const { position } = must(begin(workflow, facts()));
    expect(reasonOf(complete(workflow, position, 1, 'xong', facts()))).toBe('OUTCOME_UNKNOWN');
    expect(must(complete(workflow, position, 1, '', facts())).end).toBe('finished');
  });
});

describe('parallel', () => {
  const branches = (join: Join) =>
    sequence(
      'tat-ca',
      parallel('song-song', join, step('chinh'), sequence('phu', step('phu-1'), step('phu-2')), step('ba')),
      step('sau'),
    );

  test('join all waits for every branch', () => {
    expect(play(branches(Join.ALL), []).opened).toMatchObject([
      { key: 'chinh', lead: true },
      { key: 'phu-1', lead: false },
      { key: 'ba', lead: false },
    ]);
    const two = play(branches(Join.ALL), ['ba', 'chinh', 'phu-1']);
    expect(keysOf(two.position)).toEqual(['phu-2']);
    expect(two.position.joins).toEqual({ 'song-song': [2, 0] });
    const all = play(branches(Join.ALL), ['ba', 'chinh', 'phu-1', 'phu-2']);
    expect(keysOf(all.position)).toEqual(['sau']);
    expect(all.position.joins).toEqual({});
  });

  test('join lead cancels the others', () => {
    expect(keysOf(play(branches(Join.LEAD), ['ba']).position)).toEqual(['chinh', 'phu-1']);
    const progress = play(branches(Join.LEAD), ['ba', 'chinh']);
    expect(progress).toMatchObject({ closed: [2], opened: [{ key: 'sau', lead: true }] });
    expect(progress.position.joins).toEqual({});
  });

  test('join first goes on with any branch', () => {
    expect(play(branches(Join.FIRST), ['ba'])).toMatchObject({ closed: [1, 2], opened: [{ key: 'sau' }] });
  });

  test('a branch with nothing to do is done at once, and what it cancels is never reported', () => {
    const idle = choice('neu', [['data.urgent', step('gap')]]);
    const root = sequence('tat-ca', parallel('song-song', Join.FIRST, step('chinh'), idle), step('sau'));
    const progress = play(root, [], facts({ urgent: 'false' }));
    expect(progress).toMatchObject({ opened: [{ id: 1, key: 'sau' }], closed: [] });
    const both = parallel(
      'song-song',
      Join.ALL,
      choice('neu-1', [['false', step('a')]]),
      choice('neu-2', [['false', step('b')]]),
    );
    expect(play(both, [])).toMatchObject({ end: 'finished', opened: [] });
  });

  test('a block may be called constructor', () => {
    const root = parallel('constructor', Join.ALL, step('a'), step('b'));
    expect(play(root, ['a', 'b']).end).toBe('finished');
  });
});

describe('choice', () => {
  const root = choice(
    'dien-tich',
    [
      ['data.area_m2 > 500.0', step('lon')],
      ['data.area_m2 > 100', step('vua')],
    ],
    step('nho'),
  );

  test.each([
    ['501', 'lon', 0],
    ['500', 'vua', 1],
    ['100', 'nho', 2],
  ])('an area of %s goes to %s', (area, key, index) => {
    const { position } = play(root, [], facts({ area_m2: area }));
    expect(keysOf(position)).toEqual([key]);
    expect(position.choices).toEqual({ 'dien-tich': index });
  });

  test('what the dossier does not say is refused by name, not routed somewhere', () => {
    const result = begin(compiled(root), facts());
    expect(result).toMatchObject({
      ok: false,
      refusal: { kind: 'failed-precondition', reason: 'CONDITION_FAILED' },
    });
    expect(result.ok ? '' : result.refusal.message).toMatch(/dien-tich, case 1.*area_m2/);
  });

  test('a simulation takes the way it wants where the data does not decide', () => {
    const ways = [0, 1, 2].map((way) => play(root, [], facts({}, { undecided: () => way })));
    expect(ways.map(({ position }) => keysOf(position))).toEqual([['lon'], ['vua'], ['nho']]);
    expect(keysOf(play(root, [], facts({ area_m2: '9' }, { undecided: () => 0 })).position)).toEqual(['nho']);
  });

  test('a step stays open when the way on cannot be decided', () => {
    const workflow = compiled(sequence('tat-ca', step('nhan'), root));
    const { position } = must(begin(workflow, facts()));
    expect(reasonOf(complete(workflow, position, 1, '', facts()))).toBe('CONDITION_FAILED');
    expect(keysOf(must(complete(workflow, position, 1, '', facts({ area_m2: '1' }))).position)).toEqual([
      'nho',
    ]);
  });

  test('without otherwise there may be nothing to do', () => {
    const progress = play(
      sequence('tat-ca', choice('neu', [['channel == 2', step('so-hoa')]]), step('sau')),
      [],
    );
    expect(keysOf(progress.position)).toEqual(['sau']);
  });
});

describe('returns', () => {
  const back = (to: string, atMost = 2) => ({ returns: [{ to, atMost }] });

  test('the refusal of a second return says that one was allowed', () => {
    const root = sequence('tat-ca', step('soan'), step('ky', back('soan', 1)));
    const { position } = play(root, ['soan', 'ky>soan', 'soan']);
    expect(sendBack(compiled(root), position, position.open[0]?.id ?? 0, 'soan')).toMatchObject({
      refusal: { message: 'the dossier went back from ky to soan once, as often as the workflow allows' },
    });
  });

  test('an earlier step opens again, as often as allowed', () => {
    const root = sequence('tat-ca', step('soan'), step('trinh'), step('ky', back('soan')));
    const again = play(root, ['soan', 'trinh', 'ky>soan']);
    expect(again).toMatchObject({ opened: [{ id: 4, key: 'soan' }], closed: [] });
    expect(again.position.returns).toEqual({ 'ky>soan': 1 });
    const moves = ['soan', 'trinh', 'ky>soan', 'soan', 'trinh', 'ky>soan', 'soan', 'trinh'];
    const { position } = play(root, moves);
    const id = position.open[0]?.id ?? 0;
    expect(sendBack(compiled(root), position, id, 'soan')).toMatchObject({
      refusal: {
        reason: 'RETURN_EXHAUSTED',
        message: 'the dossier went back from ky to soan 2 times, as often as the workflow allows',
      },
    });
  });

  test('leaving a parallel cancels its other branches and forgets its joins', () => {
    const root = sequence(
      'tat-ca',
      step('nhan'),
      parallel('song-song', Join.ALL, step('chinh', back('nhan')), step('phu'), step('ba')),
    );
    const progress = play(root, ['nhan', 'ba', 'chinh>nhan']);
    expect(progress).toMatchObject({ closed: [3], opened: [{ key: 'nhan' }] });
    expect(progress.position).toMatchObject({ joins: {}, open: [{ key: 'nhan' }] });
    expect(keysOf(play(root, ['nhan', 'ba', 'chinh>nhan', 'nhan']).position)).toEqual(['chinh', 'phu', 'ba']);
  });

  test('within a branch the other branches go on', () => {
    const branch = sequence('chinh', step('a'), step('b', back('a')));
    const progress = play(parallel('song-song', Join.ALL, branch, step('phu')), ['a', 'b>a']);
    expect(progress.closed).toEqual([]);
    expect(keysOf(progress.position)).toEqual(['phu', 'a']);
  });

  test('a step that a choice passed by is no earlier step of this dossier', () => {
    const root = sequence(
      'tat-ca',
      choice('neu', [['data.urgent', step('gap')]], step('thuong')),
      step('ky', {
        returns: [
          { to: 'gap', atMost: 1 },
          { to: 'thuong', atMost: 1 },
        ],
      }),
    );
    const workflow = compiled(root);
    const { position } = play(root, ['thuong'], facts({ urgent: 'false' }));
    expect(reasonOf(sendBack(workflow, position, 2, 'gap'))).toBe('RETURN_NOT_ALLOWED');
    expect(keysOf(must(sendBack(workflow, position, 2, 'thuong')).position)).toEqual(['thuong']);
  });

  test('where no return leads is refused', () => {
    const root = sequence('tat-ca', step('a'), handOver('chuyen', ancestor(Tier.DISTRICT)), step('b'));
    const workflow = compiled(root);
    expect(reasonOf(sendBack(workflow, play(root, ['a']).position, 2, 'a'))).toBe('RETURN_NOT_ALLOWED');
    expect(reasonOf(sendBack(workflow, play(root, ['a', 'chuyen']).position, 3, 'a'))).toBe(
      'RETURN_NOT_ALLOWED',
    );
  });
});

test('consultation, hand-over and sub-procedure wait like steps', () => {
  const root = sequence(
    'tat-ca',
    consultation('hoi', ancestor(Tier.DISTRICT), ancestor(Tier.PROVINCE)),
    subProcedure('phu', '1.000002'),
    handOver('tra', intake, true),
  );
  expect(play(root, []).opened).toMatchObject([{ kind: 'consultation', block: { consulted: [{}, {}] } }]);
  expect(play(root, ['hoi']).opened).toMatchObject([
    { kind: 'sub-procedure', block: { procedureCode: '1.000002' } },
  ]);
  expect(play(root, ['hoi', 'phu']).opened).toMatchObject([{ kind: 'hand-over', block: { result: true } }]);
  expect(play(root, ['hoi', 'phu', 'tra']).end).toBe('finished');
});
