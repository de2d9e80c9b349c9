import type { Draft } from '../draft.ts';
import type { Span } from '../span.ts';
import { describe } from '../span.ts';

/**
 * Refuses a fact that would begin on the very date on which another decision's fact of the same series begins:
 * the two would overlap, and neither may silently replace the other. Facts of this command may be refined further on.
 */
export function freeToBegin(draft: Draft, series: readonly Span[], field: string): boolean {
  const taken = series.find((fact) => fact.validFrom === draft.effectiveOn && isFromBefore(draft, fact));
  if (!taken) return true;
  draft.problem(field, {
    kind: 'failed-precondition',
    reason: 'OVERLAPPING_VALIDITY',
    description: `overlaps what is on record ${describe(taken)}`,
  });
  return false;
}

const isFromBefore = (draft: Draft, fact: Span): boolean => draft.origin(fact) === undefined;
