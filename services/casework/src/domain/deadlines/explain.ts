/** Explains for people how a dossier's or a task's deadline is computed. */
import type { ExplanationLine } from '@lienthong/contracts/casework';
import { type Result, success } from '@lienthong/kit';
import { type Calendar, explainDeadline, momentText } from '@lienthong/working-time';
import type { ClockRecord } from '../dossier/state.ts';
import { readClock } from './clock.ts';

export interface Explanation {
  /** Null while paused. */
  dueAt: number | null;
  /** The deadline reaches into a year that is not decided yet. */
  provisional: boolean;
  lines: ExplanationLine[];
}

/** Refused: OUTSIDE_CALENDAR. */
export function explain(calendar: Calendar, clock: ClockRecord): Result<Explanation> {
  const { agreed, events } = clock;
  if (agreed === null) return explainComputed(calendar, clock);
  const again = events.slice(agreed.after).find(({ type }) => type === 'restart');
  if (again === undefined) return explainAgreed(calendar, clock, agreed);
  // The agreed date was in force until the restart.
  const whole = explainComputed(calendar, clock);
  if (!whole.ok) return whole;
  const restarts = events.slice(0, events.indexOf(again)).filter(({ type }) => type === 'restart').length;
  const lines = [...whole.value.lines];
  lines.splice(nth(lines, 'restarted', restarts), 0, agreedLine(clock, agreed));
  return success({ ...whole.value, lines });
}

function explainComputed(calendar: Calendar, clock: ClockRecord): Result<Explanation> {
  const explained = explainDeadline(calendar, clock);
  if (!explained.ok) return explained;
  const { clock: at, lines } = explained.value;
  return success({
    dueAt: at.state === 'running' ? at.deadline : null,
    provisional: at.state === 'running' && at.uncertainYears.length > 0,
    lines: lines.map(({ kind, vi, en }) => ({ kind, vi, en })),
  });
}

/** The computed deadline up to the agreement, then the agreement and the pauses after it. */
function explainAgreed(
  calendar: Calendar,
  clock: ClockRecord,
  agreed: NonNullable<ClockRecord['agreed']>,
): Result<Explanation> {
  const before = isExtension(clock, agreed)
    ? explainComputed(calendar, { ...clock, agreed: null, events: clock.events.slice(0, agreed.after) })
    : success({ dueAt: null, provisional: false, lines: [] });
  if (!before.ok) return before;
  const lines = [...before.value.lines, agreedLine(clock, agreed)];
  for (let i = agreed.after; i < clock.events.length; i += 1) {
    const event = clock.events[i];
    const at = readClock(calendar, { ...clock, events: clock.events.slice(0, i + 1) });
    if (event === undefined) break;
    lines.push(at === null ? paused(event.at) : resumed(event.at, at.dueAt));
  }
  const { dueAt, provisional } = readClock(calendar, clock) ?? { dueAt: null, provisional: false };
  if (dueAt !== null) {
    if (provisional) lines.push(UNCERTAIN);
    lines.push(line('deadline', 'Hạn: {0}', 'Deadline: {0}', dueAt));
  }
  return success({ dueAt, provisional, lines });
}

/** An officer's consultation has no duration: its end was agreed when it began. */
const isExtension = ({ receivedAt, duration }: ClockRecord, { at }: { at: number }): boolean =>
  receivedAt !== at || duration.unit !== 'days' || duration.days > 0;

const agreedLine = (clock: ClockRecord, agreed: { at: number; dueAt: number }): ExplanationLine =>
  isExtension(clock, agreed)
    ? line(
        'extended',
        'Hẹn lại lúc {0}: hạn mới {1}',
        'Extended at {0}: new deadline {1}',
        agreed.at,
        agreed.dueAt,
      )
    : line('agreed', 'Ấn định lúc {0}: hạn {1}', 'Set at {0}: deadline {1}', agreed.at, agreed.dueAt);

const paused = (at: number): ExplanationLine => line('paused', 'Tạm dừng lúc {0}', 'Paused at {0}', at);

const resumed = (at: number, dueAt: number): ExplanationLine =>
  line(
    'resumed',
    'Tiếp tục lúc {0}: thời gian tạm dừng không tính, hạn {1}',
    'Resumed at {0}: the pause is not counted, deadline {1}',
    at,
    dueAt,
  );

/** An agreed date moves when the decision makes it a day off. */
const UNCERTAIN: ExplanationLine = {
  kind: 'uncertain',
  vi: 'Chưa có quyết định về lịch nghỉ lễ, tết của năm có hạn: hạn là tạm tính, sẽ tính lại khi có quyết định',
  en: 'The holidays of the year of the deadline are not decided yet: it is provisional, and is computed again after the decision',
};

function line(kind: string, vi: string, en: string, ...moments: number[]): ExplanationLine {
  const texts = moments.map(momentText);
  const fill = (sentence: string, language: 'vi' | 'en') =>
    sentence.replace(/\{(\d)\}/g, (_, i) => texts[Number(i)]?.[language] ?? '');
  return { kind, vi: fill(vi, 'vi'), en: fill(en, 'en') };
}

/** The index of the n-th line of a kind, from 0; the end when there are fewer. */
function nth(lines: readonly ExplanationLine[], kind: string, n: number): number {
  const places = lines.flatMap((one, i) => (one.kind === kind ? [i] : []));
  return places[n] ?? lines.length;
}
