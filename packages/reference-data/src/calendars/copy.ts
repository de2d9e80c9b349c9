import { CalendarYear } from '@lienthong/contracts/directory';
import type { ConsumerOptions } from '@lienthong/eventlog';
import type { Tx } from '@lienthong/kit';
import type { AgencyBook } from '../agencies/book.ts';
import { followCopies, type Refreshed } from '../copy/cache.ts';
import type { Kind } from '../copy/kind.ts';
import { saveCopies } from '../copy/save.ts';
import { type CalendarBook, calendarBook } from './book.ts';

const CALENDAR_YEARS: Kind<CalendarYear> = { table: 'calendar_year', codec: CalendarYear };

/** A decided year and the id of its aggregate. */
export interface DecidedYear {
  /** UUID. */
  id: string;
  year: CalendarYear;
}

export function saveCalendarYears(tx: Tx, decided: readonly DecidedYear[]): void {
  saveCopies(
    tx,
    CALENDAR_YEARS,
    decided.map(({ id, year }) => ({ id, version: Number(year.version), record: year })),
  );
}

/** Keeps a service's copy of the decided years: each event carries its year as a whole. */
export const calendarYearsConsumer: ConsumerOptions<'lienthong.directory.v1.CalendarYearDecided'> = {
  name: 'calendar-years',
  source: 'directory',
  types: ['lienthong.directory.v1.CalendarYearDecided'],
  handle(tx, events) {
    saveCalendarYears(
      tx,
      events.map(({ payload, envelope }) => {
        if (!payload.year) throw new Error(`event ${envelope.eventId} carries no year`);
        return { id: envelope.aggregateId, year: payload.year };
      }),
    );
  },
};

/** The working calendars in this process's memory. */
export interface CalendarCache extends Omit<CalendarBook, 'put'> {
  /** Reads the years decided since the last time; resolves to true when there are any. */
  refresh: Refreshed['refresh'];
}

/** Reads the agencies' hours from `agencies`; the caller keeps that refreshed. */
export function createCalendarCache(agencies: Pick<AgencyBook, 'get' | 'hoursRevision'>): CalendarCache {
  const { put, ...book } = calendarBook(agencies);
  return { ...book, refresh: followCopies(CALENDAR_YEARS, put).refresh };
}
