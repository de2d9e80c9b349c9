import type { Span } from '@lienthong/reference-data';
import type { Draft } from '../draft.ts';
import { describe } from '../span.ts';

/**
 * Whether a new fact may begin on the effective date. It may not when a fact of the same series on record begins on
 * that date: the two would overlap, and neither may silently replace the other. A fact that an earlier part of this
 * command made may be replaced.
 */
export function freeToBegin(draft: Draft, series: readonly Span[], field: string): boolean {
  const taken = series.find((fact) => fact.validFrom === draft.effectiveOn && isFromBefore(draft, fact));
  if (!taken) return true;
  draft.problem(field, {
    kind: 'failed-precondition',
    reason: 'OVERLAPPING_VALIDITY',
    description: `overlaps a value on record, valid ${describe(taken)}; choose another effective date`,
  });
  return false;
}

const isFromBefore = (draft: Draft, fact: Span): boolean => draft.origin(fact) === undefined;
