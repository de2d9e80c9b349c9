import { TaskKind, TaskState } from '@lienthong/contracts/casework';
import { invalid, refuse } from '@lienthong/kit';
import { sendBack } from '@lienthong/workflow';
import type { Draft } from '../decision/draft.ts';
import { precondition, unwrap } from '../decision/refusals.ts';
import { mustBeAssigned, mustBeWork, UNDER_WAY } from '../decision/rules.ts';
import { onTask, type TransitionOf } from '../decision/transition.ts';
import type { Task } from '../dossier/state.ts';
import { giveBack, start } from './assignment.ts';
import { follow } from './openings.ts';
import { cancelTasks, closeTask } from './tasks.ts';

/** Back to an earlier step, and there to the officer who did it. */
export const returnTask = onTask<'return'>({
  rules: UNDER_WAY,
  taskRules: [mustBeWork, mustBeAssigned],
  edits: (command, task, draft) => [
    start,
    closeTask(task, { state: TaskState.RETURNED, note: command.reason, by: command.caller.officerId }),
    cancelTasks(({ askedFrom }) => askedFrom === task.number),
    follow(sentBack(draft, task, command), { fromId: task.agency.agencyId, note: '' }),
    giveBack(draft.dossier.lastTask),
  ],
});

/** Refuses: RETURN_NOT_ALLOWED, RETURN_EXHAUSTED, RETURN_AMBIGUOUS. */
function sentBack({ procedure, dossier }: Draft, task: Task, { to }: TransitionOf<'return'>) {
  const { workflow } = procedure;
  const node = workflow.nodes.get(task.blockKey);
  if (task.kind !== TaskKind.STEP || node?.kind !== 'step' || dossier.position === null)
    return refuse(
      precondition('RETURN_NOT_ALLOWED', 'only a step can be returned; complete this task instead'),
    );
  const ways = [...node.returns.keys()];
  if (to === '' && ways.length > 1)
    refuse(
      invalid([
        {
          field: 'to',
          reason: 'RETURN_AMBIGUOUS',
          description: `the step may be returned to several steps; name one of ${ways.join(', ')}`,
        },
      ]),
    );
  return unwrap(sendBack(workflow, dossier.position, task.openingId, to || (ways[0] ?? '')));
}
