import { TaskKind, TaskState } from '@lienthong/contracts/casework';
import type { Refusal } from '@lienthong/kit';
import { isPlatform } from '../decision/callers.ts';
import { type Draft, patch } from '../decision/draft.ts';
import { denied, precondition } from '../decision/refusals.ts';
import { mustNotBeClosed } from '../decision/rules.ts';
import { onTask } from '../decision/transition.ts';
import type { Task } from '../dossier/state.ts';
import { pass } from './openings.ts';
import { closeTask } from './tasks.ts';

/**
 * The dossier of a sub-procedure has ended: the workflow goes on, also while this dossier is paused. The task's outcome
 * says whether that dossier was finished or refused; the step that follows decides what it means. This dossier carries
 * the results, so that its agencies read their files.
 */
export const endSubProcedure = onTask<'sub-ended'>({
  rules: [mustBePlatform, mustNotBeClosed],
  taskRules: [mustBeSubProcedure],
  edits: ({ finished, results }, task, { dossier }) => [
    patch({
      subResults: [
        ...dossier.subResults,
        ...results.map((result) => ({ ...result, taskNumber: task.number })),
      ],
    }),
    closeTask(task, { state: TaskState.COMPLETED, outcome: finished ? 'finished' : 'refused', by: '' }),
    pass(task.openingId, { fromId: task.agency.agencyId, note: '' }),
  ],
});

const PLATFORM_ONLY = denied('PLATFORM_ONLY', 'only the platform itself ends a sub-procedure');

function mustBePlatform({ caller }: Draft): Refusal | undefined {
  return isPlatform(caller) ? undefined : PLATFORM_ONLY;
}

function mustBeSubProcedure(_: Draft, { kind, number }: Task): Refusal | undefined {
  const message = `task ${number} does not wait for another dossier`;
  return kind === TaskKind.SUB_PROCEDURE ? undefined : precondition('NOT_A_SUB_PROCEDURE', message);
}
