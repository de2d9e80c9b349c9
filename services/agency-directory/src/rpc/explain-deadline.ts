import type { WorkingDuration } from '@lienthong/contracts/common';
import { field, refuse } from '@lienthong/kit';
import { calendarData, hoursOf } from '@lienthong/reference-data';
import {
  buildCalendar,
  calendarDays,
  DEFAULT_HOURS,
  type Duration,
  days,
  explainDeadline as explain,
  halfDays,
  minutes,
} from '@lienthong/working-time';
import { z } from 'zod';
import { readYears } from '../store/calendar-years.ts';
import { Calendar, calendarQuery } from './deps.ts';
import { requireAgency } from './require-agency.ts';

/** An explanation goes through its dates one by one. */
const MOST = { days: 1000, minutes: 480_000, halfDays: 1999, calendarDays: 1400 } as const;
const DURATIONS = { days, minutes, halfDays, calendarDays };

const wrong = (message: string, reason: string, path: string[] = []) =>
  ({ code: 'custom', message, params: { reason }, path }) as const;

const duration = z.custom<WorkingDuration | undefined>().transform((given, context): Duration => {
  const amount = given?.amount;
  if (amount === undefined) {
    context.addIssue(wrong('must be days or minutes', 'FIELD_REQUIRED'));
    return z.NEVER;
  }
  const most = MOST[amount.$case];
  if (amount.value < 0 || amount.value > most) {
    context.addIssue(wrong(`must be from 0 to ${most}`, 'DURATION_INVALID', [amount.$case]));
    return z.NEVER;
  }
  if (amount.$case === 'halfDays' && amount.value % 2 === 0) {
    context.addIssue(wrong('must be odd; give whole days as days', 'DURATION_INVALID', ['halfDays']));
    return z.NEVER;
  }
  return DURATIONS[amount.$case](amount.value);
});

export const explainDeadline = calendarQuery(Calendar.explainDeadline, {
  policy: 'authenticated',
  request: z.object({
    receivedAt: z.custom<Date>((at) => at instanceof Date, {
      error: 'is required',
      params: { reason: 'FIELD_REQUIRED' },
    }),
    duration,
    agencyId: field.optionalUuid,
  }),
  handle: async ({ receivedAt, duration, agencyId }, _, { db }) => {
    const [agency, decided] = await Promise.all([
      agencyId === '' ? undefined : requireAgency(db, agencyId),
      readYears(db),
    ]);
    const hours = agency ? hoursOf(agency) : DEFAULT_HOURS;
    const years = decided.map(({ year }) => year);
    const calendar = buildCalendar(calendarData(years, hours));
    // Decisions and office hours that make no calendar were refused.
    if (!calendar.ok) throw new Error(`no calendar can be built: ${calendar.refusal.message}`);
    const explained = explain(calendar.value, { receivedAt: receivedAt.getTime(), duration });
    if (!explained.ok) return refuse(explained.refusal);
    const { clock, lines } = explained.value;
    const running = clock.state === 'running' ? clock : undefined;
    return {
      deadline: running && new Date(running.deadline),
      provisional: running !== undefined && running.uncertainYears.length > 0,
      lines: lines.map(({ kind, vi, en }) => ({ kind, vi, en })),
    };
  },
});
