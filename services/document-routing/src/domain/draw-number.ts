/** A new document's number: drawn from its series, or given by hand. */
import { failure, type Refusal, type Result, success } from '@lienthong/kit';
import type { SeriesChange } from './change.ts';
import { MAX_NUMBER_LENGTH, type Series, writeNumber } from './numbering.ts';
import { numberId, type RoutingState, seriesOf } from './state.ts';

export interface DocumentNumber {
  number: string;
  /** The series after it drew the number; undefined when the issuer gave it. */
  drawnFrom: SeriesChange | undefined;
}

/** The next number of the series that no document has. Refuses: NUMBERS_EXHAUSTED. */
export function drawNumber(series: Series, state: RoutingState): Result<DocumentNumber> {
  const record = seriesOf(state, series);
  let drawn = record.next;
  while (state.taken.has(numberId(series, String(drawn)))) drawn += 1;
  const number = writeNumber(drawn);
  if (number.length > MAX_NUMBER_LENGTH) return failure(seriesExhausted);
  return success({
    number,
    drawnFrom: { series, record: { ...record, next: drawn + 1, lastDrawn: drawn } },
  });
}

/**
 * A number given by hand. It does not move the series: a mistyped number, or a date, must not decide the numbers of
 * later documents. Refuses: NUMBER_ALREADY_USED.
 */
export function takeNumber(number: string, series: Series, state: RoutingState): Result<DocumentNumber> {
  if (!state.taken.has(numberId(series, number))) return success({ number, drawnFrom: undefined });
  const { year, notation } = series;
  return failure({
    kind: 'already-exists',
    reason: 'NUMBER_ALREADY_USED',
    message: `your agency has used ${number}/${notation} in ${year}; give another number, or leave it empty to draw the next`,
    violations: [
      { field: 'number', reason: 'NUMBER_ALREADY_USED', description: `was used already in ${year}` },
    ],
  });
}

const seriesExhausted: Refusal = {
  kind: 'failed-precondition',
  reason: 'NUMBERS_EXHAUSTED',
  message: `the next number of this notation has more than ${MAX_NUMBER_LENGTH} digits; give a number, set the series with SetNumberSeries, or use another notation`,
};
