/** Builds the outcomes and returns of steps, and checks the agencies of consultations. */
import { Effect, type Return } from '@lienthong/contracts/registry';
import { checkDistinct, checkKey } from './keys.ts';
import { LIMITS } from './limits.ts';
import { type ConsultationNode, type LeafNode, type Node, type StepNode, within } from './model.ts';
import { performerKey } from './performer.ts';
import type { Problems } from './problem.ts';

/** A return whose target may not be built yet. */
export interface PendingReturn {
  from: StepNode;
  way: Return;
  place: string;
}

export function buildLeaf(node: LeafNode, returns: PendingReturn[], problems: Problems): void {
  if (node.kind === 'step') buildStep(node, returns, problems);
  if (node.kind === 'consultation') checkConsulted(node, problems);
}

function buildStep(node: StepNode, returns: PendingReturn[], problems: Problems): void {
  const { outcomes, returns: ways } = node.block;
  const inner = `${node.place}.step`;
  const complain = (reason: string, place: string, message: string) =>
    problems.error(reason, place, message, node.key);
  if (outcomes.length === 0) {
    complain('OUTCOMES_MISSING', `${inner}.outcomes`, 'the step has no outcome; give it at least one');
  }
  if (outcomes.length > LIMITS.outcomes) {
    complain(
      'OUTCOMES_TOO_MANY',
      `${inner}.outcomes`,
      `there are ${outcomes.length}; at most ${LIMITS.outcomes}`,
    );
  }
  checkDistinct(
    problems,
    outcomes.map((one) => one.key),
    (i) => `${inner}.outcomes[${i}].key`,
    node.key,
  );
  for (const [i, outcome] of outcomes.entries()) {
    checkKey(problems, outcome.key, `${inner}.outcomes[${i}].key`, node.key);
    if (!Object.values<number>(Effect).includes(outcome.effect)) {
      const message = `${outcome.effect} is not an effect; use continue, finish or refuse`;
      complain('ENUM_INVALID', `${inner}.outcomes[${i}].effect`, message);
    }
    if (!node.outcomes.has(outcome.key)) node.outcomes.set(outcome.key, outcome);
  }
  if (ways.length > LIMITS.returns) {
    complain('RETURNS_TOO_MANY', `${inner}.returns`, `there are ${ways.length}; at most ${LIMITS.returns}`);
  }
  for (const [i, way] of ways.entries()) returns.push({ from: node, way, place: `${inner}.returns[${i}]` });
}

function checkConsulted({ key, place, block: { consulted } }: ConsultationNode, problems: Problems): void {
  const list = `${place}.consultation.consulted`;
  const most = LIMITS.consulted;
  if (consulted.length === 0)
    problems.error('CONSULTED_MISSING', list, 'no agency is consulted; name at least one', key);
  if (consulted.length > most) {
    problems.error('CONSULTED_TOO_MANY', list, `${consulted.length} are consulted; at most ${most}`, key);
  }
  const seen = new Set<string>();
  for (const [i, performer] of consulted.entries()) {
    const same = performerKey(performer);
    if (seen.has(same)) {
      problems.error('CONSULTED_TWICE', `${list}[${i}]`, 'is already consulted; name each agency once', key);
    }
    seen.add(same);
  }
}

/** Links returns to their targets after all blocks are built; reports and leaves out a return that is not sound. */
export function resolveReturns(
  returns: readonly PendingReturn[],
  nodes: ReadonlyMap<string, Node>,
  problems: Problems,
): void {
  for (const { from, way, place } of returns) {
    const complain = (reason: string, at: string, message: string) =>
      problems.error(reason, at, message, from.key);
    const target = nodes.get(way.to);
    const unsound = findUnsoundReturn(from, target, way.to);
    if (unsound !== undefined) complain(unsound.reason, `${place}.to`, unsound.message);
    if (way.atMost < 1 || way.atMost > LIMITS.returnTimes) {
      const message = `a dossier may go back ${way.atMost} times; give 1 to ${LIMITS.returnTimes}`;
      complain('RETURN_LIMIT_INVALID', `${place}.at_most`, message);
    }
    if (from.returns.has(way.to))
      complain('RETURN_DUPLICATE', `${place}.to`, `the return to ${way.to} is given twice; give it once`);
    if (unsound !== undefined || target?.kind !== 'step') continue;
    from.returns.set(way.to, { to: target, atMost: way.atMost, leaves: leftBehind(from, target) });
  }
}

function findUnsoundReturn(
  from: StepNode,
  target: Node | undefined,
  to: string,
): { reason: string; message: string } | undefined {
  if (to === from.key) {
    return { reason: 'RETURN_TO_ITSELF', message: 'the step returns to itself; name an earlier step' };
  }
  if (target?.kind !== 'step') {
    return {
      reason: 'RETURN_TARGET_UNKNOWN',
      message: `${to === '' ? 'an empty key' : to} is not a step of this workflow`,
    };
  }
  const shared = sharedParent(from, target);
  if (shared?.kind === 'parallel' || parallelBetween(target, shared)) {
    return {
      reason: 'RETURN_INTO_BRANCH',
      message: `${to} is in another branch of a parallel; return before or within it`,
    };
  }
  if (target.order > from.order || shared?.kind !== 'sequence') {
    return {
      reason: 'RETURN_NOT_EARLIER',
      message: `${to} does not come before this step; name an earlier step`,
    };
  }
  return undefined;
}

function sharedParent(node: Node, other: Node): Node | undefined {
  let at: Node | undefined = node;
  while (at !== undefined && !within(other, at)) at = at.parent;
  return at;
}

function parallelBetween(node: Node, ancestor: Node | undefined): boolean {
  for (let at = node.parent; at !== undefined && at !== ancestor; at = at.parent) {
    if (at.kind === 'parallel') return true;
  }
  return false;
}

function leftBehind(from: StepNode, target: StepNode): Node {
  let child: Node = from;
  for (let at = from.parent; at !== undefined && !within(target, at); at = at.parent) child = at;
  return child;
}
