/** What becomes of a dossier's tasks while a decision is made. */
import { TaskState, Urgency } from '@lienthong/contracts/casework';
import { timed } from '../deadlines/stages.ts';
import { type Draft, emit, patch } from '../decision/draft.ts';
import type { Told } from '../decision/events.ts';
import { toldTask } from '../dossier/show.ts';
import type { ClockRecord, Task } from '../dossier/state.ts';

export type NewTask = Pick<Task, 'kind' | 'name' | 'agency'> &
  Partial<
    Pick<
      Task,
      | 'openingId'
      | 'blockKey'
      | 'byFunction'
      | 'onward'
      | 'askedFrom'
      | 'question'
      | 'subDossierId'
      | 'lead'
      | 'clock'
    >
  >;

export function openTask(draft: Draft, task: NewTask): Task {
  const { dossier, now } = draft;
  const number = dossier.lastTask + 1;
  const opened: Task = {
    openingId: 0,
    blockKey: '',
    byFunction: '',
    assigneeId: '',
    onward: [],
    askedFrom: 0,
    question: '',
    subDossierId: '',
    lead: false,
    clock: null,
    ...task,
    number,
    state: TaskState.OPEN,
    openedAt: now,
    closedAt: null,
    outcome: '',
    note: '',
    closedBy: '',
    dueAt: null,
    urgency: Urgency.ON_TIME,
    timerAt: null,
  };
  const placed = timed(opened, calendarOf(draft, opened), draft.rules, now);
  const { agencyId } = placed.agency;
  const { participants } = dossier;
  patch(draft, {
    lastTask: number,
    open: [...dossier.open, placed],
    participants: participants.includes(agencyId) ? participants : [...participants, agencyId],
  });
  draft.touched.set(number, placed);
  emit(draft, 'lienthong.casework.v1.TaskOpened', { task: toldTask(dossier.id, placed) }, placed.agency);
  return placed;
}

/** The same task, changed. */
export function patchTask(draft: Draft, task: Task, change: Partial<Task>): Task {
  const changed = { ...task, ...change };
  draft.touched.set(task.number, changed);
  patch(draft, { open: draft.dossier.open.map((one) => (one.number === task.number ? changed : one)) });
  return changed;
}

export interface Closing {
  outcome?: string;
  note?: string;
  /** The officer; '' for the platform. */
  by: string;
}

export function closeTask(
  draft: Draft,
  task: Task,
  state: TaskState,
  { outcome = '', note = '', by }: Closing,
  results: Told<'lienthong.casework.v1.TaskClosed'>['results'] = [],
): void {
  // Whoever closes a task that nobody was named for has taken it.
  const assigneeId = task.assigneeId || by;
  const change = { state, outcome, note, assigneeId, closedBy: by, closedAt: draft.now, timerAt: null };
  const closed = { ...task, ...change };
  draft.touched.set(task.number, closed);
  patch(draft, { open: draft.dossier.open.filter(({ number }) => number !== task.number) });
  const told = toldTask(draft.dossier.id, closed);
  emit(draft, 'lienthong.casework.v1.TaskClosed', { task: told, results }, task.agency);
}

/** Cancels tasks that are no longer needed, with the consultations their officers asked for. */
export function cancelTasks(draft: Draft, isCancelled: (task: Task) => boolean): void {
  const gone = new Set(draft.dossier.open.filter(isCancelled).map(({ number }) => number));
  for (const task of draft.dossier.open)
    if (gone.has(task.number) || gone.has(task.askedFrom))
      closeTask(draft, task, TaskState.CANCELLED, { by: '' });
}

/** A task's clock runs on the calendar of the agency that performs it. */
export function setTaskClock(draft: Draft, task: Task, clock: ClockRecord | null): Task {
  return patchTask(draft, task, timed({ ...task, clock }, calendarOf(draft, task), draft.rules, draft.now));
}

const calendarOf = ({ world }: Draft, task: Task) => world.calendars.of(task.agency.agencyId);
