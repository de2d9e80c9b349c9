/**
 * The longest and the shortest way through a workflow when every block takes all its time and nothing is sent back. A
 * sequence adds up its blocks, a parallel takes the branch that its join waits for, a choice its best or worst case.
 */
import { Tier } from '@lienthong/contracts/directory';
import { Effect, type Performer } from '@lienthong/contracts/registry';
import { type Circumstances, type HasTierAbove, tiersFrom, waysOf } from './circumstances.ts';
import { minutesOf } from './duration.ts';
import type { CompiledWorkflow, HandOverNode, LeafNode, Node, ParallelNode } from './model.ts';

export interface Way {
  /** Working minutes, with 480 for a day. */
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
  const { through, finished, refused } = walk(walkerOf(options), root, [INTAKE]);
  return most([through?.most, finished?.most, refused?.most]) ?? NOTHING;
}

/** The shortest way to a result; to a refusal when there is no other end. */
export function shortest({ root }: Pick<CompiledWorkflow, 'root'>, options: PathOptions = {}): Way {
  const { through, finished, refused } = walk(walkerOf(options), root, [INTAKE]);
  return least([through?.least, finished?.least]) ?? refused?.least ?? NOTHING;
}

/** An agency that may hold the dossier: its distance up the intake agency's chain, or beside that chain. */
type Holder = number | 'aside';
const INTAKE: Holder = 0;

interface Walker extends PathOptions {
  chain: readonly Tier[];
}

interface Range {
  least: Way;
  most: Way;
}

interface Ways {
  /** To the block that follows. */
  through: Range | undefined;
  /** To an end inside. */
  finished: Range | undefined;
  refused: Range | undefined;
  holders: readonly Holder[];
}

const NOTHING: Way = { minutes: 0, path: [] };
const AT_ONCE: Range = { least: NOTHING, most: NOTHING };

const walkerOf = (options: PathOptions): Walker => ({
  ...options,
  chain: tiersFrom(options.intakeTier ?? Tier.COMMUNE, options.hasTierAbove),
});

function walk(walker: Walker, node: Node, holders: readonly Holder[]): Ways {
  switch (node.kind) {
    case 'sequence':
      return walkSequence(walker, node.children, holders);
    case 'parallel':
      return walkParallel(walker, node, holders);
    case 'choice': {
      const idle: Ways = { through: AT_ONCE, finished: undefined, refused: undefined, holders };
      const ways = waysOf(node, walker).map((child) => (child ? walk(walker, child, holders) : idle));
      return {
        through: either(ways.map((way) => way.through)),
        ...ends(ways),
        holders: [...new Set(ways.flatMap((way) => (way.through ? way.holders : [])))],
      };
    }
    default:
      return walkLeaf(walker, node, holders);
  }
}

function walkSequence(walker: Walker, children: readonly Node[], from: readonly Holder[]): Ways {
  let through: Range | undefined = AT_ONCE;
  let holders = from;
  const inside: Ways[] = [];
  for (const child of children) {
    const before: Range = through;
    const ways = walk(walker, child, holders);
    inside.push({ ...ways, finished: after(before, ways.finished), refused: after(before, ways.refused) });
    holders = ways.holders;
    through = after(before, ways.through);
    if (through === undefined) break;
  }
  return { through, ...ends(inside), holders };
}

function walkParallel(walker: Walker, node: ParallelNode, holders: readonly Holder[]): Ways {
  const branches = node.children.map((child) => walk(walker, child, holders));
  const over = latestEnd(node, branches);
  const lead = branches[node.leading];
  const inside = branches.map(({ finished, refused, ...rest }) => ({
    ...rest,
    finished: by(over, [finished]),
    refused: by(over, [refused]),
  }));
  return {
    through: joined(node, branches, over),
    ...ends(inside),
    holders: lead?.through ? lead.holders : holders,
  };
}

/** The minutes after which a parallel is over at the latest: a branch that decides has come through or ended the workflow. */
function latestEnd({ join, leading }: ParallelNode, branches: readonly Ways[]): number {
  const decides = (branch: Ways, i: number) =>
    join === 'first' || (join === 'lead' && i === leading) || branch.through === undefined;
  const latest = branches
    .filter(decides)
    .map(
      ({ through, finished, refused }) => most([through?.most, finished?.most, refused?.most])?.minutes ?? 0,
    );
  return Math.min(Number.POSITIVE_INFINITY, ...latest);
}

