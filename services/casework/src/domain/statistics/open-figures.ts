import { failure, type Refusal, type Result, success } from '@lienthong/kit/pure';

/** Of fewer dossiers the figures are not open: with one or two of them somebody who knows a case would learn of another. */
export const LEAST_DOSSIERS = 5;

export interface Period {
  /** YYYY-MM-DD, both inclusive. */
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;

/**
 * The months of a year that have ended by a date; year 0 is that of the last month that has ended. Whole months and no
 * others: of two periods that differ by a day, the difference would show single dossiers.
 * Refuses: YEAR_WITHOUT_FIGURES.
 */
export function openPeriod(year: number, today: string): Result<Period> {
  const ended = new Date(Date.parse(`${today.slice(0, 7)}-01`) - DAY_MS).toISOString().slice(0, 10);
  const of = year === 0 ? ended.slice(0, 4) : String(year).padStart(4, '0');
  const [from, end] = [`${of}-01-01`, `${of}-12-31`];
  if (from > ended) return failure(yearWithoutFigures(of));
  return success({ from, to: end < ended ? end : ended });
}

const yearWithoutFigures = (year: string): Refusal => ({
  kind: 'invalid-argument',
  reason: 'YEAR_WITHOUT_FIGURES',
  message: `no month of ${year} has ended yet; name an earlier year, or 0`,
  violations: [
    {
      field: 'year',
      description: 'must be a year with a month that has ended',
      reason: 'YEAR_WITHOUT_FIGURES',
    },
  ],
});
