import { indexOf, indexOfWorkingDay, missedCutoff, workingDayOf } from '../arithmetic.ts';
import type { Calendar } from '../calendar/build.ts';
import type { Text } from '../calendar/data.ts';
import {
  advance,
  type Clock,
  type ClockEvent,
  type DeadlineRequest,
  type RunningClock,
  start,
} from '../clock.ts';
import type { Result } from '../result.ts';
import { dateOfDay, dayOfInstant } from '../time.ts';
import { dayText, durationText, momentText, phrase, sourceText, timeText } from '../words/explanations.ts';
import { countedUntil, skippedBetween } from './days.ts';
import type { Line, LineKind } from './line.ts';

export interface Explanation {
  clock: Clock;
  lines: readonly Line[];
}

/**
 * Explains for people how a deadline came about: the days that were counted, and those that were skipped with the reason,
 * in order. Refuses like `deadline`. It visits every date, so use it to show one deadline, not to compute many.
 */
export function explainDeadline(calendar: Calendar, request: DeadlineRequest): Result<Explanation> {
  const { receivedAt, duration, reception } = request;
  const started = start(calendar, receivedAt, duration, reception);
  if (!started.ok) return started;
  let clock: Clock = started.value;
  const lines = receptionLines(calendar, started.value, 'received', reception);
  for (const event of request.events ?? []) {
    const next = advance(calendar, clock, event);
    if (!next.ok) return next;
    if (clock.state === 'running') {
      lines.push(...countedUntil(calendar, clock, Math.min(event.at, clock.deadline)));
    }
    lines.push(...eventLines(calendar, next.value, event));
    clock = next.value;
  }
  if (clock.state === 'running') {
    lines.push(...countedUntil(calendar, clock, clock.deadline), ...deadlineLines(clock));
  }
  return { ok: true, value: { clock, lines } };
}

function receptionLines(
  calendar: Calendar,
  clock: RunningClock,
  kind: 'received' | 'restarted',
  reception = true,
): Line[] {
  const { receivedAt, countsFrom } = clock;
  const { text, source } = startText(calendar, receivedAt, countsFrom, reception);
  const sentence = phrase(RECEPTION[kind], momentText(receivedAt), text);
  return [
    { ...lineAt(kind, receivedAt, sentence), source },
    ...skippedBetween(calendar, receivedAt, countsFrom),
  ];
}

const RECEPTION = {
  received: ['Tiếp nhận lúc {0}{1}', 'Received at {0}{1}'],
  restarted: ['Bổ sung đủ lúc {0}, tính lại từ đầu{1}', 'Supplement complete at {0}, counted from zero{1}'],
} as const;

function startText(calendar: Calendar, receivedAt: number, countsFrom: number, reception: boolean) {
  if (countsFrom === receivedAt) {
    return { text: { vi: ': tính từ lúc này', en: ': counts from this moment' }, source: null };
  }
  const from = momentText(countsFrom);
  const index = indexOf(calendar, receivedAt);
  const cutoff = reception ? missedCutoff(calendar, receivedAt) : undefined;
  if (calendar.plans[index]?.total === 0) {
    const reason = calendar.reasons.get(index);
    const name = reason?.name ?? { vi: 'nghỉ hằng tuần', en: 'weekly rest' };
    const text = phrase([', ngày nghỉ ({1}): tính từ {0}', ', a day off ({1}): counts from {0}'], from, name);
    return { text, source: reason?.source ?? null };
  }
  if (cutoff === undefined) {
    const text = phrase(
      [', ngoài giờ làm việc: tính từ {0}', ', outside office hours: counts from {0}'],
      from,
    );
    return { text, source: null };
  }
  const at = timeText(cutoff.at);
  const text = phrase(
    [
      ', sau {1}: tính từ đầu giờ ngày làm việc tiếp theo, {0}{2}',
      ', after {1}: counts from the beginning of the next working day, {0}{2}',
    ],
    from,
    { vi: at, en: at },
    sourceText(cutoff.source),
  );
  return { text, source: cutoff.source };
}

/** `clock` is the clock after the event. */
function eventLines(calendar: Calendar, clock: Clock, { type, at }: ClockEvent): Line[] {
  const moment = momentText(at);
  if (clock.state === 'paused') {
    if (clock.missed !== null) {
      return [lineAt('paused', at, phrase(PAUSED_LATE, moment, momentText(clock.missed)))];
    }
    const day = workingDayText(calendar, clock, at);
    return [lineAt('paused', at, phrase(PAUSED, moment, durationText(clock.remaining), day))];
  }
  if (type === 'restart') return receptionLines(calendar, clock, 'restarted');
  if (clock.deadline < at) return [lineAt('resumed', at, phrase(RESUMED_LATE, moment))];
  const day = workingDayText(calendar, clock, clock.countsFrom);
  return [lineAt('resumed', at, phrase(RESUMED, moment, durationText(clock.remaining), day))];
}

const PAUSED = ['Tạm dừng lúc {0}{2}: còn lại {1}', 'Paused at {0}{2}: {1} left'] as const;
const PAUSED_LATE = ['Tạm dừng lúc {0}: đã quá hạn {1}', 'Paused at {0}: already past {1}'] as const;
const RESUMED = [
  'Tiếp tục lúc {0}{2}: thời gian tạm dừng không tính, còn lại {1}',
  'Resumed at {0}{2}: the pause is not counted, {1} left',
] as const;
const RESUMED_LATE = [
  'Tiếp tục lúc {0}: hạn không đổi vì đã quá hạn trước khi tạm dừng',
  'Resumed at {0}: the deadline stays, it had passed before the pause',
] as const;

/** The working day an instant outside office hours belongs to, where days are counted. */
function workingDayText(calendar: Calendar, clock: Clock, at: number): Text {
  const index = indexOfWorkingDay(calendar, workingDayOf(calendar, at));
  if (clock.duration.unit !== 'days' || index === indexOf(calendar, at)) return { vi: '', en: '' };
  const day = dayText(calendar.firstDay + index);
  return phrase([', thuộc {0}', ', belonging to {0}'], day);
}

function deadlineLines({ deadline, uncertainYears }: RunningClock): Line[] {
  return [
    ...uncertainYears.map((year) => {
      const name = { vi: String(year), en: String(year) };
      return lineAt('uncertain', deadline, phrase(UNCERTAIN, name));
    }),
    lineAt('deadline', deadline, phrase(['Hạn: {0}', 'Deadline: {0}'], momentText(deadline))),
  ];
}

const UNCERTAIN = [
  'Năm {0} chưa có quyết định về lịch nghỉ lễ, tết: hạn là tạm tính theo ngày nghỉ do luật định, sẽ tính lại khi có quyết định',
  'The holidays of {0} are not decided yet: the deadline is provisional, by the days off that the law fixes, and is computed again after the decision',
] as const;

function lineAt(kind: LineKind, instant: number, text: Text): Line {
  const date = dateOfDay(dayOfInstant(instant));
  return { kind, from: date, to: date, counted: null, source: null, ...text };
}
