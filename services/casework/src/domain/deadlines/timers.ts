/** Nobody has done anything, and a deadline has come nearer. */
import { TaskKind, TaskState, Urgency } from '@lienthong/contracts/casework';
import { activeAt } from '@lienthong/reference-data';
import { type Draft, draftAt, emit, patch } from '../decision/draft.ts';
import { headToday, type Outcome, outcomeOf, PLATFORM } from '../decision/platform.ts';
import { precondition } from '../decision/refusals.ts';
import { date, toldTask } from '../dossier/show.ts';
import type { Dossier, Task, Timed } from '../dossier/state.ts';
import { isClosed } from '../dossier/status.ts';
import type { World } from '../dossier/world.ts';
import { succeed } from '../succession/reroute.ts';
import { afterConsultation } from '../work/complete.ts';
import { closeTask, patchTask } from '../work/tasks.ts';
import { raised } from './stages.ts';

/**
 * Tells every stage that a dossier's own deadline and those of its tasks have reached by now, each once, in the order
 * they were reached; after an outage several of one deadline follow each other. A consultation expires instead of being
 * overdue, and the workflow goes on without the answer.
 *
 * Refused: DEADLINE_MOVES while a deadline is still to be computed again after a change of the calendar, so that nobody
 * is told of one that is no more; what `draftAt` refuses; and, while everything else is told, why the workflow cannot go
 * on without an answer (PERFORMER_UNKNOWN): the agency may answer until it can.
 */
export function fire(dossier: Dossier, world: World, now: number): Outcome {
  const held = new Set<number>();
  const first = attempt(dossier, world, now, held);
  // An agency that nobody answers for must not keep what else is due from being told.
  const { refusal } = first;
  return held.size === 0 ? first : { ...attempt(dossier, world, now, held), ...(refusal ? { refusal } : {}) };
}

/** @param held numbers of the consultations that cannot expire; those the workflow cannot go on without are added */
function attempt(dossier: Dossier, world: World, now: number, held: Set<number>): Outcome {
  const entered = draftAt(dossier, world, PLATFORM, now);
  if (!entered.ok) return { refusal: entered.refusal };
  const draft = entered.value;
  succeed(draft);
  for (let due = nextDue(draft, held); due !== undefined; due = nextDue(draft, held)) {
    const calendar = world.calendars.of(agencyOf(draft, due.task).agencyId);
    const next: Timed = raised(due.task ?? draft.dossier, calendar, draft.rules, draft.now);
    if (next.dueAt !== due.dueAt) return { refusal: deadlineMoves };
    if (due.task?.kind === TaskKind.CONSULTATION && next.urgency >= Urgency.OVERDUE) {
      const refusal = expire(draft, due.task);
      if (refusal) {
        held.add(due.task.number);
        return { refusal };
      }
      continue;
    }
    const { urgency, timerAt } = next;
    if (due.task) patchTask(draft, due.task, { urgency, timerAt });
    else patch(draft, { urgency, timerAt });
    // Where the stages are others now than when the timer was set, it has not come yet.
    if (urgency > due.urgency) tell(draft, due.task?.number ?? 0, urgency);
  }
  return outcomeOf(draft, dossier);
}

const deadlineMoves = precondition(
  'DEADLINE_MOVES',
  'the calendar has changed and the deadline is about to be computed again; the timer waits for that',
);

interface Due extends Pick<Timed, 'dueAt' | 'urgency'> {
  /** Absent: the dossier's own. */
  task: Task | undefined;
}

/** The timer that came first; of one instant the dossier's own, then the older task's. */
function nextDue({ dossier, now }: Draft, held: ReadonlySet<number>): Due | undefined {
  if (isClosed(dossier)) return undefined;
  let first: { at: number; due: Due } | undefined;
  const consider = ({ dueAt, urgency, timerAt }: Timed, task?: Task) => {
    if (timerAt !== null && timerAt <= now && (first === undefined || timerAt < first.at))
      first = { at: timerAt, due: { dueAt, urgency, task } };
  };
  consider(dossier);
  for (const task of dossier.open)
    if (task.urgency < Urgency.DUE_SOON || !held.has(task.number)) consider(task, task);
  return first?.due;
}

const agencyOf = ({ dossier }: Draft, task: Task | undefined) => task?.agency ?? dossier.intake;

const EVENTS = {
  [Urgency.DUE_SOON]: 'lienthong.casework.v1.DeadlineNear',
  [Urgency.OVERDUE]: 'lienthong.casework.v1.DeadlinePassed',
  [Urgency.ESCALATED]: 'lienthong.casework.v1.OverdueEscalated',
} as const;

/** Tells the officer the work is assigned to, in the end the head of the agency; of a dossier, of who has it now. */
function tell(draft: Draft, number: number, urgency: Urgency): void {
  if (urgency === Urgency.UNSPECIFIED || urgency === Urgency.ON_TIME) return;
  const { dossier } = draft;
  const task = dossier.open.find((one) => one.number === number);
  const agency = task?.agency ?? dossier.holder;
  const assigneeId = (task ?? dossier.open.find((one) => one.lead))?.assigneeId ?? '';
  const officerId =
    urgency === Urgency.ESCALATED
      ? headToday(draft, agency.agencyId)
      : accountable(draft, agency.agencyId, assigneeId);
  const payload = {
    task: task && toldTask(dossier.id, task),
    dueAt: date(task ? task.dueAt : dossier.dueAt),
    officerId,
    agencyId: agency.agencyId,
  };
  emit(draft, EVENTS[urgency], payload, agency);
}

/** The officer named, while in position; else the head. An officer the directory does not know yet stays named. */
function accountable(draft: Draft, agencyId: string, assigneeId: string): string {
  if (assigneeId === '') return headToday(draft, agencyId);
  const officer = draft.world.officers.get(assigneeId);
  const left = officer !== undefined && !activeAt(draft.world, officer, draft.today);
  return left ? headToday(draft, agencyId) : assigneeId;
}

/** Not answered in time: the head of the agency that has the dossier is told, and the workflow goes on. */
function expire(draft: Draft, task: Task) {
  const { holder } = draft.dossier;
  const overdue = { ...task, urgency: Urgency.OVERDUE };
  closeTask(draft, overdue, TaskState.EXPIRED, { by: '' });
  const closed = draft.touched.get(task.number) ?? overdue;
  emit(draft, 'lienthong.casework.v1.ConsultationUnanswered', {
    task: toldTask(draft.dossier.id, closed),
    toldOfficerId: headToday(draft, holder.agencyId),
    toldAgencyId: holder.agencyId,
  });
  return afterConsultation(draft, task);
}
