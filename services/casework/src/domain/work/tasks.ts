/** The edits that open, change and close a dossier's tasks. */
import { TaskState, Urgency } from '@lienthong/contracts/casework';
import { computeDeadline } from '../deadlines/deadline.ts';
import { apply, type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import type { Payload } from '../decision/events.ts';
import { toEventTask } from '../dossier/messages.ts';
import type { ClockRecord, Task } from '../dossier/state.ts';

/** Values of the fields that a new task may leave out. */
const BLANK = {
  openingId: 0,
  blockKey: '',
  byFunction: '',
  assigneeId: '',
  onward: [] as string[],
  askedFrom: 0,
  question: '',
  subDossierId: '',
  lead: false,
  clock: null,
};

export type NewTask = Pick<Task, 'kind' | 'name' | 'agency'> & Partial<Pick<Task, keyof typeof BLANK>>;

export const openTask =
  (task: NewTask): Edit =>
  (draft) => {
    const { dossier, now } = draft;
    const opened = withDeadline(draft, {
      ...BLANK,
      ...task,
      number: dossier.lastTask + 1,
      state: TaskState.OPEN,
      openedAt: now,
      closedAt: null,
      outcome: '',
      note: '',
      closedBy: '',
      dueAt: null,
      provisional: false,
      urgency: Urgency.ON_TIME,
      timerAt: null,
    });
    return apply(
      draft,
      patch({
        lastTask: opened.number,
        participants: withParticipant(dossier.participants, opened.agency.agencyId),
      }),
      put(opened, [...dossier.open, opened]),
      emit('lienthong.casework.v1.TaskOpened', { task: toEventTask(dossier.id, opened) }, opened.agency),
    );
  };

export const withParticipant = (participants: string[], agencyId: string): string[] =>
  participants.includes(agencyId) ? participants : [...participants, agencyId];

/** Changes a task. The last change of a task counts, so `task` must be the dossier's current one. */
export const patchTask =
  (task: Task, change: Partial<Task>): Edit =>
  (draft) => {
    const changed = { ...task, ...change };
    return put(
      changed,
      draft.dossier.open.map((one) => (one.number === task.number ? changed : one)),
    )(draft);
  };

export interface TaskEnd {
  state: TaskState;
  outcome?: string;
  note?: string;
  /** The officer; '' for the platform. */
  by: string;
  results?: Payload<'lienthong.casework.v1.TaskClosed'>['results'];
}

export const closeTask =
  (task: Task, { state, outcome = '', note = '', by, results = [] }: TaskEnd): Edit =>
  (draft) => {
    const { dossier, now } = draft;
    // An officer who closes an unassigned task has taken it.
    const assigneeId = task.assigneeId || by;
    const closed = { ...task, state, outcome, note, assigneeId, closedBy: by, closedAt: now, timerAt: null };
    return apply(
      draft,
      put(
        closed,
        dossier.open.filter(({ number }) => number !== task.number),
      ),
      emit(
        'lienthong.casework.v1.TaskClosed',
        { task: toEventTask(dossier.id, closed), results },
        task.agency,
      ),
    );
  };

/** Cancels tasks that are no longer needed, with the consultations that their officers requested. */
export const cancelTasks =
  (isCancelled: (task: Task) => boolean): Edit =>
  (draft) => {
    const { open } = draft.dossier;
    const cancelled = new Set(open.filter(isCancelled).map(({ number }) => number));
    const isGone = ({ number, askedFrom }: Task) => cancelled.has(number) || cancelled.has(askedFrom);
    return apply(
      draft,
      ...open.filter(isGone).map((task) => closeTask(task, { state: TaskState.CANCELLED, by: '' })),
    );
  };

export const setTaskClock =
  (task: Task, clock: ClockRecord | null): Edit =>
  (draft) =>
    patchTask(task, withDeadline(draft, { ...task, clock }))(draft);

const put =
  (task: Task, open: Task[]): Edit =>
  (draft) => ({
    ...draft,
    dossier: { ...draft.dossier, open },
    tasks: new Map(draft.tasks).set(task.number, task),
  });

/** A task's clock runs on the calendar of the agency that performs it. */
const withDeadline = ({ world, rules, now }: Draft, task: Task): Task =>
  computeDeadline(task, world.calendars.of(task.agency.agencyId), rules, now);
