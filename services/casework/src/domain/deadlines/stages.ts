/** How near a deadline is, and when the next stage begins. Only timers raise urgency, one stage at a time. */
import { TaskKind, Urgency } from '@lienthong/contracts/casework';
import {
  add,
  addDays,
  type Calendar,
  type Duration,
  subtractDays,
  workingDaysBetween,
  workingMsBetween,
} from '@lienthong/working-time';
import type { ClockRecord, DeadlineState } from '../dossier/state.ts';
import type { Rules } from '../law/rules.ts';
import { type ClockReading, readClock } from './clock.ts';

/** The instants at which each stage begins. */
interface Stages {
  soonAt: number;
  overdueAt: number;
  /** Null for a consultation, which expires when it is overdue. */
  escalatedAt: number | null;
}

type Reading = Pick<ClockReading, 'dueAt' | 'countsFrom'>;

function stagesOf(
  calendar: Calendar,
  rules: Rules,
  clock: ClockRecord,
  { dueAt, countsFrom }: Reading,
  expires: boolean,
): Stages {
  return {
    soonAt: isShort(calendar, rules, clock, { dueAt, countsFrom })
      ? lastPart(calendar, rules, countsFrom, dueAt)
      : subtractDays(calendar, dueAt, rules.dueSoon.daysBefore),
    // The deadline itself is in time.
    overdueAt: dueAt + 1,
    escalatedAt: expires ? null : addDays(calendar, dueAt, rules.escalation.daysAfter) + 1,
  };
}

function isShort(
  calendar: Calendar,
  rules: Rules,
  clock: ClockRecord,
  { dueAt, countsFrom }: Reading,
): boolean {
  const length: Duration = clock.agreed
    ? { unit: 'days', days: Math.max(0, workingDaysBetween(calendar, countsFrom, dueAt)) }
    : clock.duration;
  return rules.dueSoon.shortUpTo.some((limit) =>
    limit.unit !== 'hours'
      ? length.unit !== 'hours' && length.days <= limit.days
      : length.unit === 'hours' && length.ms <= limit.ms,
  );
}

function lastPart(calendar: Calendar, rules: Rules, from: number, dueAt: number): number {
  const whole = workingMsBetween(calendar, from, dueAt);
  if (whole <= 0) return dueAt;
  return add(calendar, from, { unit: 'hours', ms: Math.floor(whole * (1 - rules.dueSoon.lastPart)) });
}

function stageAt({ soonAt, overdueAt, escalatedAt }: Stages, now: number): Urgency {
  if (escalatedAt !== null && now >= escalatedAt) return Urgency.ESCALATED;
  if (now >= overdueAt) return Urgency.OVERDUE;
  return now >= soonAt ? Urgency.DUE_SOON : Urgency.ON_TIME;
}

function nextTimer(stages: Stages, urgency: Urgency): number | null {
  switch (urgency) {
    case Urgency.ON_TIME:
      return stages.soonAt;
    case Urgency.DUE_SOON:
      return stages.overdueAt;
    case Urgency.OVERDUE:
      return stages.escalatedAt;
    default:
      return null;
  }
}

/**
 * Deadline, urgency and timer after a change of clock, calendar or stage. Urgency falls where the deadline has moved
 * away, and never grows here: a stage begins when its timer fires, with its event.
 */
export function computeDeadline<T extends DeadlineState & { kind?: TaskKind }>(
  before: T,
  calendar: Calendar,
  rules: Rules,
  now: number,
): T {
  const reading = before.clock === null ? null : readClock(calendar, before.clock);
  if (before.clock === null || reading === null)
    return { ...before, dueAt: null, provisional: false, timerAt: null };
  const stages = stagesOf(calendar, rules, before.clock, reading, before.kind === TaskKind.CONSULTATION);
  const urgency = Math.min(before.urgency, stageAt(stages, now)) as Urgency;
  const { dueAt, provisional } = reading;
  return { ...before, dueAt, provisional, urgency, timerAt: nextTimer(stages, urgency) };
}

/** The next stage and the timer after it. */
export function raiseUrgency<T extends DeadlineState & { kind?: TaskKind }>(
  before: T,
  calendar: Calendar,
  rules: Rules,
  now: number,
): T {
  return computeDeadline({ ...before, urgency: (before.urgency + 1) as Urgency }, calendar, rules, now);
}
