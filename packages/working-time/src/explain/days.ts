/** The dates a clock ran over: which were counted, which were skipped, and why. */
import {
  dateOf,
  endOfWholeDays,
  indexOf,
  indexOfWorkingDay,
  startOfIndex,
  workingDayOf,
  workingMsBetween,
} from '../arithmetic.ts';
import type { Calendar, DayReason } from '../calendar/build.ts';
import type { Text } from '../calendar/data.ts';
import type { RunningClock } from '../clock.ts';
import type { Duration } from '../duration.ts';
import { DAY_MS, dateOfDay } from '../time.ts';
import { daysText, durationText, phrase, sourceText } from '../words/explanations.ts';
import type { Line } from './line.ts';

/** One date, or consecutive dates of one kind: off, worked and counted, or worked but not counted (the first day). */
interface Note {
  first: number;
  last: number;
  worked: boolean;
  counted: Duration | null;
  /** Stands in the sentence of a worked date in place of the amount. */
  remark: Text | undefined;
  /** The override or holiday behind it; undefined when the date follows the week. */
  reason: DayReason | undefined;
}

/** Dates off after the date of `from` and before that of `to`. */
export function skippedBetween(calendar: Calendar, from: number, to: number): Line[] {
  const notes: Note[] = [];
  for (let index = indexOf(calendar, from) + 1; index < indexOf(calendar, to); index++) {
    if (calendar.plans[index]?.total === 0) notes.push(off(calendar, index));
  }
  return toLines(calendar, notes);
}

/** The dates over which a clock ran until an instant that is no later than its deadline. */
export function countedUntil(calendar: Calendar, clock: RunningClock, until: number): Line[] {
  const { countsFrom, remaining } = clock;
  if (until <= countsFrom) return [];
  return toLines(calendar, notesOf(calendar, remaining, countsFrom, until));
}

function notesOf(calendar: Calendar, remaining: Duration, from: number, until: number): Note[] {
  switch (remaining.unit) {
    case 'hours':
      return inHours(calendar, from, until);
    case 'days': {
      const half = endOfWholeDays(calendar, from, remaining.days);
      const notes = inDays(calendar, from, Math.min(until, half), Math.floor(remaining.days));
      return until > half ? [...notes, ...inHours(calendar, half, until)] : notes;
    }
    case 'calendar-days':
      return inCalendarDays(calendar, from, until, remaining.days);
  }
}

function inDays(calendar: Calendar, from: number, until: number, days: number): Note[] {
  const start = workingDayOf(calendar, from);
  const last = indexOfWorkingDay(calendar, workingDayOf(calendar, until));
  const notes: Note[] = [];
  for (let i = indexOfWorkingDay(calendar, start); i <= last; i++) {
    const isFirst = calendar.daysBefore[i] === start;
    if (calendar.plans[i]?.total === 0) notes.push(off(calendar, i));
    else if (isFirst) notes.push(firstDay(calendar, i, { unit: 'days', days }));
    else notes.push(worked(calendar, i, { unit: 'days', days: 1 }));
  }
  return notes;
}

/** Every date counts; where the last one is a day off, the next working day ends the time. */
function inCalendarDays(calendar: Calendar, from: number, until: number, days: number): Note[] {
  const start = dateOf(calendar, from);
  const notes = [firstDay(calendar, start, { unit: 'calendar-days', days })];
  for (let i = start + 1; i <= dateOf(calendar, until); i++) {
    if (i - start <= days) {
      const counted = { unit: 'calendar-days', days: 1 } as const;
      notes.push({ ...worked(calendar, i, counted), reason: undefined });
    } else if (calendar.plans[i]?.total === 0) notes.push(off(calendar, i));
    else notes.push({ ...worked(calendar, i, null), reason: undefined, remark: LAST_DAY_MOVED });
  }
  return notes;
}

/** The day on which the clock starts is not counted; of no days it is the only one. */
const firstDay = (calendar: Calendar, index: number, whole: Extract<Duration, { days: number }>): Note =>
  whole.days === 0 ? worked(calendar, index, whole) : { ...worked(calendar, index, null), remark: FIRST_DAY };

