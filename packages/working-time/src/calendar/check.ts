import type { Problem } from '../result.ts';
import { dateOfDay, dayOfDate, FIRST_YEAR, isDate, timeOfDay, WEEKDAYS } from '../time.ts';
import { type CalendarData, horizonOf, type Override, type Span } from './data.ts';

type Report = (field: string, reason: string, description: string) => void;

/** All problems of a calendar's data, each with its place; empty when it can be built. */
export function checkCalendar(data: CalendarData): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (field, reason, description) => problems.push({ field, reason, description });
  checkHours(data, report);
  checkVersions('cutoffs', data.cutoffs, report);
  data.cutoffs.forEach(({ at, source }, i) => {
    if (at !== null && Number.isNaN(timeOfDay(at))) {
      report(`cutoffs[${i}].at`, 'TIME_INVALID', `'${at}' is not a time HH:MM`);
    }
    checkSource(`cutoffs[${i}]`, source, report);
  });
  checkYears(data, report);
  checkHorizon(data, report);
  return problems;
}

function checkHours({ hours }: CalendarData, report: Report): void {
  if (hours.length === 0) report('hours', 'HOURS_MISSING', 'office hours are needed');
  checkVersions('hours', hours, report);
  hours.forEach(({ week }, i) => {
    const worked = WEEKDAYS.filter((weekday) => (week[weekday]?.length ?? 0) > 0);
    // A clock in a week without hours would never end.
    if (worked.length === 0)
      report(`hours[${i}].week`, 'WEEK_EMPTY', 'a week needs office hours on some day');
    for (const weekday of worked) checkSpans(`hours[${i}].week.${weekday}`, week[weekday] ?? [], report);
  });
}

function checkVersions(field: string, versions: readonly { from: string }[], report: Report): void {
  let before = '';
  versions.forEach(({ from }, i) => {
    if (!isDate(from)) report(`${field}[${i}].from`, 'DATE_INVALID', `'${from}' is not a date YYYY-MM-DD`);
    else if (from <= before) {
      report(
        `${field}[${i}].from`,
        'VERSIONS_OUT_OF_ORDER',
        `${from} must be later than ${before} before it`,
      );
    } else before = from;
  });
}

function checkSpans(field: string, spans: readonly Span[], report: Report): void {
  if (spans.length === 0) report(field, 'HOURS_MISSING', 'a working day needs office hours');
  let closed = 0;
  spans.forEach(({ from, to }, i) => {
    const [start, end] = [timeOfDay(from), timeOfDay(to)];
    if (!(start < end)) {
      report(
        `${field}[${i}]`,
        'SPAN_INVALID',
        `'${from}' to '${to}' must be two times HH:MM, the first earlier`,
      );
    } else if (start < closed) {
      report(`${field}[${i}]`, 'SPANS_OVERLAP', `${from} to ${to} must begin after the span before it ends`);
    } else closed = end;
  });
}

function checkYears({ years }: CalendarData, report: Report): void {
  if (years.length === 0) report('years', 'YEARS_MISSING', 'at least one year needs a table');
  const seen = new Map<number, number>();
  const placed = new Map<number, { field: string; override: Override }>();
  years.forEach(({ year, overrides }, y) => {
    const first = seen.get(year);
    if (first !== undefined) {
      report(`years[${y}].year`, 'YEAR_REPEATED', `${year} already has a table in years[${first}]`);
    }
    seen.set(year, y);
    overrides.forEach((override, o) => {
      const field = `years[${y}].overrides[${o}]`;
      if (checkOverride(field, year, override, report)) place(field, override, placed, report);
    });
  });
  for (const { field, override } of new Set(placed.values())) {
    if (override.type !== 'working' || override.inPlaceOf === undefined) continue;
    const replaced = isDate(override.inPlaceOf) ? placed.get(dayOfDate(override.inPlaceOf)) : undefined;
    if (replaced?.override.type !== 'off') {
      report(
        `${field}.inPlaceOf`,
        'REPLACED_DAY_NOT_OFF',
        `'${override.inPlaceOf}' must be a date that a table declares off`,
      );
    }
  }
}

/** True when the dates can be placed in the calendar. */
function checkOverride(field: string, year: number, override: Override, report: Report): boolean {
  const { from, to = from, source } = override;
  checkSource(field, source, report);
  if (override.type === 'working' && typeof override.hours !== 'string') {
    checkSpans(`${field}.hours`, override.hours, report);
  }
  for (const [name, date] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!isDate(date)) {
      report(`${field}.${name}`, 'DATE_INVALID', `'${date}' is not a date YYYY-MM-DD`);
      return false;
    }
    if (Number(date.slice(0, 4)) !== year) {
      report(`${field}.${name}`, 'DATE_OUTSIDE_YEAR', `${date} does not belong in the table of ${year}`);
      return false;
    }
  }
  if (to < from) report(`${field}.to`, 'RANGE_REVERSED', `${to} is before ${from}`);
  return from <= to;
}

function place(
  field: string,
  override: Override,
  placed: Map<number, { field: string; override: Override }>,
  report: Report,
): void {
  const entry = { field, override };
  const { from, to = from } = override;
  const clashes = new Set<string>();
  for (let day = dayOfDate(from); day <= dayOfDate(to); day++) {
    const other = placed.get(day);
    if (other === undefined) placed.set(day, entry);
    else if (!clashes.has(other.field)) {
      clashes.add(other.field);
      const contradiction = other.override.type !== override.type;
      report(
        field,
        contradiction ? 'OVERRIDES_CONTRADICT' : 'OVERRIDES_OVERLAP',
        `${dateOfDay(day)} is already ${other.override.type} by ${other.field} (${other.override.name.vi})`,
      );
    }
  }
}

function checkSource(field: string, source: string, report: Report): void {
  if (source.trim() === '') report(`${field}.source`, 'SOURCE_MISSING', 'name the law or notice behind it');
}

function checkHorizon(data: CalendarData, report: Report): void {
  if (data.years.length === 0) return;
  const { from, to } = horizonOf(data);
  const years = data.years.map(({ year }) => year);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < FIRST_YEAR || to < from || to - from > 200) {
    report(
      'horizon',
      'HORIZON_INVALID',
      `${from} to ${to} must be years from ${FIRST_YEAR}, at most 200 of them`,
    );
  } else if (years.some((year) => year < from || year > to)) {
    report('horizon', 'HORIZON_INVALID', `${from} to ${to} must contain every year with a table`);
  }
}
