import {
  type DossierRef,
  DossierStatus,
  type Task,
  TaskKind,
  TaskState,
} from '@lienthong/contracts/casework';
import { vietnamDate } from '@lienthong/kit';
import { type Calendar, startOfClock, workingDaysBetween } from '@lienthong/working-time';
import { minutesOf, withinYears, workedMinutes } from './minutes.ts';
import type { CountedEvent, Tally } from './tally.ts';

/** Minutes of office hours. */
interface Minutes {
  /** From the start of the clock, pauses excluded. */
  taken: number;
  /** To the deadline in force: at least `taken` when it was met. Null without a deadline at the end. */
  allowed: number | null;
  /** The part of `taken` with agencies other than the intake agency. */
  elsewhere: number;
}

/** One ended dossier or closed task: a row of the statistics. */
export interface Fact {
  dossierId: string;
  /** 0: the dossier as a whole. */
  taskNumber: number;
  /** The dossier's intake agency, the task's own. */
  agencyId: string;
  procedureCode: string;
  procedureVersion: number;
  /** '' for a dossier; `#intake` and `#consultation` for tasks outside the workflow. */
  stepKey: string;
  /** In Vietnam, YYYY-MM-DD. */
  endedOn: string;
  /** Finished (also of tasks), refused or withdrawn. */
  outcome: DossierStatus;
  /** The working day of the end compared with that of the deadline; null without a deadline. */
  against: Against | null;
  extended: boolean;
  supplements: number;
  /** Null for a dossier that was never accepted, and beyond the calendar's years. */
  minutes: Minutes | null;
}

export type Against = 'shorter' | 'equal' | 'longer';
type CalendarOf = (agencyId: string) => Calendar;

/** The fact of an event that ends a dossier or a task; `tally` is the dossier's after the event. */
export function factOf(tally: Tally, event: CountedEvent, calendarOf: CalendarOf): Fact | undefined {
  const { dossier } = event.payload;
  if (dossier === undefined) return undefined;
  switch (event.type) {
    case 'lienthong.casework.v1.DossierFinished': {
      const { late, early } = event.payload;
      const against = late ? 'longer' : early ? 'shorter' : 'equal';
      const fact = ofDossier(tally, dossier, event.at, calendarOf);
      return { ...fact, outcome: DossierStatus.FINISHED, against: tally.dueAt === null ? null : against };
    }
    case 'lienthong.casework.v1.DossierRefused':
      return { ...ofDossier(tally, dossier, event.at, calendarOf), outcome: DossierStatus.REFUSED };
    case 'lienthong.casework.v1.DossierWithdrawn':
      return { ...ofDossier(tally, dossier, event.at, calendarOf), outcome: DossierStatus.WITHDRAWN };
    case 'lienthong.casework.v1.TaskClosed': {
      const { task } = event.payload;
      return task && isWork(task) ? ofTask(tally, dossier, task, event.at, calendarOf) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether the event ends the dossier: nothing of it is counted after that. */
export const isEnd = ({ type }: CountedEvent): boolean =>
  type === 'lienthong.casework.v1.DossierFinished' ||
  type === 'lienthong.casework.v1.DossierRefused' ||
  type === 'lienthong.casework.v1.DossierWithdrawn';

/** Cancelled tasks and those that waited for another dossier are not counted: nobody worked on them. */
const isWork = ({ state, kind }: Task): boolean =>
  state !== TaskState.CANCELLED && kind !== TaskKind.SUB_PROCEDURE;

function ofDossier(
  { acceptedAt, dueAt, pauses, elsewhere, extended, supplements }: Tally,
  dossier: DossierRef,
  endedAt: number,
  calendarOf: CalendarOf,
): Fact {
  const calendar = calendarOf(dossier.intakeAgencyId);
  const minutes = (): Minutes | null => {
    if (acceptedAt === null) return null;
    const from = startOfClock(calendar, acceptedAt);
    return {
      taken: workedMinutes(calendar, from, endedAt, pauses),
      allowed: dueAt === null ? null : workedMinutes(calendar, from, dueAt, pauses),
      elsewhere: minutesOf(calendar, elsewhere, from, endedAt, pauses),
    };
  };
  return {
    ...common(dossier, endedAt),
    taskNumber: 0,
    agencyId: dossier.intakeAgencyId,
    stepKey: '',
    against: null,
    extended,
    supplements,
    minutes: withinYears(minutes),
  };
}

function ofTask(
  { pauses }: Tally,
  dossier: DossierRef,
  task: Task,
  closedAt: number,
  calendarOf: CalendarOf,
): Fact {
  const agencyId = task.agency?.agencyId ?? '';
  const calendar = calendarOf(agencyId);
  const openedAt = task.openedAt?.getTime() ?? closedAt;
  const dueAt = task.dueAt?.getTime();
  const minutes = (): Minutes => {
    const taken = workedMinutes(calendar, openedAt, closedAt, pauses);
    return {
      taken,
      allowed: dueAt === undefined ? null : workedMinutes(calendar, openedAt, dueAt, pauses),
      elsewhere: agencyId === dossier.intakeAgencyId ? 0 : taken,
    };
  };
  return {
    ...common(dossier, closedAt),
    taskNumber: task.number,
    agencyId,
    stepKey: stepOf(task),
    against: dueAt === undefined ? null : withinYears(() => compare(calendar, closedAt, dueAt)),
    extended: false,
    supplements: 0,
    minutes: withinYears(minutes),
  };
}

const common = ({ id, procedureCode, procedureVersion }: DossierRef, endedAt: number) => ({
  dossierId: id,
  procedureCode,
  procedureVersion,
  endedOn: vietnamDate(new Date(endedAt)),
  outcome: DossierStatus.FINISHED as DossierStatus,
});

function compare(calendar: Calendar, at: number, dueAt: number): Against {
  if (at > dueAt) return 'longer';
  return workingDaysBetween(calendar, at, dueAt) > 0 ? 'shorter' : 'equal';
}

/** Keys of blocks begin with a letter. */
function stepOf({ blockKey, kind }: Task): string {
  if (blockKey !== '') return blockKey;
  return kind === TaskKind.INTAKE ? '#intake' : '#consultation';
}
