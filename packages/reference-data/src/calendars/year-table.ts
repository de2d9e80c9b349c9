import { type CalendarDay, CalendarYear } from '@lienthong/contracts/directory';
import {
  type CalendarData,
  DEFAULT_HOURS,
  daysOffByLaw,
  type HoursVersion,
  type Override,
  VIETNAM,
  VIETNAM_YEARS,
  WEEKDAYS,
  type YearTable,
} from '@lienthong/working-time';

/** A year of the directory as `buildCalendar` of working-time takes it; override i is day i. */
export const tableOf = ({ year, days }: CalendarYear): YearTable => ({
  year,
  overrides: days.map(overrideOf),
});

/** The data of a calendar: the shipped tables, replaced by decided years, and an agency's hours. */
export function calendarData(
  decided: Iterable<CalendarYear>,
  hours: readonly HoursVersion[] = DEFAULT_HOURS,
): CalendarData {
  const years = new Map(VIETNAM_YEARS.map((table) => [table.year, table]));
  for (const year of decided) years.set(year.year, tableOf(year));
  return { ...VIETNAM, hours, years: [...years.values()].sort((a, b) => a.year - b.year) };
}

/** A year without a decision, as the platform ships it: its table, or the days off of the law, which are provisional. */
export function shippedYear(year: number): CalendarYear {
  const table = VIETNAM_YEARS.find((one) => one.year === year);
  const days = (table?.overrides ?? daysOffByLaw(year)).map(dayOf);
  const legalBasis = [...new Set(days.map(({ source }) => source))].join('; ');
  return CalendarYear.fromPartial({ year, days, legalBasis, version: 0n, provisional: table === undefined });
}

function overrideOf({ from, to, kind, name, nameEn, source }: CalendarDay): Override {
  const dated = { from, to: to || from, name: { vi: name, en: nameEn || name }, source };
  if (kind?.$case !== 'worked') return { type: 'off', ...dated };
  const { hoursOf, insteadOf } = kind.value;
  // The directory counts from Monday, 1, to Sunday, 7.
  const hours = WEEKDAYS[hoursOf % 7] ?? 'sunday';
  return { type: 'working', ...dated, hours, ...(insteadOf === '' ? {} : { inPlaceOf: insteadOf }) };
}

function dayOf(override: Override): CalendarDay {
  const { from, to = from, name, source } = override;
  const dated = { from, to: to === from ? '' : to, name: name.vi, nameEn: name.en, source };
  if (override.type === 'off') return { ...dated, kind: { $case: 'off', value: {} } };
  if (typeof override.hours !== 'string') {
    throw new Error(`the shipped table must give ${from} the hours of a weekday`);
  }
  const hoursOf = WEEKDAYS.indexOf(override.hours) || 7;
  return { ...dated, kind: { $case: 'worked', value: { hoursOf, insteadOf: override.inPlaceOf ?? '' } } };
}
