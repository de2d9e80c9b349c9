import { addDays, type Calendar, vietnamCalendar } from '@lienthong/working-time';
import { expect, test } from 'vitest';
import { agencyBook } from '../agencies/book.ts';
import { agency, decidedYear } from '../testing.ts';
import { calendarBook } from './book.ts';
import { calendarData, shippedYear, tableOf } from './year-table.ts';

const morning = (day: number) => ({ day, opens: '07:00', closes: '11:00' });
const mornings = [{ spans: [1, 2, 3, 4, 5].map(morning), validFrom: '2026-01-01' }];

function world() {
  const agencies = agencyBook();
  const calendars = calendarBook(agencies);
  return { agencies, calendars };
}
/** The end of the working day after noon of a date, in UTC. */
const dayAfter = (calendar: Calendar, date: string): string =>
  new Date(addDays(calendar, Date.parse(`${date}T12:00:00+07:00`), 1)).toISOString();

test('agencies with the same hours share one calendar, built once', () => {
  const { agencies, calendars } = world();
  const [a, b] = [agency({ code: 'H61.1', name: 'Xã A' }), agency({ code: 'H61.2', name: 'Xã B' })];
  const [c, d] = [1, 2].map((n) => agency({ code: `H61.9${n}`, name: 'Sở', officeHours: mornings }));
  for (const one of [a, b, c, d]) if (one) agencies.put(one);
  const ofC = calendars.of(c?.id ?? '');
  expect(calendars.of(a.id)).toBe(calendars.of(b.id));
  expect(calendars.of(a.id)).toBe(calendars.of('nobody knows'));
  expect(ofC).toBe(calendars.of(d?.id ?? ''));
  expect(ofC).not.toBe(calendars.of(a.id));
  expect(calendars.of(a.id).data).toEqual(vietnamCalendar.data);
  expect(dayAfter(calendars.of(a.id), '2026-03-02')).toBe('2026-03-03T10:00:00.000Z');
  expect(dayAfter(ofC, '2026-03-02')).toBe('2026-03-04T04:00:00.000Z');
});

test('a decided year takes the place of the shipped one for everybody; an older version changes nothing', () => {
  const { agencies, calendars } = world();
  const own = agency({ code: 'H61.1', name: 'Sở', officeHours: mornings });
  agencies.put(own);
  const [before, revision] = [calendars.of(own.id), calendars.revision()];
  calendars.put(decidedYear(2026, ['2026-03-03'], 2));
  expect(calendars.revision()).toBe(revision + 1);
  expect(calendars.of(own.id)).not.toBe(before);
  expect(dayAfter(calendars.of(''), '2026-03-02')).toBe('2026-03-04T10:00:00.000Z');
  // The shipped table of 2026 is gone as a whole, that of 2025 is not.
  expect(dayAfter(calendars.of(''), '2026-02-15')).toBe('2026-02-17T10:00:00.000Z');
  expect(dayAfter(calendars.of(''), '2025-01-26')).toBe('2025-02-04T10:00:00.000Z');

  const kept = calendars.of('');
  calendars.put(decidedYear(2026, [], 1));
  calendars.put(decidedYear(2026, [], 2));
  expect(calendars.of('')).toBe(kept);
  expect(calendars.revision()).toBe(revision + 1);
});

test('a change of an agency’s hours is its own: its calendar is new, the others stay', () => {
  const { agencies, calendars } = world();
  const [one, other] = [agency({ code: 'H61.1', name: 'Xã A' }), agency({ code: 'H61.2', name: 'Xã B' })];
  agencies.put(one);
  agencies.put(other);
  const [shared, revision] = [calendars.of(one.id), calendars.revision()];
  agencies.put({ ...one, names: [], version: 2n });
  expect([calendars.of(one.id), calendars.revision()]).toEqual([shared, revision]);
  expect(calendars.of(one.id)).toBe(shared);
  agencies.put(agency({ id: one.id, code: 'H61.1', name: 'Xã A', officeHours: mornings, version: 3 }));
  expect(calendars.revision()).toBe(revision + 1);
  expect(calendars.of(one.id)).not.toBe(shared);
  expect(calendars.of(other.id)).toBe(shared);
});

test('a shipped year read back is the shipped table, to the letter of every rule', () => {
  for (const year of [2025, 2026]) {
    const data = calendarData([shippedYear(year)]);
    const normal = (table: typeof data.years) =>
      table.map((one) => ({
        ...one,
        overrides: one.overrides.map(({ to, ...day }) => ({ ...day, to: to ?? day.from })),
      }));
    expect(normal(data.years)).toEqual(normal(vietnamCalendar.data.years));
  }
  expect(shippedYear(2027)).toMatchObject({ provisional: true, version: 0n });
});

test('a worked Sunday has the hours of a Sunday, a worked day in place of none makes up for nothing', () => {
  const year = decidedYear(2027, ['2027-03-06', '2027-03-07']);
  const [first, second] = year.days;
  const [saturday, sunday] = tableOf({
    ...year,
    days: [first, second].flatMap((day, i) =>
      day ? [{ ...day, kind: { $case: 'worked' as const, value: { hoursOf: i + 6, insteadOf: '' } } }] : [],
    ),
  }).overrides;
  expect(saturday).toMatchObject({ type: 'working', hours: 'saturday' });
  expect(sunday).toMatchObject({ type: 'working', hours: 'sunday' });
  expect(sunday).not.toHaveProperty('inPlaceOf');
});
