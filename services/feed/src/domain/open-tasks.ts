import { TaskState } from '@lienthong/contracts/casework';
import type { ReceivedEvent } from '@lienthong/eventlog';

/** The open tasks of one dossier: which agency has which number. */
export type OpenTasks = ReadonlyMap<number, string>;

export interface TaskChange {
  number: number;
  /** Undefined: the task is closed. */
  agencyId: string | undefined;
}

/** What an event changes in the open tasks of its dossier. */
export function taskChanges(event: ReceivedEvent): readonly TaskChange[] {
  switch (event.type) {
    case 'lienthong.casework.v1.TaskOpened':
    case 'lienthong.casework.v1.TaskAssigned':
    case 'lienthong.casework.v1.TaskReleased':
    case 'lienthong.casework.v1.TaskClosed': {
      const { task } = event.payload;
      if (task === undefined) return [];
      const open = task.state === TaskState.OPEN;
      return [{ number: task.number, agencyId: open ? task.agency?.agencyId : undefined }];
    }
    case 'lienthong.casework.v1.DossierImported':
      return event.payload.tasks.map(({ number, agency }) => ({ number, agencyId: agency?.agencyId }));
    case 'lienthong.casework.v1.DossierRerouted': {
      const { to, taskNumbers } = event.payload;
      return taskNumbers.map((number) => ({ number, agencyId: to?.agencyId }));
    }
    default:
      return [];
  }
}
