import { shippedYear } from '@lienthong/reference-data';
import { z } from 'zod';
import { readYear } from '../store/calendar-years.ts';
import { calendarYear } from './calendar-schemas.ts';
import { Calendar, calendarQuery } from './deps.ts';

export const getCalendarYear = calendarQuery(Calendar.getCalendarYear, {
  policy: 'public',
  request: z.object({ year: calendarYear }),
  handle: async ({ year }, _, { db }) => ({ year: (await readYear(db, year)) ?? shippedYear(year) }),
});
