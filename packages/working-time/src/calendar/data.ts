import type { Weekday } from '../time.ts';

/** For people: Vietnamese first, and its English variant. */
export interface Text {
  vi: string;
  en: string;
}

/** Office hours within one date, `HH:MM`, `to` exclusive and up to 24:00. */
export interface Span {
  from: string;
  to: string;
}

/** A weekday that is missing is a weekly rest day. */
export type Week = Partial<Record<Weekday, readonly Span[]>>;

/** An agency's week, in force from a date until the next version; the first one also holds before its date. */
export interface HoursVersion {
  from: string;
  week: Week;
}

/** The time of day after which a reception counts from the next working day. */
export interface Cutoff {
  from: string;
  /** `HH:MM`; null when there is no cutoff. */
  at: string | null;
  source: string;
}

interface Dated {
  /** YYYY-MM-DD; with `to`, the first date of a range. */
  from: string;
  /** The last date of the range, included. */
  to?: string;
  name: Text;
  /** The law or notice that decided it, with its article. */
  source: string;
}

export interface DayOff extends Dated {
  type: 'off';
}

export interface DayWorked extends Dated {
  type: 'working';
  /** The hours of that weekday, if the agency has any, or these. */
  hours: Weekday | readonly Span[];
  /** The date off that this date makes up for. */
  inPlaceOf?: string;
}

export type Override = DayOff | DayWorked;

/** The days off and worked of one year. A year without a table is provisional: it has the days off of the law. */
export interface YearTable {
  year: number;
  overrides: readonly Override[];
}

export interface CalendarData {
  hours: readonly HoursVersion[];
  cutoffs: readonly Cutoff[];
  years: readonly YearTable[];
  /** The days off of a year without a table, no date twice: what the law fixes, and what a decision will probably choose. */
  daysOffByLaw(year: number): readonly DayOff[];
  /** The first and last year that can be computed; by default 5 before and 10 after the tables. */
  horizon?: { from: number; to: number };
}

export function horizonOf({ horizon, years }: CalendarData): { from: number; to: number } {
  if (horizon !== undefined) return horizon;
  const listed = years.map(({ year }) => year);
  return { from: Math.min(...listed) - 5, to: Math.max(...listed) + 10 };
}
