import { type DossierRef, type Party, type Task, TaskState } from '@lienthong/contracts/casework';
import { decodeEvent, type EventType } from '@lienthong/contracts/events';

/** An event of a dossier as the audit has it. */
export interface Recorded {
  id: string;
  type: string;
  /** 1, 2, 3 … per dossier. */
  version: number;
  payload: Payload;
}

/** The fields that casework's events have; each event has some of them. */
export interface Payload {
  dossier?: DossierRef;
  task?: Task;
  kind?: number;
  /** The agency whose deadline it is, and the responsible officer. */
  agencyId?: string;
  officerId?: string;
  toldAgencyId?: string;
  toldOfficerId?: string;
  from?: Party;
  to?: Party;
  taskNumbers?: number[];
  intakeMoved?: boolean;
  changes?: { taskNumber: number }[];
}

/** The entries of one dossier, in their order. */
export const recordOf = (
  entries: readonly { eventId: string; type: string; aggregateVersion: bigint; payload: Uint8Array }[],
): Recorded[] =>
  entries
    .map(({ eventId, type, aggregateVersion, payload }) => ({
      id: eventId,
      type,
      version: Number(aggregateVersion),
      payload: decodeEvent(type as EventType, payload) as Payload,
    }))
    .sort((a, b) => a.version - b.version);

export const CASEWORK = 'lienthong.casework.v1.';
/** These events concern the intake, the holder and the agencies that they name; all others every agency with open work. */
const OF_ONE = new Set(
  [
    'TaskOpened',
    'TaskAssigned',
    'TaskReleased',
    'TaskClosed',
    'ConsultationUnanswered',
    'DeadlineNear',
    'DeadlinePassed',
    'OverdueEscalated',
    'DossierRerouted',
  ].map((type) => CASEWORK + type),
);

/** The events of one dossier that an agency must receive: by the rules of the feed, not from the feed itself. */
export function concerning(agencyId: string, record: readonly Recorded[]): Recorded[] {
  const open = new Map<number, string>();
  return record.filter(({ type, payload }) => {
    const { dossier, task, from, to } = payload;
    const named = [dossier?.intakeAgencyId, dossier?.holderId];
    if (OF_ONE.has(type))
      named.push(
        task?.agency?.agencyId,
        payload.agencyId,
        payload.toldAgencyId,
        from?.agencyId,
        to?.agencyId,
      );
    else named.push(...open.values());
    if (task && task.state !== TaskState.OPEN) open.delete(task.number);
    else if (task) open.set(task.number, task.agency?.agencyId ?? '');
    for (const number of payload.taskNumbers ?? []) open.set(number, to?.agencyId ?? '');
    return named.includes(agencyId);
  });
}
