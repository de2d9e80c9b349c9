/** Timers: a deadline has come nearer while nothing was done. */
import { TaskKind, TaskState, Urgency } from '@lienthong/contracts/casework';
import { type Refusal, refuse } from '@lienthong/kit';
import { apply, type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import { decideForPlatform, headToday, type PlatformDecision } from '../decision/platform.ts';
import { precondition, resultOf } from '../decision/refusals.ts';
import { toDate, toEventTask } from '../dossier/messages.ts';
import type { DeadlineState, Dossier, Task } from '../dossier/state.ts';
import { isClosed } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import { bringUpToDate } from '../succession/reroute.ts';
import { afterConsultation } from '../work/complete.ts';
import { closeTask, patchTask } from '../work/tasks.ts';
import { raiseUrgency } from './deadline.ts';

/**
 * Moves the dossier's own deadline and those of its tasks to every stage that they have reached by now, with an event
 * for each, in the order in which the stages began. A consultation expires instead of being overdue, and the workflow
 * goes on without the answer.
 *
 * Refuses: DEADLINE_MOVES while a deadline is still to be computed again after a change of the calendar; what
 * `openDraft` refuses; OUTSIDE_CALENDAR. Beside a decision: why the workflow cannot go on without an answer
 * (PERFORMER_UNKNOWN). That consultation stays open until it can, and its agency may still answer.
 */
export function fireTimers(dossier: Dossier, world: World, now: number): PlatformDecision {
  const blocked = new Map<number, Refusal>();
  const result = decideForPlatform(dossier, world, now, (opened) => {
    let draft = bringUpToDate(opened);
    for (let due = nextDue(draft, blocked); due !== undefined; due = nextDue(draft, blocked))
      draft = fire(draft, due, blocked);
    return draft;
  });
  const [refusal] = blocked.values();
  return refusal ? { refusal, ...result } : result;
}

/** @param blocked why consultations cannot expire, by task; `fire` adds to it */
function fire(draft: Draft, { task, dueAt, urgency }: DueTimer, blocked: Map<number, Refusal>): Draft {
  const { world, dossier, rules, now } = draft;
  const calendar = world.calendars.of((task?.agency ?? dossier.intake).agencyId);
  const next: DeadlineState = raiseUrgency(task ?? dossier, calendar, rules, now);
  if (next.dueAt !== dueAt) return refuse(deadlineMoves);
  if (task?.kind === TaskKind.CONSULTATION && next.urgency >= Urgency.OVERDUE) {
    const expired = resultOf(() => expire(draft, task));
    if (expired.ok) return expired.value;
    blocked.set(task.number, expired.refusal);
    return draft;
  }
  const stage = { urgency: next.urgency, timerAt: next.timerAt };
  return apply(
    draft,
    task ? patchTask(task, stage) : patch(stage),
    // The stages may have changed since the timer was set: then the next one has not begun.
    ...(next.urgency > urgency ? [emitStage(task?.number ?? 0, next.urgency)] : []),
  );
}

const deadlineMoves = precondition(
  'DEADLINE_MOVES',
  'the calendar has changed and the deadline is being computed again; the timer waits for that',
);

interface DueTimer extends Pick<DeadlineState, 'dueAt' | 'urgency'> {
  /** Undefined: the dossier's own. */
  task: Task | undefined;
}

/** The earliest timer; at one instant the dossier's own, then the older task's. */
function nextDue({ dossier, now }: Draft, blocked: ReadonlyMap<number, Refusal>): DueTimer | undefined {
  if (isClosed(dossier)) return undefined;
  let first: { at: number; due: DueTimer } | undefined;
  const consider = ({ dueAt, urgency, timerAt }: DeadlineState, task?: Task) => {
    if (timerAt !== null && timerAt <= now && (first === undefined || timerAt < first.at))
      first = { at: timerAt, due: { dueAt, urgency, task } };
  };
  consider(dossier);
  for (const task of dossier.open)
    if (task.urgency < Urgency.DUE_SOON || !blocked.has(task.number)) consider(task, task);
  return first?.due;
}

const EVENTS = {
  [Urgency.DUE_SOON]: 'lienthong.casework.v1.DeadlineNear',
  [Urgency.OVERDUE]: 'lienthong.casework.v1.DeadlinePassed',
  [Urgency.ESCALATED]: 'lienthong.casework.v1.OverdueEscalated',
} as const;

/** The event names the officer to notify: the assignee, in the end the head; for a dossier, those of its holder. */
const emitStage =
  (number: number, urgency: Urgency): Edit =>
  (draft) => {
    if (urgency === Urgency.UNSPECIFIED || urgency === Urgency.ON_TIME) return draft;
    const { dossier } = draft;
    const task = dossier.open.find((one) => one.number === number);
    const agency = task?.agency ?? dossier.holder;
    const assigneeId = (task ?? dossier.open.find((one) => one.lead))?.assigneeId ?? '';
    const officerId =
      urgency === Urgency.ESCALATED
        ? headToday(draft, agency.agencyId)
        : assigneeId || headToday(draft, agency.agencyId);
    const payload = {
      task: task && toEventTask(dossier.id, task),
      dueAt: toDate((task ?? dossier).dueAt),
      officerId,
      agencyId: agency.agencyId,
    };
    return emit(EVENTS[urgency], payload, agency)(draft);
  };

/** Not answered in time: the event names the head of the holder to notify, and the workflow goes on. */
function expire(draft: Draft, task: Task): Draft {
  const { id, holder } = draft.dossier;
  const overdue = { ...task, urgency: Urgency.OVERDUE };
  const closed = closeTask(overdue, { state: TaskState.EXPIRED, by: '' })(draft);
  return apply(
    closed,
    emit('lienthong.casework.v1.ConsultationUnanswered', {
      task: toEventTask(id, closed.tasks.get(task.number) ?? overdue),
      toldOfficerId: headToday(draft, holder.agencyId),
      toldAgencyId: holder.agencyId,
    }),
    afterConsultation(task),
  );
}
