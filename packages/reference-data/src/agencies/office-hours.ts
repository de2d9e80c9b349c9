import type { Agency, OfficeHours } from '@lienthong/contracts/directory';
import { DEFAULT_HOURS, type HoursVersion, type Span, WEEKDAYS, type Week } from '@lienthong/working-time';
import { isInForce } from '../span.ts';

/** No date of the directory is earlier. */
const EVER = '1900-01-01';

/**
 * The office hours of an agency, as `buildCalendar` of working-time takes them; the default hours where the agency has
 * none of its own. An agency that never has any gets `DEFAULT_HOURS` itself, so that its calendar can be shared.
 */
export function hoursOf(agency: Agency): readonly HoursVersion[] {
  const own = agency.officeHours
    .filter(({ spans }) => spans.length > 0)
    .map(({ spans, validFrom, validTo }) => ({ validFrom, validTo, week: weekOf(spans) }));
  if (own.length === 0) return DEFAULT_HOURS;
  const changes = new Set([
    EVER,
    ...own.flatMap(({ validFrom, validTo }) => [validFrom || EVER, validTo || EVER]),
    ...DEFAULT_HOURS.map(({ from }) => from),
  ]);
  const versions: HoursVersion[] = [];
  for (const from of [...changes].sort()) {
    const week = own.find((one) => isInForce(one, from))?.week ?? defaultWeek(from);
    if (versions.at(-1)?.week !== week) versions.push({ from, week });
  }
  return versions;
}

function defaultWeek(date: string): Week {
  const version = DEFAULT_HOURS.findLast(({ from }) => from <= date) ?? DEFAULT_HOURS[0];
  return version?.week ?? {};
}

function weekOf(spans: OfficeHours['spans']): Week {
  const week: { -readonly [D in keyof Week]: Span[] } = {};
  for (const { day, opens, closes } of spans.toSorted((a, b) => (a.opens < b.opens ? -1 : 1))) {
    // The directory counts from Monday, 1, to Sunday, 7.
    const weekday = WEEKDAYS[day % 7] ?? 'sunday';
    week[weekday] ??= [];
    week[weekday].push({ from: opens, to: closes });
  }
  return week;
}
