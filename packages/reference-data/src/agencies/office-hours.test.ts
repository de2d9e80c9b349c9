import { buildCalendar, DEFAULT_HOURS, days, deadline, VIETNAM } from '@lienthong/working-time';
import { expect, test } from 'vitest';
import { agency } from '../testing.ts';
import { hoursOf } from './office-hours.ts';

const workingDays = [1, 2, 3, 4, 5];
const spans = (opens: string, closes: string, days = workingDays) =>
  days.map((day) => ({ day, opens, closes }));
const withHours = (...officeHours: Parameters<typeof agency>[0]['officeHours'] & {}) =>
  agency({ code: 'H61.1', name: 'Xã', officeHours });

const DEFAULT_WEEK = DEFAULT_HOURS[0]?.week;
const week = (from: string, to: string) =>
  Object.fromEntries(
    ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [day, [{ from, to }]]),
  );

test('an agency without hours of its own has the default ones, shared', () => {
  expect(hoursOf(agency({ code: 'H61.1', name: 'Xã' }))).toBe(DEFAULT_HOURS);
  expect(hoursOf(withHours({ spans: [] }))).toBe(DEFAULT_HOURS);
});

test('hours of its own hold while they are valid, the default ones before, between and after', () => {
  expect(
    hoursOf(
      withHours(
        { spans: spans('08:00', '12:00'), validFrom: '2025-07-01', validTo: '2025-09-01' },
        { spans: spans('06:00', '10:00'), validFrom: '2024-01-01', validTo: '2024-06-01' },
      ),
    ),
  ).toEqual([
    { from: '1900-01-01', week: DEFAULT_WEEK },
    { from: '2024-01-01', week: week('06:00', '10:00') },
    { from: '2024-06-01', week: DEFAULT_WEEK },
    { from: '2025-07-01', week: week('08:00', '12:00') },
    { from: '2025-09-01', week: DEFAULT_WEEK },
  ]);
});

test('hours without a beginning that follow one another have no default ones between', () => {
  const hours = hoursOf(
    withHours(
      { spans: spans('08:00', '12:00'), validTo: '2025-07-01' },
      { spans: spans('06:00', '10:00'), validFrom: '2025-07-01' },
    ),
  );
  expect(hours).toEqual([
    { from: '1900-01-01', week: week('08:00', '12:00') },
    { from: '2025-07-01', week: week('06:00', '10:00') },
  ]);
});

test('a calendar is built from them: spans in order, Saturday and Sunday where they belong', () => {
  const hours = hoursOf(
    withHours({
      spans: [
        { day: 6, opens: '13:00', closes: '17:00' },
        { day: 6, opens: '07:00', closes: '11:00' },
        { day: 7, opens: '08:00', closes: '09:00' },
      ],
      validFrom: '2025-07-01',
    }),
  );
  const built = buildCalendar({ ...VIETNAM, hours });
  if (!built.ok) throw new Error(built.refusal.message);
  // Received on Saturday 5 July 2025 at nine: the next working day is that Sunday.
  const receivedAt = Date.parse('2025-07-05T09:00:00+07:00');
  const result = deadline(built.value, { receivedAt, duration: days(1) });
  expect(result).toMatchObject({ ok: true, value: { deadline: Date.parse('2025-07-06T09:00:00+07:00') } });
});