function inHours(calendar: Calendar, from: number, until: number): Note[] {
  const notes: Note[] = [];
  for (let i = indexOf(calendar, from); i <= indexOf(calendar, until - 1); i++) {
    const midnight = startOfIndex(calendar, i);
    const ms = workingMsBetween(calendar, Math.max(from, midnight), Math.min(until, midnight + DAY_MS));
    if (calendar.plans[i]?.total === 0) notes.push(off(calendar, i));
    else if (ms > 0) notes.push(worked(calendar, i, { unit: 'hours', ms }));
  }
  return notes;
}

const off = (calendar: Calendar, index: number): Note => ({
  first: index,
  last: index,
  worked: false,
  counted: null,
  remark: undefined,
  reason: calendar.reasons.get(index),
});

const worked = (calendar: Calendar, index: number, counted: Duration | null): Note => ({
  ...off(calendar, index),
  worked: true,
  counted,
});

function toLines(calendar: Calendar, notes: readonly Note[]): Line[] {
  const merged: Note[] = [];
  for (const note of notes) {
    const before = merged.at(-1);
    if (before === undefined || !belongTogether(before, note)) merged.push({ ...note });
    else {
      before.last = note.last;
      before.counted = sum(before.counted, note.counted);
    }
  }
  return merged.map((note) => toLine(calendar, note));
}

function toLine(calendar: Calendar, { first, last, worked, counted, remark, reason }: Note): Line {
  const [firstDay, lastDay] = [calendar.firstDay + first, calendar.firstDay + last];
  const [byWeek, byReason] = worked ? [WORKED, WORKED_BY_OVERRIDE] : [WEEKLY_REST, OFF];
  const sentence = reason === undefined ? byWeek : byReason;
  const text = phrase(
    sentence,
    daysText(firstDay, lastDay),
    reason?.name ?? NOTHING,
    reason === undefined ? NOTHING : sourceText(reason.source),
    remark ?? countedText(counted),
  );
  return {
    kind: counted === null ? 'skipped' : 'counted',
    from: dateOfDay(firstDay),
    to: dateOfDay(lastDay),
    counted,
    source: reason?.source ?? null,
    ...text,
  };
}

const NOTHING = { vi: '', en: '' };
const WEEKLY_REST = ['{0}: nghỉ hằng tuần', '{0}: weekly rest'] as const;
const OFF = ['{0}: nghỉ {1}{2}', '{0}: off, {1}{2}'] as const;
const WORKED = ['{0}: {3}', '{0}: {3}'] as const;
const WORKED_BY_OVERRIDE = ['{0}: {1}{2}, {3}', '{0}: {1}{2}, {3}'] as const;
const FIRST_DAY = {
  vi: 'ngày đầu, không tính (Bộ luật Dân sự 2015, Điều 147 khoản 2)',
  en: 'the first day, not counted (Civil Code 2015, article 147.2)',
};

const LAST_DAY_MOVED = {
  vi: 'ngày làm việc tiếp theo, vì ngày cuối của thời hạn là ngày nghỉ (Bộ luật Dân sự 2015, Điều 148 khoản 5)',
  en: 'the next working day, since the last day is a day off (Civil Code 2015, article 148.5)',
};

const WITHIN_THE_DAY = { vi: 'trong ngày', en: 'within the day' };

function countedText(counted: Duration | null): Text {
  if (counted === null) return NOTHING;
  return counted.unit !== 'hours' && counted.days === 0 ? WITHIN_THE_DAY : durationText(counted);
}

const belongTogether = (a: Note, b: Note): boolean =>
  a.worked === b.worked &&
  a.counted?.unit === b.counted?.unit &&
  a.remark === b.remark &&
  a.reason?.name.vi === b.reason?.name.vi &&
  a.reason?.source === b.reason?.source;

function sum(a: Duration | null, b: Duration | null): Duration | null {
  if (a?.unit === 'hours' && b?.unit === 'hours') return { unit: 'hours', ms: a.ms + b.ms };
  if (a && b && a.unit !== 'hours' && b.unit !== 'hours') return { unit: a.unit, days: a.days + b.days };
  return null;
}
