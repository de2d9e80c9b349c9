/**
 * When a fact holds: calendar dates in Vietnam (YYYY-MM-DD), which compare as text.
 * `validFrom` is inclusive ('': since ever), `validTo` exclusive ('': open).
 */
export interface Span {
  validFrom: string;
  validTo: string;
}

export const covers = (span: Span, date: string): boolean =>
  span.validFrom <= date && (span.validTo === '' || date < span.validTo);

/** The one valid at the date; of an agency that has ended, or not begun, the last or the first it had. */
export function nearest<T extends Span>(spans: readonly T[], date: string): T | undefined {
  let before: T | undefined;
  let after: T | undefined;
  for (const span of spans) {
    if (covers(span, date)) return span;
    if (span.validFrom <= date) {
      if (before === undefined || before.validFrom <= span.validFrom) before = span;
    } else if (after === undefined || span.validFrom < after.validFrom) after = span;
  }
  return before ?? after;
}
