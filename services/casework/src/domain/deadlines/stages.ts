/** How near a deadline is, and when the next stage begins. Only timers raise urgency, one stage at a time. */
import { Urgency } from '@lienthong/contracts/casework';
import {
  add,
  addDays,
  type Calendar,
  type Duration,
  subtractDays,
  workingDaysBetween,
  workingMsBetween,
} from '@lienthong/working-time';
import type { ClockRecord } from '../dossier/state.ts';
import type { Rules } from '../law/rules.ts';
import type { ClockReading } from './clock.ts';

/** The instants at which each stage begins. */
export interface Stages {
  soonAt: number;
  overdueAt: number;
  /** Null for a consultation, which expires when it is overdue. */
  escalatedAt: number | null;
}

type Reading = Pick<ClockReading, 'dueAt' | 'countsFrom'>;

export function stagesOf(
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

/** Where a moment stands. */
export function stageAt({ soonAt, overdueAt, escalatedAt }: Stages, now: number): Urgency {
  if (escalatedAt !== null && now >= escalatedAt) return Urgency.ESCALATED;
  if (now >= overdueAt) return Urgency.OVERDUE;
  return now >= soonAt ? Urgency.DUE_SOON : Urgency.ON_TIME;
}

/** When the stage after this one begins. */
export function nextTimer(stages: Stages, urgency: Urgency): number | null {
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
