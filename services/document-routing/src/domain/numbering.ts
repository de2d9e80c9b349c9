// A number belongs to an issuer, a year and a notation (NĐ 30/2020/NĐ-CP, Article 15): it starts again on 1 January.

export interface Series {
  issuerId: string;
  year: number;
  notation: string;
}

/** The state of a series. Numbers are drawn in `draw-number.ts` and set in `set-series.ts`. */
export interface SeriesRecord {
  /** UUID. */
  id: string;
  /** The number of its events. */
  version: number;
  /** The number to draw next; a draw skips numbers that were given by hand. */
  next: number;
  /** The highest number drawn; 0 for none. Below `next`. */
  lastDrawn: number;
}

/** Digits of the longest number that a series draws. */
export const MAX_NUMBER_LENGTH = 11;

export const seriesKey = (series: Series): string =>
  `${series.issuerId}|${String(series.year).padStart(4, '0')}|${series.notation}`;

/** Below ten a zero is written in front (NĐ 30/2020/NĐ-CP, Appendix I). */
export const writeNumber = (n: number): string => String(n).padStart(2, '0');

/** What makes two numbers the same: "05" and "5" are one number, "5a" is another. */
export const numberKey = (number: string): string => number.toLowerCase().replace(/^0+(?=\d)/, '');

/** A plain number that its issuer gave, which a series may reach; undefined for one such as "5a". */
export const plainNumber = (number: string): number | undefined =>
  /^\d{1,11}$/.test(number) ? Number(number) : undefined;
