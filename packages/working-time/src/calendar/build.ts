import type { Result } from '../result.ts';
import { dayOfDate, firstDayOfYear, timeOfDay, weekdayOf } from '../time.ts';
import { checkCalendar } from './check.ts';
import { type CalendarData, type HoursVersion, horizonOf, type Span, type Text } from './data.ts';

/** Office hours of one date, in milliseconds since midnight. */
export interface DayPlan {
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  /** Working milliseconds of the date; 0 on a day off. */
  readonly total: number;
  /** When the last span ends; -1 on a day off. */
  readonly closes: number;
}

export const OFF: DayPlan = { spans: [], total: 0, closes: -1 };

/** The reason for which a date differs from its weekday. */
export interface DayReason {
  readonly type: 'off' | 'working';
  readonly name: Text;
  readonly source: string;
  readonly inPlaceOf?: string;
}

/**
 * A calendar made ready for arithmetic. Dates are held by their index, counted from `firstDay`; working dates
 * also have an ordinal. Building takes some milliseconds and about 25 bytes for each date: build once, share.
 */
export interface Calendar {
  readonly data: CalendarData;
  readonly horizon: { readonly from: number; readonly to: number };
  readonly firstDay: number;
  readonly plans: readonly DayPlan[];
  readonly reasons: ReadonlyMap<number, DayReason>;
  /** In force from that index on; latest first. */
  readonly cutoffs: readonly { index: number; at: number; source: string }[];
  /** Working milliseconds of all dates before the index. */
  readonly msBefore: Float64Array;
  /** Working dates before the index: also the ordinal of the first working date at or after it. */
  readonly daysBefore: Int32Array;
  /** The index of each working date, by ordinal. */
  readonly workingDays: Int32Array;
  readonly yearsWithTable: ReadonlySet<number>;
}

/** Builds a calendar. Refuses with every problem of its data and its place. */
export function buildCalendar(data: CalendarData): Result<Calendar> {
  const violations = checkCalendar(data);
  const [first] = violations;
  if (first === undefined) return { ok: true, value: compile(data) };
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  const message = `${first.field}: ${first.description}${more}`;
  return { ok: false, refusal: { kind: 'invalid-argument', reason: first.reason, message, violations } };
}

function compile(data: CalendarData): Calendar {
  const horizon = horizonOf(data);
  const firstDay = firstDayOfYear(horizon.from);
  const count = firstDayOfYear(horizon.to + 1) - firstDay;
  const yearsWithTable = new Set(data.years.map(({ year }) => year));
  const weeks = data.hours.map(({ from, week }) => ({ from: dayOfDate(from), plans: planWeek(week) }));
  const weekPlan = (day: number, weekday = weekdayOf(day)): DayPlan => {
    const version = weeks.findLast(({ from }) => from <= day) ?? weeks[0];
    return version?.plans[weekday] ?? OFF;
  };

  const plans = Array.from({ length: count }, (_, index) => weekPlan(firstDay + index));
  const reasons = new Map<number, DayReason>();
  for (let year = horizon.from; year <= horizon.to; year++) {
    if (yearsWithTable.has(year)) continue;
    for (const { type, from, name, source } of data.daysOffByLaw(year)) {
      const index = dayOfDate(from) - firstDay;
      plans[index] = OFF;
      reasons.set(index, { type, name, source });
    }
  }
  for (const override of data.years.flatMap(({ overrides }) => overrides)) {
    const { type, from, to = from, name, source } = override;
    for (let day = dayOfDate(from); day <= dayOfDate(to); day++) {
      const index = day - firstDay;
      if (override.type === 'off') {
        plans[index] = OFF;
        reasons.set(index, { type, name, source });
      } else {
        const { hours, inPlaceOf } = override;
        const plan = typeof hours === 'string' ? weekPlan(day, hours) : planDay(hours);
        // An agency that does not work on that weekday has nothing to make up for.
        if (plan.total === 0) continue;
        plans[index] = plan;
        reasons.set(index, { type, name, source, inPlaceOf });
      }
    }
  }

  const cutoffs = data.cutoffs
    .map(({ from, at, source }) => ({
      index: dayOfDate(from) - firstDay,
      at: at === null ? Number.POSITIVE_INFINITY : timeOfDay(at),
      source,
    }))
    .reverse();
  return { data, horizon, firstDay, plans, reasons, cutoffs, yearsWithTable, ...prefixSums(plans) };
}

function prefixSums(plans: readonly DayPlan[]): Pick<Calendar, 'msBefore' | 'daysBefore' | 'workingDays'> {
  const msBefore = new Float64Array(plans.length + 1);
  const daysBefore = new Int32Array(plans.length + 1);
  const workingDays: number[] = [];
  let ms = 0;
  plans.forEach(({ total }, index) => {
    if (total > 0) workingDays.push(index);
    ms += total;
    msBefore[index + 1] = ms;
    daysBefore[index + 1] = workingDays.length;
  });
  return { msBefore, daysBefore, workingDays: Int32Array.from(workingDays) };
}

function planWeek(week: HoursVersion['week']): Partial<Record<string, DayPlan>> {
  return Object.fromEntries(Object.entries(week).map(([weekday, spans]) => [weekday, planDay(spans)]));
}

function planDay(hours: readonly Span[]): DayPlan {
  const spans = hours.map(({ from, to }) => ({ start: timeOfDay(from), end: timeOfDay(to) }));
  const total = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  return { spans, total, closes: spans.at(-1)?.end ?? OFF.closes };
}
