/** The deadline of a dossier or task: computed from its clock, with the urgency and the timer that follow. */
import { TaskKind, type Urgency } from '@lienthong/contracts/casework';
import type { Calendar } from '@lienthong/working-time';
import type { DeadlineState } from '../dossier/state.ts';
import type { Rules } from '../law/rules.ts';
import { readClock } from './clock.ts';
import { nextTimer, stageAt, stagesOf } from './stages.ts';

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
