import type { DeadlineChange, RecomputeCause } from '@lienthong/contracts/casework';
import { type Draft, draftAt, emit, patch } from '../decision/draft.ts';
import { type Outcome, outcomeOf, PLATFORM } from '../decision/platform.ts';
import { date } from '../dossier/show.ts';
import type { Dossier, Task, Timed } from '../dossier/state.ts';
import { isClosed } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import { patchTask } from '../work/tasks.ts';
import { timed } from './stages.ts';

export interface Why {
  cause: RecomputeCause;
  /** For people, Vietnamese: the decision or the reorganisation. */
  reason: string;
}

/**
 * The deadlines of a dossier's open work on the calendars of today, with timers set anew. Told when a deadline has
 * moved; clocks that are paused are computed when they go on. Refused: what `draftAt` refuses.
 * @throws RefusalError OUTSIDE_CALENDAR
 */
export function recompute(dossier: Dossier, world: World, now: number, why: Why): Outcome {
  const entered = draftAt(dossier, world, PLATFORM, now);
  if (!entered.ok) return { refusal: entered.refusal };
  recomputeDeadlines(entered.value, why);
  return outcomeOf(entered.value, dossier);
}

export function recomputeDeadlines(draft: Draft, { cause, reason }: Why): void {
  if (isClosed(draft.dossier)) return;
  const changes: DeadlineChange[] = [];
  const moved = (taskNumber: number, { dueAt: from }: Timed, { dueAt: to }: Timed) => {
    if (from !== to) changes.push({ taskNumber, from: date(from), to: date(to) });
  };
  const own = fresh(draft, draft.dossier, draft.dossier.intake.agencyId);
  if (own) {
    moved(0, draft.dossier, own);
    patch(draft, placeOf(own));
  }
  for (const task of draft.dossier.open) {
    const next = fresh<Task>(draft, task, task.agency.agencyId);
    if (!next) continue;
    moved(task.number, task, next);
    patchTask(draft, task, placeOf(next));
  }
  if (changes.length > 0)
    emit(draft, 'lienthong.casework.v1.DeadlinesRecomputed', { cause, reason, changes });
}

const placeOf = ({ dueAt, urgency, timerAt }: Timed) => ({ dueAt, urgency, timerAt });

/** Undefined when it stays. What was told of a deadline that has not moved is not taken back, to be told again. */
function fresh<T extends Timed>({ world, rules, now }: Draft, before: T, agencyId: string): T | undefined {
  const next = timed(before, world.calendars.of(agencyId), rules, now);
  if (next.dueAt !== before.dueAt) return next;
  return next.urgency === before.urgency && next.timerAt !== before.timerAt ? next : undefined;
}
