import type { GetCalendarYearRequest, GetCalendarYearResponse } from '@lienthong/contracts/directory';
import { parse } from '@lienthong/kit';
import { shippedYear } from '@lienthong/reference-data';
import { z } from 'zod';
import { readYear } from '../store/calendar-years.ts';
import { calendarYear } from './calendar-schemas.ts';
import type { CalendarDesk } from './directory.ts';

const schema = z.object({ year: calendarYear });

export const getCalendarYear =
  ({ db }: CalendarDesk) =>
  async (request: GetCalendarYearRequest): Promise<GetCalendarYearResponse> => {
    const { year } = parse(schema, request);
    return { year: (await readYear(db, year)) ?? shippedYear(year) };
  };
