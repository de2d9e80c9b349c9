// A number belongs to an issuer, a year and a notation (NĐ 30/2020/NĐ-CP, Article 15): it starts again on 1 January.

export interface Series {
  issuerId: string;
  year: number;
  notation: string;
}

export const seriesKey = (series: Series): string =>
  `${series.issuerId}|${String(series.year).padStart(4, '0')}|${series.notation}`;

/** Below ten a zero is written in front (NĐ 30/2020/NĐ-CP, Appendix I). */
export const writeNumber = (n: number): string => String(n).padStart(2, '0');

/** What makes two numbers the same: "05" and "5" are one number, "5a" is another. */
export const numberKey = (number: string): string => number.toLowerCase().replace(/^0+(?=\d)/, '');

/** The next number a series draws once `number` is used; a number that is not plain digits moves nothing. */
export const nextAfter = (next: number, number: string): number => {
  const key = numberKey(number);
  return /^\d{1,11}$/.test(key) ? Math.max(next, Number(key) + 1) : next;
};
