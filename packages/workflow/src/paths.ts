/**
 * How long a workflow takes at most when every block takes all its time and nothing is sent back: sums along
 * sequences, the join's branch of parallels, the best or worst case of choices.
 */
import { Tier } from '@lienthong/contracts/directory';
import { Effect, type Performer } from '@lienthong/contracts/registry';
import { type Circumstances, type HasTierAbove, tiersFrom, waysOf } from './circumstances.ts';
import { minutesOf } from './duration.ts';
import type { CompiledWorkflow, HandOverNode, LeafNode, Node, ParallelNode } from './model.ts';

export interface Way {
  /** Working minutes, a day counting 480. */
  minutes: number;
  /** Keys of the blocks that wait, in order. */
  path: string[];
}

export interface PathOptions extends Circumstances {
  hasTierAbove?: HasTierAbove;
  /** Minutes of a sub-procedure by its code; 0 when left out. */
  minutesOfProcedure?(code: string): number;
}

/** The longest way to any end, refusal included: the critical path. */
export function longest({ root }: Pick<CompiledWorkflow, 'root'>, options: PathOptions = {}): Way {
  const { through, finished, refused } = walk(walkerOf(options, 'longest'), root, [INTAKE]);
  return pick('longest', [through, finished, refused]) ?? NOTHING;
}

/** The shortest way to a result; to a refusal when there is no other end. */
export function shortest({ root }: Pick<CompiledWorkflow, 'root'>, options: PathOptions = {}): Way {
  const { through, finished, refused } = walk(walkerOf(options, 'shortest'), root, [INTAKE]);
  return pick('shortest', [through, finished]) ?? refused ?? NOTHING;
}

/** Where the dossier may be: how far up the intake agency's chain, or beside it. */
type Holder = number | 'aside';
const INTAKE: Holder = 0;

type Aim = 'longest' | 'shortest';

interface Walker extends PathOptions {
  aim: Aim;
  chain: readonly Tier[];
}

interface Ways {
  /** To what follows. */
  through: Way | undefined;
  /** To an end inside. */
  finished: Way | undefined;
  refused: Way | undefined;
  holders: readonly Holder[];
}

const NOTHING: Way = { minutes: 0, path: [] };

const walkerOf = (options: PathOptions, aim: Aim): Walker => ({
  ...options,
  aim,
  chain: tiersFrom(options.intakeTier ?? Tier.COMMUNE, options.hasTierAbove),
});

function walk(walker: Walker, node: Node, holders: readonly Holder[]): Ways {
  switch (node.kind) {
    case 'sequence':
      return walkSequence(walker, node.children, holders);
    case 'parallel':
      return walkParallel(walker, node, holders);
    case 'choice': {
      const idle: Ways = { through: NOTHING, finished: undefined, refused: undefined, holders };
      const ways = waysOf(node, walker).map((child) => (child ? walk(walker, child, holders) : idle));
      return {
        through: pick(
          walker.aim,
          ways.map((way) => way.through),
        ),
        ...ends(walker.aim, ways),
        holders: [...new Set(ways.flatMap((way) => (way.through ? way.holders : [])))],
      };
    }
    default:
      return walkLeaf(walker, node, holders);
  }
}

function walkSequence(walker: Walker, children: readonly Node[], from: readonly Holder[]): Ways {
  let through: Way | undefined = NOTHING;
  let holders = from;
  const inside: Ways[] = [];
  for (const child of children) {
    const before: Way = through;
    const ways = walk(walker, child, holders);
    inside.push({ ...ways, finished: after(before, ways.finished), refused: after(before, ways.refused) });
    holders = ways.holders;
    through = after(before, ways.through);
    if (through === undefined) break;
  }
  return { through, ...ends(walker.aim, inside), holders };
}

function walkParallel(
  walker: Walker,
  { children, join, leading }: ParallelNode,
  holders: readonly Holder[],
): Ways {
  const branches = children.map((child) => walk(walker, child, holders));
  const throughs = branches.map((branch) => branch.through);
  const lead = branches[leading];
  const joined = {
    all: throughs.includes(undefined) ? undefined : pick('longest', throughs),
    lead: lead?.through,
    first: pick('shortest', throughs),
  };
  const through = joined[join];
  // An end later than the join is never reached, except where the join waits for everybody.
  const inTime = (way: Way | undefined) =>
    join === 'all' || through === undefined || (way?.minutes ?? 0) <= through.minutes ? way : undefined;
  const inside = branches.map((branch) => ({
    ...branch,
    finished: inTime(branch.finished),
    refused: inTime(branch.refused),
  }));
  return { through, ...ends(walker.aim, inside), holders: lead?.through ? lead.holders : holders };
}

function walkLeaf(walker: Walker, node: LeafNode, holders: readonly Holder[]): Ways {
  const way: Way = { minutes: minutesIn(walker, node, holders), path: [node.key] };
  const done: Ways = { through: way, finished: undefined, refused: undefined, holders };
  switch (node.kind) {
    case 'step': {
      const effects = node.block.outcomes.map((outcome) => outcome.effect);
      const goesOn = effects.length === 0 || effects.some((e) => e !== Effect.FINISH && e !== Effect.REFUSE);
      return {
        through: goesOn ? way : undefined,
        finished: effects.includes(Effect.FINISH) ? way : undefined,
        refused: effects.includes(Effect.REFUSE) ? way : undefined,
        holders: [holderOf(walker, node.block.performer)],
      };
    }
    case 'consultation':
      return { ...done, holders: [holderOf(walker, node.block.lead)] };
    case 'hand-over':
      return { ...done, holders: [holderOf(walker, node.block.to)] };
    case 'sub-procedure':
      return done;
  }
}

function minutesIn(walker: Walker, node: LeafNode, holders: readonly Holder[]): number {
  switch (node.kind) {
    case 'hand-over':
      return minutesOf(node.block.timeLimit) * receivers(walker, node, holders);
    case 'sub-procedure':
      return walker.minutesOfProcedure?.(node.block.procedureCode) ?? 0;
    default:
      return minutesOf(node.block.timeLimit);
  }
}

/** The agencies that receive on the way: one per tier up or down the chain, one when handed over directly. */
function receivers(walker: Walker, { block }: HandOverNode, holders: readonly Holder[]): number {
  const to = holderOf(walker, block.to);
  const counts = holders.map((from) => (from === 'aside' || to === 'aside' ? 1 : Math.abs(to - from)));
  return walker.aim === 'longest' ? Math.max(1, ...counts) : Math.max(1, Math.min(...counts));
}

function holderOf({ chain }: Walker, performer: Performer | undefined): Holder {
  const who = performer?.performer;
  if (who?.$case === 'intake') return INTAKE;
  const index = who?.$case === 'ancestor' ? chain.indexOf(who.value) : -1;
  return index === -1 ? 'aside' : index;
}

const after = (before: Way, way: Way | undefined): Way | undefined =>
  way && { minutes: before.minutes + way.minutes, path: [...before.path, ...way.path] };

const ends = (aim: Aim, ways: readonly Ways[]): Pick<Ways, 'finished' | 'refused'> => ({
  finished: pick(
    aim,
    ways.map((way) => way.finished),
  ),
  refused: pick(
    aim,
    ways.map((way) => way.refused),
  ),
});

/** The first of the best. */
function pick(aim: Aim, ways: readonly (Way | undefined)[]): Way | undefined {
  let best: Way | undefined;
  for (const way of ways) {
    if (way === undefined) continue;
    const better =
      best === undefined || (aim === 'longest' ? way.minutes > best.minutes : way.minutes < best.minutes);
    if (better) best = way;
  }
  return best;
}
