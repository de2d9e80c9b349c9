import type { CalendarYear } from '@lienthong/contracts/directory';
import { buildCalendar, type Calendar, DEFAULT_HOURS, type HoursVersion } from '@lienthong/working-time';
import type { AgencyBook } from '../agencies/book.ts';
import { hoursOf } from '../agencies/office-hours.ts';
import { calendarData } from './year-table.ts';

export interface Calendars {
  /**
   * The working calendar of an agency: shipped tables, decided years, its own office hours. The same object until one
   * of these changes, and one object for all agencies with the same hours. An agency that is not known (yet) has the
   * default hours.
   */
  of(agencyId: string): Calendar;
  /** Grows whenever a calendar changes. The number is valid in this process only. */
  revision(): number;
}

/** Calendars in memory, built at first use and kept. */
export interface CalendarBook extends Calendars {
  /** Keeps a decided year unless the same or a newer version is there. */
  put(year: CalendarYear): void;
  /** The decided years. */
  years(): Iterable<CalendarYear>;
}

export function calendarBook(agencies: Pick<AgencyBook, 'get' | 'hoursRevision'>): CalendarBook {
  const years = new Map<number, CalendarYear>();
  /** By the hours written as JSON. */
  const byHours = new Map<string, Calendar>();
  const byAgency = new Map<string, { agency: unknown; calendar: Calendar }>();
  let decisions = 0;

  function calendarWith(hours: readonly HoursVersion[]): Calendar {
    const key = hours === DEFAULT_HOURS ? '' : JSON.stringify(hours);
    const kept = byHours.get(key);
    if (kept) return kept;
    const built = buildCalendar(calendarData(years.values(), hours));
    // The directory has refused years and hours that make no calendar.
    if (!built.ok) throw new Error(`no calendar can be built: ${built.refusal.message}`);
    byHours.set(key, built.value);
    return built.value;
  }

  return {
    of(agencyId) {
      const agency = agencies.get(agencyId);
      if (agency === undefined) return calendarWith(DEFAULT_HOURS);
      const kept = byAgency.get(agencyId);
      if (kept?.agency === agency) return kept.calendar;
      const calendar = calendarWith(hoursOf(agency));
      byAgency.set(agencyId, { agency, calendar });
      return calendar;
    },
    years: () => years.values(),
    revision: () => decisions + agencies.hoursRevision(),
    put(year) {
      if ((years.get(year.year)?.version ?? 0n) >= year.version) return;
      years.set(year.year, year);
      decisions += 1;
      byHours.clear();
      byAgency.clear();
    },
  };
}
