import type { ChoicePart, Part, Scope } from './plan.ts';

/** One way through a plan: the branch that each choice takes (the number of cases stands for `otherwise`). */
export interface Way {
  branches: ReadonlyMap<ChoicePart, number>;
  /** The share of dossiers that take it; all ways add up to 1. */
  share: number;
}

/** The values of conditions that a way assumes, so that two choices on the same condition agree. */
type Assumed = Map<Scope, Map<string, boolean>>;

/**
 * All ways that the known facts allow; each branch of an undecided choice gets the same share. Undefined when there are
 * more than `most`.
 */
export function waysThrough(root: Part, most: number): Way[] | undefined {
  const ways: Way[] = [];
  // The undecided choices of the current way: the branch it takes and their number. Counting up visits each way once.
  const tried: { branch: number; of: number }[] = [];
  for (;;) {
    let met = 0;
    ways.push(
      follow(root, (of) => {
        tried[met] ??= { branch: 0, of };
        return tried[met++]?.branch ?? 0;
      }),
    );
    for (let last = tried.at(-1); last && last.branch + 1 === last.of; last = tried.at(-1)) tried.pop();
    const next = tried.at(-1);
    if (next === undefined) return ways;
    if (ways.length === most) return undefined;
    next.branch += 1;
  }
}

function follow(root: Part, choose: (of: number) => number): Way {
  const branches = new Map<ChoicePart, number>();
  const assumed: Assumed = new Map();
  let share = 1;
  const enter = (part: Part | undefined): void => {
    if (part === undefined) return;
    if (part.kind === 'choice') {
      const open = openBranches(part, assumed);
      const branch = open[open.length === 1 ? 0 : choose(open.length)] ?? part.cases.length;
      share /= open.length;
      branches.set(part, branch);
      assume(part, branch, assumed);
      enter(part.parts[branch]);
    } else if (part.kind === 'sub-procedure') enter(part.part);
    else if ('parts' in part) for (const inner of part.parts) enter(inner);
  };
  enter(root);
  return { branches, share };
}

/** The branches that a choice can still take; at least one. */
function openBranches({ cases, scope }: ChoicePart, assumed: Assumed): number[] {
  const open: number[] = [];
  for (const [i, { condition, holds = assumed.get(scope)?.get(condition) }] of cases.entries()) {
    if (holds === false) continue;
    open.push(i);
    if (holds) return open;
  }
  return [...open, cases.length];
}

function assume({ cases, scope }: ChoicePart, branch: number, assumed: Assumed): void {
  const truths = assumed.get(scope) ?? new Map<string, boolean>();
  assumed.set(scope, truths);
  for (const { condition } of cases.slice(0, branch)) truths.set(condition, false);
  const taken = cases[branch];
  if (taken) truths.set(taken.condition, true);
}

/** The data fields that undecided choices read. */
export function openFields(root: Part): string[] {
  const fields = new Set<string>();
  const look = (part: Part): void => {
    if (part.kind === 'choice') {
      for (const one of part.cases)
        if (one.holds === undefined) for (const key of one.fields) fields.add(key);
    }
    if ('parts' in part) part.parts.forEach(look);
  };
  look(root);
  return [...fields].sort();
}
