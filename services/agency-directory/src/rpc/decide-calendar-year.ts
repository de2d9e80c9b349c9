import { field, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { calendarDays, calendarYear } from './calendar-schemas.ts';
import { ADMINISTRATORS, Calendar, calendarCommand } from './deps.ts';

export const decideCalendarYear = calendarCommand(Calendar.decideCalendarYear, {
  policy: ADMINISTRATORS,
  maxBytes: 1024 * 1024,
  request: z.object({
    year: calendarYear,
    days: calendarDays,
    legalBasis: field.text({ min: 1, max: 500 }),
    amendsVersion: z.bigint().min(0n, 'must be the version of the decision in force, or 0'),
  }),
  command: ({ amendsVersion, ...year }) => ({
    newId: uuidv7(),
    year,
    amendsVersion,
    reply: (decided) => ({ year: decided }),
  }),
});
