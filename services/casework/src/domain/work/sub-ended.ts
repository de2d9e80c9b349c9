import { TaskKind, TaskState } from '@lienthong/contracts/casework';
import { accepted, type Result, refused } from '@lienthong/kit';
import { isPlatform, notClosed, openTaskOf } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { decided } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { denied, precondition } from '../decision/refusals.ts';
import type { World } from '../dossier/world.ts';
import { pass } from './openings.ts';
import { closeTask } from './tasks.ts';

/**
 * The dossier a sub-procedure opened has ended: the workflow goes on, also while the dossier is paused. That it was
 * refused or withdrawn is the task's outcome; the step that follows decides what it means.
 */
export function decideSubEnded(
  command: Extract<Transition, { kind: 'sub-ended' }>,
  world: World,
): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  if (!isPlatform(command.caller))
    return refused(denied('PLATFORM_ONLY', 'the end of a sub-procedure is told by the platform itself'));
  const closed = notClosed(draft);
  if (closed) return refused(closed);
  const found = openTaskOf(draft, command.taskNumber);
  if (!found.ok) return found;
  const task = found.value;
  if (task.kind !== TaskKind.SUB_PROCEDURE)
    return refused(precondition('NOT_A_SUB_PROCEDURE', `task ${task.number} waits for no other dossier`));
  closeTask(draft, task, TaskState.COMPLETED, { outcome: command.finished ? 'finished' : 'refused', by: '' });
  const refusal = pass(draft, task.openingId, { fromId: draft.dossier.holder.agencyId, note: '' });
  return refusal ? refused(refusal) : accepted(decided(draft));
}
