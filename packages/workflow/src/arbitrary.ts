/** Random workflows for property tests. */
import type { Block, Definition, Outcome } from '@lienthong/contracts/registry';
import fc from 'fast-check';
import { compile } from './compile.ts';
import type { CompiledWorkflow } from './model.ts';
import {
  ancestor,
  choice,
  consultation,
  definition,
  Effect,
  handOver,
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

const CONDITIONS = [
  'data.urgent',
  'data.floors > 3',
  '!data.urgent && data.floors < 9',
  'channel == 2',
  'false',
];
const OUTCOMES: Outcome[][] = [
  [outcome('dat')],
  [outcome('dat'), outcome('khac')],
  [outcome('dat'), outcome('tu-choi', Effect.REFUSE)],
  [outcome('dat'), outcome('som', Effect.FINISH), outcome('tu-choi', Effect.REFUSE)],
  [outcome('som', Effect.FINISH)],
];

const few = (block: fc.Arbitrary<Block>, minLength: number, maxLength: number) =>
  fc.array(block, { minLength, maxLength });

const { block } = fc.letrec<{ block: Block; leaf: Block; inner: Block }>((tie) => ({
  block: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('inner')),
  leaf: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({
          outcomes: fc.constantFrom(...OUTCOMES),
          minutes: fc.integer({ min: 0, max: 960 }),
          makes: fc.boolean(),
        })
        .map(({ outcomes, minutes, makes }) =>
          step('', { outcomes, timeLimit: inMinutes(minutes), produces: makes ? ['giay-phep'] : [] }),
        ),
    },
    { weight: 1, arbitrary: fc.constant(consultation('', ancestor(Tier.DISTRICT), ancestor(Tier.PROVINCE))) },
    { weight: 1, arbitrary: fc.constant(handOver('', intake)) },
    { weight: 1, arbitrary: fc.constant(subProcedure('', '1.000002')) },
  ),
  inner: fc.oneof(
    few(tie('block'), 1, 4).map((blocks) => sequence('', ...blocks)),
    fc
      .tuple(few(tie('block'), 2, 3), fc.constantFrom(Join.ALL, Join.LEAD, Join.FIRST))
      .map(([blocks, join]) => parallel('', join, ...blocks)),
    fc
      .tuple(
        fc.array(fc.tuple(fc.constantFrom(...CONDITIONS), tie('block')), { minLength: 1, maxLength: 3 }),
        fc.option(tie('block'), { nil: undefined }),
      )
      .map(([cases, otherwise]) => choice('', cases, otherwise)),
  ),
}));

/** Gives every block its key; the trees above may share blocks, so it copies. */
function keyed(root: Block): Block {
  let count = 0;
  const copy: Block = JSON.parse(JSON.stringify(root));
  const visit = (one: Block): void => {
    one.key = count % 7 === 3 ? `constructor-${count}` : `b${count}`;
    count += 1;
    const inner = one.block;
    if (inner?.$case === 'sequence') inner.value.blocks.forEach(visit);
    if (inner?.$case === 'parallel')
      for (const { block: branch } of inner.value.branches) if (branch) visit(branch);
    if (inner?.$case === 'choice') {
      for (const { block: chosen } of inner.value.cases) if (chosen) visit(chosen);
      if (inner.value.otherwise) visit(inner.value.otherwise);
    }
  };
  visit(copy);
  return copy;
}

/** Puts returns on random steps and leaves those that the compiler finds sound. */
function withReturns(root: Block, wishes: readonly [number, number, number][]): Definition {
  const whole = definition(root);
  const steps = compiledOf(whole).leaves.filter((node) => node.kind === 'step');
  for (const [from, to, atMost] of wishes) {
    const [source, target] = [steps[from % steps.length], steps[to % steps.length]];
    if (source === undefined || target === undefined) continue;
    source.block.returns = [...source.block.returns, { to: target.key, atMost }];
    if (!compile(whole).ok) source.block.returns = source.block.returns.slice(0, -1);
  }
  return whole;
}

export function compiledOf(whole: Definition): CompiledWorkflow {
  const result = compile(whole);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const root = fc.oneof(
  block,
  few(block, 2, 6).map((blocks) => sequence('', ...blocks)),
);

const wish = fc.tuple(fc.nat(99), fc.nat(99), fc.integer({ min: 1, max: 3 }));

export const anyWorkflow: fc.Arbitrary<CompiledWorkflow> = fc
  .tuple(root, fc.array(wish, { minLength: 4, maxLength: 12 }))
  .map(([tree, wishes]) => compiledOf(withReturns(keyed(tree), wishes)));

export const anyWorkflowWithoutReturns: fc.Arbitrary<CompiledWorkflow> = root.map((tree) =>
  compiledOf(definition(keyed(tree))),
);
