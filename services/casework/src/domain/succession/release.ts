/** An officer has left: their tasks become free to claim, and the agency's head is notified. */
import type { Officer } from '@lienthong/contracts/directory';
import { cameAlong, currentHolder, postingsOf } from '@lienthong/reference-data';
import { apply, type Draft, type Edit, emit } from '../decision/draft.ts';
import { headToday } from '../decision/platform.ts';
import { toEventTask } from '../dossier/messages.ts';
import type { Task } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { patchTask } from '../work/tasks.ts';

/** Officers whom the directory does not know keep their tasks. */
export const releaseTasks: Edit = (draft) =>
  apply(draft, ...draft.dossier.open.filter((task) => hasLeft(draft, task)).map(release));

function hasLeft({ world, today }: Draft, { assigneeId, agency }: Task): boolean {
  const officer = assigneeId === '' ? undefined : world.officers.get(assigneeId);
  return officer !== undefined && !cameAlong(world, officer, agency.agencyId, today);
}

const release =
  (task: Task): Edit =>
  (draft) => {
    const free = { ...task, assigneeId: '' };
    const { agencyId } = task.agency;
    const payload = {
      task: toEventTask(draft.dossier.id, free),
      fromOfficerId: task.assigneeId,
      officerId: headToday(draft, agencyId),
      agencyId,
    };
    return apply(
      draft,
      patchTask(task, { assigneeId: '' }),
      emit('lienthong.casework.v1.TaskReleased', payload, task.agency),
    );
  };

/** An officer and an agency where they were in position, and are not any more. */
export interface Leaving {
  agencyId: string;
  officerId: string;
}

/** Who may have left tasks behind at the date, at the agencies that have their work now. */
export function leavings(
  world: Pick<World, 'agencies'>,
  officers: Iterable<Officer>,
  date: string,
): Leaving[] {
  const found: Leaving[] = [];
  for (const officer of officers) {
    const agencyIds = new Set(
      postingsOf(officer).flatMap(({ agencyId }) => [
        agencyId,
        currentHolder(world.agencies, agencyId, date)?.id ?? agencyId,
      ]),
    );
    for (const agencyId of agencyIds)
      if (!cameAlong(world, officer, agencyId, date)) found.push({ agencyId, officerId: officer.id });
  }
  return found;
}
