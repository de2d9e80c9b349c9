import type { Agency, Placement } from '@lienthong/contracts/directory';
import { isInForce, type Span } from '@lienthong/reference-data';
import type { Draft } from './draft.ts';
import { notThere } from './draft.ts';
import { life, nameOf, type Register, sameCode } from './register.ts';
import { covers, describe, intersection, overlap } from './span.ts';

/**
 * What must hold for the register as a whole once every part is applied. Only what the command touched is looked at:
 * everything else held before.
 */
export function checkInvariants(draft: Draft): void {
  const touched = new Set(draft.changes.map(({ agency }) => agency.id));
  for (const id of touched) {
    const agency = draft.register.get(id);
    if (!agency) throw new Error(`agency ${id} was changed but is not in the register`);
    checkCodes(draft, agency);
    checkPlacements(draft, agency);
    checkSuccessors(draft, agency);
  }
}

/** A code names one agency at a time. */
function checkCodes(draft: Draft, agency: Agency): void {
  for (const identifier of agency.identifiers) {
    const mine = draft.origin(identifier);
    if (mine === undefined || !identifier.code) continue;
    for (const other of draft.register.holders(identifier.code)) {
      if (other.id === agency.id) continue;
      const clash = other.identifiers.find(
        (i) => sameCode(i.code, identifier.code) && overlap(i, identifier),
      );
      if (!clash) continue;
      const theirs = draft.origin(clash);
      // When two parts want the same code, the later one is reported.
      if (theirs !== undefined && theirs > mine) continue;
      draft.problemOf(identifier, {
        kind: 'already-exists',
        reason: 'CODE_TAKEN',
        description: `${identifier.code.scheme} code ${identifier.code.code} belongs to ${nameOf(other)} (${other.id}) ${describe(clash)}; use another code or date`,
      });
      break;
    }
  }
}

/** Every parent exists for as long as it has the child, and no agency is above itself. */
function checkPlacements(draft: Draft, agency: Agency): void {
  for (const placement of agency.placements) {
    if (draft.origin(placement) === undefined || placement.parentId === '') continue;
    const parent = draft.register.get(placement.parentId);
    if (!parent)
      throw new Error(
        `agency ${agency.id} is placed under ${placement.parentId}, which is not in the register`,
      );
    if (!covers(life(parent), placement)) {
      draft.problemOf(placement, {
        kind: 'failed-precondition',
        reason: 'PARENT_NOT_VALID_AT_DATE',
        description:
          `${nameOf(parent)} exists ${describe(life(parent))}, ` +
          `but would be the parent of ${nameOf(agency)} ${describe(placement)}; choose another parent or date`,
      });
    }
    const cycle = findCycle(draft.register, placement, new Set([agency.id]));
    if (cycle) {
      draft.problemOf(placement, {
        kind: 'failed-precondition',
        reason: 'CYCLE',
        description: `${nameOf(agency)} would be above and below ${nameOf(parent)} ${describe(cycle)}`,
      });
    }
  }
}

/** The span in which the way up from a placement returns to an agency already passed; undefined when there is none. */
function findCycle(register: Register, placement: Placement, passed: ReadonlySet<string>): Span | undefined {
  if (placement.parentId === '') return undefined;
  if (passed.has(placement.parentId)) return placement;
  const below = new Set(passed).add(placement.parentId);
  for (const above of register.get(placement.parentId)?.placements ?? []) {
    const common = intersection(above, placement);
    const cycle = common && findCycle(register, { ...above, ...common }, below);
    if (cycle) return cycle;
  }
  return undefined;
}

/** A successor exists on the day it takes over. */
function checkSuccessors(draft: Draft, agency: Agency): void {
  for (const succession of agency.successors) {
    if (draft.origin(succession) === undefined) continue;
    const successor = draft.register.get(succession.successorId);
    if (!successor)
      throw new Error(`agency ${succession.successorId} succeeds ${agency.id} but is not in the register`);
    const problem = notThere(successor, succession.effectiveOn);
    if (problem) {
      const reason = problem.reason === 'AGENCY_ENDED' ? 'SUCCESSOR_ENDED' : 'SUCCESSOR_NOT_YET_ESTABLISHED';
      draft.problemOf(succession, { ...problem, reason });
    }
  }
}

/** An agency that has ended may have no children and succeed no other agency later. */
export function checkLeftBehind(draft: Draft): void {
  const on = draft.effectiveOn;
  for (const { type, agency } of draft.changes) {
    if (type !== 'AgencyEnded') continue;
    const children = draft.register
      .children(agency.id)
      .filter((child) => child.placements.some((p) => p.parentId === agency.id && reachesBeyond(p, on)));
    if (children.length > 0) {
      draft.problemOf(agency, {
        kind: 'failed-precondition',
        reason: 'HAS_CHILDREN',
        description: `${nameOf(agency)} would still have ${list(children)} under it; move or end them in the same request`,
      });
    }
    const predecessors = draft.register
      .predecessors(agency.id)
      .filter((p) => p.successors.some((s) => s.successorId === agency.id && s.effectiveOn >= on));
    if (predecessors.length > 0) {
      draft.problemOf(agency, {
        kind: 'failed-precondition',
        reason: 'SUCCEEDS_OTHERS_LATER',
        description: `${nameOf(agency)} takes over ${list(predecessors)} on or after ${on}; end it on a later day`,
      });
    }
  }
}

const reachesBeyond = (span: Span, on: string): boolean => isInForce(span, on) || span.validFrom > on;

function list(agencies: readonly Agency[]): string {
  const names = agencies.slice(0, 3).map(nameOf).join(', ');
  return agencies.length > 3 ? `${names} and ${agencies.length - 3} more` : names;
}
