/**
 * The interpreter. A move of a compiled workflow succeeds or is refused; it depends on its arguments alone and changes none
 * of them. Moves forward visit each block at most once and returns are bounded, so every workflow ends.
 */
import { Effect } from '@lienthong/contracts/registry';
import type { Facts } from './condition/condition.ts';
import type { CompiledWorkflow, LeafNode, Node, ReturnWay, StepNode } from './model.ts';
import type { Opening, Position, Progress } from './position.ts';
import { type Failure, failure, type Result, success } from './result.ts';
import { abandon, end, enter, leave, progressOf, type Run, resumeRun, startRun } from './run.ts';

/** Enters the workflow at its root. Refuses: CONDITION_FAILED. */
export function begin(workflow: CompiledWorkflow, facts: Facts): Result<Progress> {
  const run = startRun(workflow);
  const passed = enter(run, workflow.root, facts);
  if (typeof passed === 'object') return passed;
  if (passed) end(run, 'finished');
  return success(progressOf(run));
}

/**
 * Completes an opening: a step with the key of an outcome ('' for its only one), every other block with ''. Refuses:
 * OPENING_UNKNOWN (also for one that is no longer open), OUTCOME_UNKNOWN, OUTCOME_REQUIRED, CONDITION_FAILED,
 * POSITION_MISMATCH.
 */
export function complete(
  workflow: CompiledWorkflow,
  position: Position,
  openingId: number,
  outcome: string,
  facts: Facts,
): Result<Progress> {
  const found = take(workflow, position, openingId);
  if (!found.ok) return found;
  const { run, node } = found.value;
  const effect = effectOf(node, outcome);
  if (!effect.ok) return effect;
  if (effect.value === Effect.FINISH) end(run, 'finished');
  else if (effect.value === Effect.REFUSE) end(run, 'refused');
  else {
    const failed = leave(run, node, facts);
    if (failed !== undefined) return failed;
  }
  return success(progressOf(run));
}

/**
 * Returns to an earlier step, which opens again. Cancels the openings after it in the innermost sequence that holds both
 * steps; other branches of a parallel around that sequence continue. Refuses: RETURN_NOT_ALLOWED, RETURN_EXHAUSTED,
 * OPENING_UNKNOWN, POSITION_MISMATCH.
 */
export function sendBack(
  workflow: CompiledWorkflow,
  position: Position,
  openingId: number,
  to: string,
): Result<Progress> {
  const found = take(workflow, position, openingId);
  if (!found.ok) return found;
  const { run, node } = found.value;
  const way = node.kind === 'step' ? node.returns.get(to) : undefined;
  if (way === undefined) {
    const allowed = node.kind === 'step' ? [...node.returns.keys()] : [];
    const may = allowed.length === 0 ? 'it has no return' : `it returns to ${allowed.join(', ')}`;
    return refuse('RETURN_NOT_ALLOWED', `${node.key} cannot be sent back${to && ` to ${to}`}; ${may}`);
  }
  if (!cameThrough(run, way.to)) {
    return refuse('RETURN_NOT_ALLOWED', `the dossier did not come through ${to}; a choice took another way`);
  }
  const count = `${node.key}>${to}`;
  const used = run.returns[count] ?? 0;
  if (used >= way.atMost) {
    return refuse(
      'RETURN_EXHAUSTED',
      `the dossier went back from ${node.key} to ${to} ${used === 1 ? 'once' : `${used} times`}, as often as the workflow allows`,
    );
  }
  run.returns[count] = used + 1;
  goBack(run, way);
  return success(progressOf(run));
}

/** The openings of a position, as `begin` and the moves returned them; undefined for the position of another workflow. */
export function openings(workflow: CompiledWorkflow, position: Position): Opening[] | undefined {
  const run = resumeRun(workflow, position);
  return run?.open.map(
    ({ id, node: { key, lead, kind, block } }) => ({ id, key, lead, kind, block }) as Opening,
  );
}

function take(
  workflow: CompiledWorkflow,
  position: Position,
  id: number,
): Result<{ run: Run; node: LeafNode }> {
  const run = resumeRun(workflow, position);
  if (run === undefined) {
    return refuse(
      'POSITION_MISMATCH',
      'the position names blocks that this version of the procedure does not have',
    );
  }
  const opening = run.open.find((one) => one.id === id);
  if (opening === undefined) {
    return refuse(
      'OPENING_UNKNOWN',
      `number ${id} is not open; it is done or cancelled, or it never existed`,
    );
  }
  run.open = run.open.filter((one) => one !== opening);
  return success({ run, node: opening.node });
}

function effectOf(node: LeafNode, outcome: string): Result<Effect> {
  if (node.kind === 'step') return outcomeOf(node, outcome);
  if (outcome === '') return success(Effect.CONTINUE);
  return refuseOutcome('OUTCOME_UNKNOWN', `${node.key} has no outcomes; leave it empty`);
}

function outcomeOf({ key, outcomes }: StepNode, outcome: string): Result<Effect> {
  const [only] = outcomes.values();
  const chosen = outcome === '' && outcomes.size === 1 ? only : outcomes.get(outcome);
  if (chosen !== undefined) return success(chosen.effect);
  const known = [...outcomes.keys()].join(', ');
  return outcome === ''
    ? refuseOutcome('OUTCOME_REQUIRED', `${key} can end in several ways; give one of ${known}`)
    : refuseOutcome('OUTCOME_UNKNOWN', `${key} has no outcome ${outcome}; it has ${known}`);
}

function cameThrough(run: Run, step: StepNode): boolean {
  let child: Node = step;
  for (let parent = child.parent; parent !== undefined; parent = child.parent) {
    if (parent.kind === 'choice' && run.choices[parent.key] !== child.slot) return false;
    child = parent;
  }
  return true;
}

function goBack(run: Run, { to, leaves }: ReturnWay): void {
  abandon(run, leaves);
  for (const key of Object.keys(run.choices)) {
    const choice = run.workflow.nodes.get(key);
    if (choice !== undefined && choice.order > to.order && choice.order <= leaves.last)
      delete run.choices[key];
  }
  run.open.push({ id: 0, node: to });
}

const refuse = (reason: string, message: string): Failure =>
  failure({ kind: 'failed-precondition', reason, message });

const refuseOutcome = (reason: string, description: string): Failure =>
  failure({
    kind: 'invalid-argument',
    reason,
    message: `outcome: ${description}`,
    violations: [{ field: 'outcome', reason, description }],
  });
