import { DossierStatus, type Task, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { addDays, subtractDays, vietnamCalendar } from '@lienthong/working-time';
import { type Case, isEnded } from './ledger.ts';
import { type Conduct, HELD_UNTIL } from './plan.ts';

/** What an officer has to do with a dossier now. */
export type Act = { what: What; agencyId: string; task?: Task };
export type What =
  | 'accept'
  | 'refuse'
  | 'return the result'
  | 'withdraw'
  | 'ask for a supplement'
  | 'receive the supplement'
  | 'ask for payment'
  | 'record the payment'
  | 'extend'
  | 'assign'
  | 'consult'
  | 'complete';

export interface Moment {
  now: number;
  /** When officers look at their work the next time. */
  next: number;
}

const HELD_UNTIL_MS = Date.parse(`${HELD_UNTIL}T07:00:00+07:00`);
/** Their dossiers end only after the head has been notified. */
export const LATE: ReadonlySet<Conduct> = new Set(['overdue', 'extended']);

/** The next act for a dossier, according to its conduct; undefined: nothing to do yet. */
export function decide(one: Case, moment: Moment): Act | undefined {
  const { conduct, status, did, intakeId, seen } = one;
  const { now } = moment;
  if (isEnded(one) || now < one.waitUntil) return undefined;
  if (conduct === 'held through the merger' && now < HELD_UNTIL_MS) return undefined;
  const begun = seen.tasks.some(({ state }) => state === TaskState.COMPLETED);
  if (conduct === 'begun before the merger' && begun && now < HELD_UNTIL_MS) return undefined;
  const byIntake = (what: What): Act => ({ what, agencyId: intakeId });
  const byHolder = (what: What): Act => ({ what, agencyId: seen.holder?.agencyId ?? '' });
  if (status === DossierStatus.FINISHED) return byIntake('return the result');
  if (status === DossierStatus.SUPPLEMENT_REQUESTED) return byIntake('receive the supplement');
  if (status === DossierStatus.PAYMENT_REQUESTED) return byIntake('record the payment');
  if (status === DossierStatus.REGISTERED)
    return byIntake(conduct === 'refused at intake' ? 'refuse' : 'accept');

  if (conduct === 'withdrawn' && begun) return byIntake('withdraw');
  if (conduct === 'supplemented' && !did.has('ask for a supplement')) return byHolder('ask for a supplement');
  const single = one.procedure.steps.size === 1;
  if (conduct === 'paid' && (begun || single) && !did.has('ask for payment'))
    return byHolder('ask for payment');
  if (conduct === 'extended' && !did.has('extend') && isNear(one, now, 3)) return byHolder('extend');

  const open = openTasks(one);
  const first = open.find(({ kind }) => kind === TaskKind.STEP);
  if (first && conduct === 'extended' && !did.has('assign')) return act('assign', first);
  if (first && conduct === 'consulted' && !did.has('consult')) return act('consult', first);
  const consulting = open.some(({ kind, blockKey }) => kind === TaskKind.CONSULTATION && blockKey === '');
  const task = open.find(({ kind }) => kind === TaskKind.CONSULTATION || !consulting);
  return task && !isHeld(one, task, moment) ? act('complete', task) : undefined;
}

const act = (what: What, task: Task): Act => ({ what, agencyId: task.agency?.agencyId ?? '', task });

/** Open tasks that officers work on. */
export const openTasks = ({ seen }: Case): Task[] =>
  seen.tasks.filter(({ state, kind }) => state === TaskState.OPEN && kind !== TaskKind.SUB_PROCEDURE);

/** Whether the last task of the workflow waits for the day that the conduct requires. */
function isHeld({ conduct, dueAt, procedure }: Case, task: Task, { now, next }: Moment): boolean {
  if (task.blockKey !== procedure.last || dueAt === undefined) return false;
  if (conduct === 'on time') return now <= subtractDays(vietnamCalendar, dueAt, 1) && next <= dueAt;
  return LATE.has(conduct) && now <= escalatedAfter(dueAt);
}

/** The head is notified on the second working day after the day of the deadline. */
export const escalatedAfter = (dueAt: number): number => addDays(vietnamCalendar, dueAt, 1);

const isNear = ({ dueAt }: Case, now: number, days: number): boolean =>
  dueAt !== undefined && now > subtractDays(vietnamCalendar, dueAt, days);
