import type { CalendarDay } from '@lienthong/contracts/directory';
import { field, isDate, manyOf } from '@lienthong/kit';
import { z } from 'zod';

const wrong = (message: string, reason: string, path: (string | number)[]) =>
  ({ code: 'custom', message, params: { reason }, path }) as const;

/** The years that can be decided and read. */
export const calendarYear = z
  .number()
  .int()
  .superRefine((year, context) => {
    if (year < 2000 || year > 2100) context.addIssue(wrong('must be from 2000 to 2100', 'YEAR_INVALID', []));
  });

const kind = z.custom<CalendarDay['kind']>();

const calendarDay = z
  .object({
    from: field.date,
    to: field.optionalDate,
    kind,
    name: field.text({ min: 1, max: 200 }),
    nameEn: field.text({ max: 200 }),
    // That it is not empty is the calendar's own rule (SOURCE_MISSING).
    source: field.text({ max: 500 }),
  })
  .superRefine(({ kind }, context) => {
    if (kind === undefined) context.addIssue(wrong('must be off or worked', 'FIELD_REQUIRED', ['off']));
    if (kind?.$case !== 'worked') return;
    const { hoursOf, insteadOf } = kind.value;
    if (hoursOf < 1 || hoursOf > 7) {
      const message = 'must be a day of the week, 1 (Monday) to 7 (Sunday)';
      context.addIssue(wrong(message, 'WEEKDAY_INVALID', ['worked', 'hoursOf']));
    }
    if (insteadOf !== '' && !isDate(insteadOf)) {
      const message = 'must be a real date of the years 1900 to 2200, written YYYY-MM-DD, or empty';
      context.addIssue(wrong(message, 'DATE_INVALID', ['worked', 'insteadOf']));
    }
  });

export const calendarDays = manyOf(calendarDay, 366);
