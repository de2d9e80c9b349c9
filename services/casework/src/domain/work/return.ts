import { TaskKind, TaskState } from '@lienthong/contracts/casework';
import { accepted, invalid, type Result, refused } from '@lienthong/kit';
import { sendBack } from '@lienthong/workflow';
import { first, isAccepted, mayWork, notClosed, notPaused, workOf } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { decided } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { World } from '../dossier/world.ts';
import { start } from './assignment.ts';
import { follow } from './openings.ts';
import { cancelTasks, closeTask } from './tasks.ts';

/** Back to an earlier step. Refused: RETURN_NOT_ALLOWED, RETURN_EXHAUSTED, RETURN_AMBIGUOUS. */
export function decideReturn(
  command: Extract<Transition, { kind: 'return' }>,
  world: World,
): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const barred = first(draft, notClosed, isAccepted, notPaused);
  if (barred) return refused(barred);
  const found = workOf(draft, command.taskNumber);
  if (!found.ok) return found;
  const task = found.value;
  const foreign = mayWork(draft, task);
  if (foreign) return refused(foreign);
  const { workflow } = draft.procedure;
  const node = workflow.nodes.get(task.blockKey);
  const { position } = draft.dossier;
  if (task.kind !== TaskKind.STEP || node?.kind !== 'step' || position === null)
    return refused(
      precondition('RETURN_NOT_ALLOWED', 'only a step is sent back; answer or receive this task'),
    );
  const ways = [...node.returns.keys()];
  if (command.to === '' && ways.length > 1)
    return refused(
      invalid([
        {
          field: 'to',
          reason: 'RETURN_AMBIGUOUS',
          description: `the step may be sent back to several; say one of ${ways.join(', ')}`,
        },
      ]),
    );
  const next = sendBack(workflow, position, task.openingId, command.to || (ways[0] ?? ''));
  if (!next.ok) return next;
  start(draft);
  const closing = { note: command.reason, by: command.caller.officerId };
  closeTask(draft, task, TaskState.RETURNED, closing);
  cancelTasks(draft, ({ askedFrom }) => askedFrom === task.number);
  const refusal = follow(draft, next.value, { fromId: task.agency.agencyId, note: '' });
  return refusal ? refused(refusal) : accepted(decided(draft));
}
