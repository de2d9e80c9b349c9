import type { Block } from '@lienthong/contracts/registry';
import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { longest, type PathOptions, shortest } from './paths.ts';
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
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
  Tier,
} from './testing.ts';

const DAY = 480;
const days = (key: string, n: number, ...outcomes: ReturnType<typeof outcome>[]): Block =>
  step(key, { timeLimit: inDays(n), ...(outcomes.length > 0 && { outcomes }) });

function both(root: Block, options?: PathOptions) {
  const workflow = compile(definition(root));
  if (!workflow.ok) throw new Error(workflow.refusal.message);
  const [long, short] = [longest(workflow.value, options), shortest(workflow.value, options)];
  return [long.minutes / DAY, long.path.join(' '), short.minutes / DAY, short.path.join(' ')];
}

test('a sequence adds up, half days included', () => {
  const root = sequence(
    's',
    days('a', 2),
    step('b', { timeLimit: inMinutes(240) }),
    consultation('c', intake),
  );
  expect(both(root)).toEqual([4.5, 'a b c', 4.5, 'a b c']);
});

test('"within the day" takes no further day', () => {
  expect(both(sequence('s', days('a', 0), days('b', 3)))).toEqual([3, 'a b', 3, 'a b']);
});

test.each([
  [Join.ALL, 5, 'b', 5, 'b'],
  [Join.LEAD, 3, 'a', 3, 'a'],
  [Join.FIRST, 2, 'c', 2, 'c'],
])('join %i counts the branches it waits for', (join, ...expected) => {
  expect(both(parallel('p', join, days('a', 3), days('b', 5), days('c', 2)))).toEqual(expected);
});

test('an end behind the join is never reached', () => {
  const slow = days('b', 9, outcome('xong', Effect.FINISH));
  expect(both(sequence('s', parallel('p', Join.LEAD, days('a', 3), slow), days('d', 1)))).toEqual([
    4,
    'a d',
    4,
    'a d',
  ]);
  expect(both(parallel('p', Join.ALL, days('a', 3), slow))).toEqual([9, 'b', 9, 'b']);
});

test('choices part by what is known', () => {
  const root = choice(
    'c',
    [
      ['intake_tier == "commune" && data.urgent', days('a', 1)],
      ['channel == 2', days('b', 7)],
    ],
    days('d', 4),
  );
  expect(both(root)).toEqual([7, 'b', 1, 'a']);
  expect(both(root, { channel: 1 })).toEqual([4, 'd', 1, 'a']);
  expect(both(root, { channel: 1, intakeTier: Tier.DISTRICT })).toEqual([4, 'd', 4, 'd']);
  expect(both(root, { channel: 2, data: { urgent: 'false' } })).toEqual([7, 'b', 7, 'b']);
});

test('a choice that may do nothing costs nothing at best', () => {
  expect(both(choice('c', [['data.urgent', days('a', 1)]]))).toEqual([1, 'a', 0, '']);
});

test('early ends: the longest counts refusals, the shortest only results', () => {
  const early = days('a', 1, outcome('tiep'), outcome('xong', Effect.FINISH));
  const denied = days('b', 1, outcome('tiep'), outcome('khong', Effect.REFUSE));
  expect(both(sequence('s', denied, early, days('c', 5)))).toEqual([7, 'b a c', 2, 'b a']);
  const never = days('n', 3, outcome('khong', Effect.REFUSE));
  expect(both(choice('c', [['data.urgent', never]], days('d', 1)))).toEqual([3, 'n', 1, 'd']);
  expect(both(never)).toEqual([3, 'n', 3, 'n']);
});

test('a hand-over counts every agency that receives', () => {
  const up = handOver('len', ancestor(Tier.PROVINCE));
  const down = handOver('ve', intake, true);
  expect(both(sequence('s', up, down))).toEqual([2, 'len ve', 2, 'len ve']);
  const noDistricts = { hasTierAbove: (_: Tier, above: Tier) => above !== Tier.DISTRICT };
  expect(both(sequence('s', up, down), noDistricts)).toEqual([1, 'len ve', 1, 'len ve']);
  expect(both(sequence('s', up, down), { intakeTier: Tier.DISTRICT })).toEqual([1, 'len ve', 1, 'len ve']);
  // From the district it is one step further; beside the chain it is handed over directly.
  const atDistrict = step('h', { performer: ancestor(Tier.DISTRICT), timeLimit: inDays(0) });
  expect(both(sequence('s', atDistrict, up))[0]).toBe(0.5);
  expect(both(sequence('s', handOver('so', holderOf('land')), down))[0]).toBe(1);
});

test('where the dossier is after a choice depends on the case', () => {
  const at = (key: string, tier: Tier) => step(key, { performer: ancestor(tier), timeLimit: inDays(0) });
  const root = sequence(
    's',
    choice('c', [['data.urgent', at('a', Tier.PROVINCE)]], at('b', Tier.DISTRICT)),
    handOver('ve', intake, true),
  );
  expect(both(root)).toEqual([1, 'a ve', 0.5, 'a ve']);
});

test('a sub-procedure takes what its procedure may take', () => {
  const root = sequence('s', days('a', 1), subProcedure('p', '1.000002'));
  expect(both(root, { minutesOfProcedure: (code) => (code === '1.000002' ? 960 : 0) })[0]).toBe(3);
  expect(both(root)[0]).toBe(1);
});
