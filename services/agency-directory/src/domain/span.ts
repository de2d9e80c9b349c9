/** Arithmetic of spans of validity. An empty end is no end. */
import { isInForce, type Span } from '@lienthong/reference-data';

export const overlap = (a: Span, b: Span): boolean =>
  (a.validTo === '' || b.validFrom < a.validTo) && (b.validTo === '' || a.validFrom < b.validTo);

/** The days both spans have in common; undefined when there are none. */
export function intersection(a: Span, b: Span): Span | undefined {
  if (!overlap(a, b)) return undefined;
  return {
    validFrom: later(a.validFrom, b.validFrom),
    validTo: earliest(a.validTo, b.validTo),
  };
}

/** The later of two beginnings; dates are text, which Math.max does not compare. */
export const later = (a: string, b: string): string => (b < a ? a : b);

export const covers = (outer: Span, inner: Span): boolean =>
  outer.validFrom <= inner.validFrom && earliest(outer.validTo, inner.validTo) === inner.validTo;

/** The first of several ends; an empty one means no end. */
export function earliest(...ends: readonly string[]): string {
  return ends.reduce((first, end) => (first === '' || (end !== '' && end < first) ? end : first), '');
}

export function dayBefore(date: string): string {
  if (date === '') return '';
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** The facts that remain when everything ends on a date; facts that would begin later are dropped. */
export function cut<F extends Span>(facts: readonly F[], on: string): F[] {
  return facts
    .filter((fact) => fact.validFrom < on)
    .map((fact) => ({ ...fact, validTo: earliest(fact.validTo, on) }));
}

/**
 * Puts `next` in force: the current fact of its series ends. `next` lasts until the first of three dates: the end
 * that the current fact had, the beginning of the series' next fact, and its own `validTo`.
 * `series` selects the facts that exclude each other. `next` changes in place so that it keeps its identity.
 */
export function supersede<F extends Span>(
  facts: readonly F[],
  next: F,
  series: (fact: F) => boolean = () => true,
): F[] {
  const on = next.validFrom;
  const kept: F[] = [];
  for (const fact of facts) {
    if (!series(fact)) kept.push(fact);
    else if (isInForce(fact, on)) {
      next.validTo = earliest(next.validTo, fact.validTo);
      if (fact.validFrom < on) kept.push({ ...fact, validTo: on });
    } else {
      if (fact.validFrom > on) next.validTo = earliest(next.validTo, fact.validFrom);
      kept.push(fact);
    }
  }
  kept.push(next);
  return kept.sort((a, b) => Number(a.validFrom > b.validFrom) - Number(a.validFrom < b.validFrom));
}

export const describe = (span: Span): string =>
  span.validFrom === '' && span.validTo === ''
    ? 'always'
    : [span.validFrom && `from ${span.validFrom}`, span.validTo && `until ${span.validTo}`]
        .filter(Boolean)
        .join(' ');
