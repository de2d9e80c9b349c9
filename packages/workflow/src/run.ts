/** One move through a workflow, on a copy of the position. Recursion is as deep as blocks are nested. */
import type { Facts } from './condition/condition.ts';
import {
  type ChoiceNode,
  type CompiledWorkflow,
  type LeafNode,
  type Node,
  type ParallelNode,
  type SequenceNode,
  within,
} from './model.ts';
import type { Opening, Position, Progress } from './position.ts';
import { type Failure, failure, type Result, success } from './result.ts';

interface Open {
  /** 0 during the move: its end numbers the openings, so that one that opens and closes in the same move takes none. */
  id: number;
  node: LeafNode;
}

export interface Run {
  workflow: CompiledWorkflow;
  open: Open[];
  closed: number[];
  next: number;
  joins: Record<string, number[]>;
  choices: Record<string, number>;
  returns: Record<string, number>;
  end?: 'finished' | 'refused';
}

/** True when a block is done, false while it waits; a refusal when a condition cannot be decided. */
export type BlockResult = boolean | Failure;

export function startRun(workflow: CompiledWorkflow): Run {
  return { workflow, open: [], closed: [], next: 1, joins: {}, choices: {}, returns: {} };
}

/** Undefined when the position belongs to another workflow. */
export function resumeRun(workflow: CompiledWorkflow, position: Position): Run | undefined {
  const open: Open[] = [];
  for (const { id, key } of position.open) {
    const node = workflow.nodes.get(key);
    if (node === undefined || 'children' in node) return undefined;
    open.push({ id, node });
  }
  const joins: Run['joins'] = {};
  for (const [key, done] of Object.entries(position.joins)) joins[key] = [...done];
  const { next, choices, returns } = position;
  return { workflow, open, closed: [], next, joins, choices: { ...choices }, returns: { ...returns } };
}

export function enter(run: Run, node: Node, facts: Facts): BlockResult {
  switch (node.kind) {
    case 'sequence':
      return enterFrom(run, node, 0, facts);
    case 'parallel':
      return enterParallel(run, node, facts);
    case 'choice':
      return enterChoice(run, node, facts);
    default:
      run.open.push({ id: 0, node });
      return false;
  }
}

function enterFrom(run: Run, sequence: SequenceNode, from: number, facts: Facts): BlockResult {
  for (const child of sequence.children.slice(from)) {
    const passed = enter(run, child, facts);
    if (passed !== true) return passed;
  }
  return true;
}

function enterParallel(run: Run, parallel: ParallelNode, facts: Facts): BlockResult {
  const done: number[] = [];
  for (const child of parallel.children) {
    const passed = enter(run, child, facts);
    if (typeof passed === 'object') return passed;
    if (passed) done.push(child.slot);
  }
  return join(run, parallel, done);
}

function enterChoice(run: Run, choice: ChoiceNode, facts: Facts): BlockResult {
  const chosen = choose(choice, facts);
  if (!chosen.ok) return chosen;
  run.choices[choice.key] = chosen.value;
  const child = choice.children[chosen.value];
  return child === undefined ? true : enter(run, child, facts);
}

function choose({ key, conditions }: ChoiceNode, facts: Facts): Result<number> {
  for (const [i, condition] of conditions.entries()) {
    const holds = condition.evaluate(facts);
    if (holds.ok && holds.value) return success(i);
    if (holds.ok) continue;
    if (facts.undecided !== undefined) return success(facts.undecided({ key, ways: conditions.length + 1 }));
    return failure({ ...holds.refusal, message: `block ${key}, case ${i + 1}: ${holds.refusal.message}` });
  }
  return success(conditions.length);
}

/** Continues after a block that is done, until a block waits or the workflow ends. */
export function leave(run: Run, from: Node, facts: Facts): Failure | undefined {
  let done = from;
  for (let parent = done.parent; parent !== undefined; parent = done.parent) {
    let passed: BlockResult = true;
    if (parent.kind === 'sequence') passed = enterFrom(run, parent, done.slot + 1, facts);
    if (parent.kind === 'parallel') passed = join(run, parent, [...doneOf(run, parent), done.slot]);
    if (typeof passed === 'object') return passed;
    if (!passed) return undefined;
    done = parent;
  }
  end(run, 'finished');
  return undefined;
}

// A block may have the key "constructor", which every object inherits.
const doneOf = (run: Run, { key }: ParallelNode): number[] =>
  (Object.hasOwn(run.joins, key) ? run.joins[key] : undefined) ?? [];

function join(run: Run, parallel: ParallelNode, done: number[]): boolean {
  const joined = {
    all: done.length === parallel.children.length,
    lead: done.includes(parallel.leading),
    first: done.length > 0,
  };
  if (joined[parallel.join]) {
    abandon(run, parallel);
    return true;
  }
  run.joins[parallel.key] = done;
  return false;
}

/** Cancels the openings in a block, and deletes its joins. */
export function abandon(run: Run, node: Node): void {
  const cancelled = run.open.filter((one) => within(one.node, node));
  if (cancelled.length > 0) run.open = run.open.filter((one) => !cancelled.includes(one));
  // An opening of the same move was never visible.
  for (const { id } of cancelled) if (id !== 0) run.closed.push(id);
  for (const key of Object.keys(run.joins)) {
    const parallel = run.workflow.nodes.get(key);
    if (parallel === undefined || within(parallel, node)) delete run.joins[key];
  }
}

export function end(run: Run, how: 'finished' | 'refused'): void {
  abandon(run, run.workflow.root);
  run.end = how;
}

export function progressOf(run: Run): Progress {
  const opened: Opening[] = [];
  for (const one of run.open) {
    if (one.id !== 0) continue;
    one.id = run.next++;
    opened.push(openingOf(one));
  }
  const open = run.open.map(({ id, node }) => ({ id, key: node.key }));
  const { next, joins, choices, returns, closed } = run;
  const progress: Progress = { position: { open, next, joins, choices, returns }, opened, closed };
  if (run.end !== undefined) progress.end = run.end;
  return progress;
}

function openingOf({ id, node }: Open): Opening {
  // The node's kind and block belong together; TypeScript does not follow a union through a spread.
  const { key, lead, kind, block } = node;
  return { id, key, lead, kind, block } as Opening;
}
