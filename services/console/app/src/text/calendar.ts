import type { directory } from '@lienthong/contracts/json';
import { useQueries } from '@tanstack/react-query';
import { query } from '../api/query-client.ts';
import { today } from './dates.ts';
import { type IsWorkday, isWeekday } from './deadline.ts';

const DAY_MS = 24 * 3_600_000;

/** The working days of this year and its neighbours, as the directory has decided them. */
export function useWorkdays(): IsWorkday {
  const year = Number(today().slice(0, 4));
  const replies = useQueries({
    queries: [year - 1, year, year + 1].map((one) => ({
      ...query('directory.v1.CalendarService/GetCalendarYear', { year: one }),
      staleTime: DAY_MS,
    })),
  });
  return workdaysOf(replies.flatMap(({ data }) => data?.year?.days ?? []));
}

/** A day that the calendar names is as it says; of the others the weekdays are worked. */
export function workdaysOf(days: readonly directory.CalendarDay[]): IsWorkday {
  return (date) => {
    const named = days.find(({ from, to }) => from <= date && date <= (to || from));
    return named === undefined ? isWeekday(date) : named.worked !== undefined;
  };
}
