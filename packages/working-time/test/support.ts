import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  buildCalendar,
  type Calendar,
  type CalendarData,
  type Result,
  type Span,
  VIETNAM,
  vietnamCalendar,
} from '../src/index.ts';

/** `2025-04-22 15:00[:01[.001]]` in Vietnam, as an instant. */
export const vn = (moment: string): number => {
  const [date, time = '00:00'] = moment.split(' ');
  return Temporal.ZonedDateTime.from(`${date}T${time}[Asia/Ho_Chi_Minh]`).epochMilliseconds;
};

/** The reverse of `vn`. */
export const shown = (instant: number): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO('Asia/Ho_Chi_Minh')
    .toPlainDateTime()
    .toString()
    .replace('T', ' ')
    .replace(/(\d\d:\d\d):00$/, '$1');

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.refusal.reason}: ${result.refusal.message}`);
  return result.value;
}

export const reasonOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.refusal.reason);

export const calendarOf = (change: Partial<CalendarData>): Calendar =>
  value(buildCalendar({ ...VIETNAM, ...change }));

const FROM = vn('2025-01-01');
const DAYS = 730;
const EDGES = ['07:00', '11:00', '13:00', '15:00', '17:00', '00:00'].map((time) => vn(`1970-01-02 ${time}`));

/** Instants of 2025 and 2026, half of them within a second of an edge. */
export const instant: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: DAYS * 86_400_000 - 1 }).map((ms) => FROM + ms),
  fc
    .record({
      day: fc.integer({ min: 1, max: DAYS - 2 }),
      edge: fc.constantFrom(...EDGES),
      by: fc.constantFrom(-1000, -1, 0, 1, 1000),
    })
    .map(({ day, edge, by }) => FROM + day * 86_400_000 + (edge - vn('1970-01-02')) + by),
);

const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** One to three spans of a date, some until midnight, some touching. */
const spans: fc.Arbitrary<Span[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 })
  .map((quarters) => {
    const sorted = quarters.toSorted((a, b) => a - b).map((quarter) => time(quarter * 15));
    return sorted.flatMap((from, i) =>
      i % 2 === 0 && sorted[i + 1] ? [{ from, to: sorted[i + 1] as string }] : [],
    );
  });

const date = fc
  .integer({ min: 0, max: DAYS - 1 })
  .map((day) => Temporal.PlainDate.from('2025-01-01').add({ days: day }).toString());

const text = { vi: 'lý do', en: 'reason' };

/** Any agency: any week, any days off and worked, any cutoff. */
const anyCalendar: fc.Arbitrary<Calendar> = fc
  .record({
    // Long enough that any duration of the tests ends within the horizon.
    friday: fc.constantFrom(
      [{ from: '00:00', to: '24:00' }],
      [{ from: '09:30', to: '17:45' }],
      [
        { from: '07:00', to: '11:00' },
        { from: '13:00', to: '17:00' },
      ],
    ),
    week: fc.record(
      { monday: spans, wednesday: spans, thursday: spans, saturday: spans },
      { requiredKeys: [] },
    ),
    off: fc.uniqueArray(date, { maxLength: 40 }),
    worked: fc.uniqueArray(fc.record({ date, spans }), { maxLength: 10, selector: (day) => day.date }),
    cutoff: fc.constantFrom(null, '08:00', '15:00', '24:00'),
  })
  .map(({ friday, week, off, worked, cutoff }) => {
    const overrides = [
      ...off.map((from) => ({ type: 'off', from, name: text, source: 'luật' }) as const),
      ...worked
        .filter((day) => !off.includes(day.date))
        .map(
          (day) =>
            ({ type: 'working', from: day.date, hours: day.spans, name: text, source: 'luật' }) as const,
        ),
    ];
    const calendar = calendarOf({
      hours: [{ from: '2020-01-01', week: { friday, ...week } }],
      horizon: { from: 2024, to: 2034 },
      cutoffs: [{ from: '2020-01-01', at: cutoff, source: 'luật' }],
      years: [2025, 2026].map((year) => ({
        year,
        overrides: overrides.filter(({ from }) => from.startsWith(String(year))),
      })),
    });
    return printed(calendar, JSON.stringify({ friday, week, off, worked, cutoff }));
  });

/** A calendar that a failing property prints in one line. */
function printed(calendar: Calendar, text: string): Calendar {
  return { ...calendar, [fc.toStringMethod]: () => text } as Calendar;
}

export const anyOrVietnam = fc.oneof(fc.constant(printed(vietnamCalendar, 'vietnamCalendar')), anyCalendar);
