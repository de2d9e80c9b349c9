/**
 * When a fact holds: calendar dates in Vietnam (YYYY-MM-DD), which compare as text.
 * `validFrom` is inclusive ('': no beginning), `validTo` exclusive ('': no end).
 */
export interface Span {
  validFrom: string;
  validTo: string;
}

/** Whether the span contains the date. */
export const isInForce = (span: Span, date: string): boolean =>
  span.validFrom <= date && (span.validTo === '' || date < span.validTo);

/** The span valid at the date. Without one: the last span that ended before, or else the first that begins after. */
export function nearest<T extends Span>(spans: readonly T[], date: string): T | undefined {
  let before: T | undefined;
  let after: T | undefined;
  for (const span of spans) {
    if (isInForce(span, date)) return span;
    if (span.validFrom <= date) {
      if (before === undefined || before.validFrom <= span.validFrom) before = span;
    } else if (after === undefined || span.validFrom < after.validFrom) after = span;
  }
  return before ?? after;
}