function joined({ join, leading }: ParallelNode, branches: readonly Ways[], over: number): Range | undefined {
  const throughs = branches.map((branch) => branch.through);
  if (join === 'lead') return by(over, [throughs[leading]]);
  if (join === 'first') return by(over, throughs);
  if (throughs.includes(undefined)) return undefined;
  // The branch that comes last, at best and at worst.
  return range(most(throughs.map((one) => one?.least)), most(throughs.map((one) => one?.most)));
}

/** One of these ways, of those that can end within `over` minutes. */
function by(over: number, ranges: readonly (Range | undefined)[]): Range | undefined {
  const inTime = ranges.filter((one) => one !== undefined && one.least.minutes <= over);
  const worst = inTime.map((one) => one?.most);
  const below = most(worst.filter((way) => way !== undefined && way.minutes <= over));
  const beyond = least(worst.filter((way) => way !== undefined && way.minutes > over));
  const reaches = beyond === undefined || below?.minutes === over;
  return range(least(inTime.map((one) => one?.least)), reaches ? below : { ...beyond, minutes: over });
}

function walkLeaf(walker: Walker, node: LeafNode, holders: readonly Holder[]): Ways {
  const path = [node.key];
  const [fewest, greatest] = minutesIn(walker, node, holders);
  const way: Range = { least: { minutes: fewest, path }, most: { minutes: greatest, path } };
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

/** The fewest and the most minutes of a block. */
function minutesIn(walker: Walker, node: LeafNode, holders: readonly Holder[]): [number, number] {
  if (node.kind === 'sub-procedure') {
    const minutes = walker.minutesOfProcedure?.(node.block.procedureCode) ?? 0;
    return [minutes, minutes];
  }
  const minutes = minutesOf(node.block.timeLimit);
  if (node.kind !== 'hand-over') return [minutes, minutes];
  const counts = receivers(walker, node, holders);
  return [minutes * Math.min(...counts), minutes * Math.max(...counts)];
}

/** The possible numbers of agencies on the way: one for each tier up or down the chain, one for a direct hand-over. */
function receivers(walker: Walker, { block }: HandOverNode, holders: readonly Holder[]): number[] {
  const to = holderOf(walker, block.to);
  const hops = (from: Holder) => (from === 'aside' || to === 'aside' ? 1 : Math.max(1, Math.abs(to - from)));
  return holders.length === 0 ? [1] : holders.map(hops);
}

function holderOf({ chain }: Walker, performer: Performer | undefined): Holder {
  const who = performer?.performer;
  if (who?.$case === 'intake') return INTAKE;
  const index = who?.$case === 'ancestor' ? chain.indexOf(who.value) : -1;
  return index === -1 ? 'aside' : index;
}

function after(before: Range, range: Range | undefined): Range | undefined {
  const add = (a: Way, b: Way): Way => ({ minutes: a.minutes + b.minutes, path: [...a.path, ...b.path] });
  return range && { least: add(before.least, range.least), most: add(before.most, range.most) };
}

const either = (ranges: readonly (Range | undefined)[]): Range | undefined =>
  range(least(ranges.map((one) => one?.least)), most(ranges.map((one) => one?.most)));

const ends = (ways: readonly Ways[]): Pick<Ways, 'finished' | 'refused'> => ({
  finished: either(ways.map((way) => way.finished)),
  refused: either(ways.map((way) => way.refused)),
});

const range = (lower: Way | undefined, upper: Way | undefined): Range | undefined =>
  lower && upper && { least: lower, most: upper };

/** The first of equal ways. */
const most = (ways: readonly (Way | undefined)[]): Way | undefined =>
  ways.reduce(
    (best, way) => (way && (best === undefined || way.minutes > best.minutes) ? way : best),
    undefined,
  );

const least = (ways: readonly (Way | undefined)[]): Way | undefined =>
  ways.reduce(
    (best, way) => (way && (best === undefined || way.minutes < best.minutes) ? way : best),
    undefined,
  );
