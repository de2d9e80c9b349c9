import { type Result as Made, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { Effect, type Step } from '@lienthong/contracts/registry';
import { accepted, invalid, type Refusal, type Result, refused } from '@lienthong/kit';
import { complete } from '@lienthong/workflow';
import { first, isAccepted, mayWork, notClosed, notPaused, workOf } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { type Draft, decided, patch } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { Task } from '../dossier/state.ts';
import type { World } from '../dossier/world.ts';
import { changedData } from '../intake/data.ts';
import { start } from './assignment.ts';
import { wayOn } from './hand-over.ts';
import { factsOf, follow, openHop, pass, siblings } from './openings.ts';
import { missingResults, namedResults, withResults } from './results.ts';
import { closeTask } from './tasks.ts';

type Complete = Extract<Transition, { kind: 'complete' }>;

export function decideComplete(command: Complete, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const barred = first(draft, notClosed, isAccepted, notPaused);
  if (barred) return refused(barred);
  const found = workOf(draft, command.taskNumber);
  if (!found.ok) return found;
  const task = found.value;
  const refusal = mayWork(draft, task) ?? completeTask(draft, task, command);
  return refusal ? refused(refusal) : accepted(decided(draft));
}

function completeTask(draft: Draft, task: Task, command: Complete): Refusal | undefined {
  if (draft.dossier.open.some(({ askedFrom }) => askedFrom === task.number))
    return precondition(
      'CONSULTATION_OPEN',
      `agencies asked from task ${task.number} have not answered yet; wait for them or for the date given to them`,
    );
  start(draft);
  switch (task.kind) {
    case TaskKind.CONSULTATION:
      return answer(draft, task, command);
    case TaskKind.HAND_OVER:
      return receive(draft, task, command);
    default:
      return completeStep(draft, task, command);
  }
}

function completeStep(draft: Draft, task: Task, command: Complete): Refusal | undefined {
  const { workflow, definition } = draft.procedure;
  const node = workflow.nodes.get(task.blockKey);
  const { position } = draft.dossier;
  if (node?.kind !== 'step' || position === null)
    throw new Error(`task ${task.number} of dossier ${draft.dossier.id} is the work of no step`);
  const data = changedData(draft.dossier.data, command.data, definition.data);
  if (!data.ok) return data.refusal;
  patch(draft, { data: data.value });
  const next = complete(workflow, position, task.openingId, command.outcome, factsOf(draft));
  if (!next.ok) return next.refusal;

  const outcome = command.outcome || (node.block.outcomes[0]?.key ?? '');
  const results = namedResults(command.results, node.block, definition);
  if (!results.ok) return results.refusal;
  const unfit = unfitOutcome(draft, node.block, outcome, results.value, command);
  if (unfit) return unfit;
  patch(draft, { results: withResults(draft.dossier.results, results.value) });
  const { note, caller } = command;
  const closing = { outcome, note, by: caller.officerId };
  closeTask(draft, task, TaskState.COMPLETED, closing, results.value);
  return follow(draft, next.value, { fromId: task.agency.agencyId, note });
}

/** A refusal has its reason; everything else that ends a step has the papers the step makes. */
function unfitOutcome(
  { dossier }: Draft,
  step: Step,
  outcome: string,
  results: readonly Made[],
  { note }: Complete,
): Refusal | undefined {
  if (step.outcomes.find(({ key }) => key === outcome)?.effect !== Effect.REFUSE)
    return missingResults(withResults(dossier.results, results), step);
  if (note.trim() !== '') return undefined;
  const description = 'must say why the dossier is refused; form 03 gives it as the reason';
  return invalid([{ field: 'note', reason: 'NOTE_REQUIRED', description }]);
}

/** @param known the only outcome there is, which may also be left empty */
function plain({ outcome, results, data }: Complete, known: string): Refusal | undefined {
  if (outcome !== '' && outcome !== known)
    return invalid([
      { field: 'outcome', reason: 'OUTCOME_UNKNOWN', description: `must be "${known}" or empty` },
    ]);
  if (results.length > 0)
    return invalid([
      { field: 'results', reason: 'RESULT_UNKNOWN', description: 'must be empty; this task makes no result' },
    ]);
  if (Object.keys(data).length > 0)
    return invalid([
      {
        field: 'data',
        reason: 'DATA_NOT_EXPECTED',
        description: 'must be empty; only steps change the data',
      },
    ]);
  return undefined;
}

export const ANSWERED = 'answered';
const RECEIVED = 'received';

/** The consulted agency says what it thinks; the workflow goes on when all have. */
function answer(draft: Draft, task: Task, command: Complete): Refusal | undefined {
  const wrong = plain(command, ANSWERED);
  if (wrong) return wrong;
  const { note, caller } = command;
  closeTask(draft, task, TaskState.COMPLETED, { outcome: ANSWERED, note, by: caller.officerId });
  return afterConsultation(draft, task);
}

/** Also when the last one did not answer in time. */
export function afterConsultation(draft: Draft, task: Task): Refusal | undefined {
  if (task.openingId === 0 || siblings(draft, task).length > 0) return undefined;
  return pass(draft, task.openingId, { fromId: draft.dossier.holder.agencyId, note: '' });
}

/** An agency on the way has received the dossier: on to the next, or the way is done. */
function receive(draft: Draft, task: Task, command: Complete): Refusal | undefined {
  const wrong = plain(command, RECEIVED);
  if (wrong) return wrong;
  const { workflow } = draft.procedure;
  const node = workflow.nodes.get(task.blockKey);
  if (node?.kind !== 'hand-over')
    throw new Error(`task ${task.number} of dossier ${draft.dossier.id} is the work of no hand-over`);
  const { note, caller } = command;
  const fromId = task.agency.agencyId;
  const way = wayOn(draft.world.agencies, fromId, task.onward, draft.today);
  if (way === undefined)
    return {
      ...precondition(
        'PERFORMER_UNKNOWN',
        `the destination of ${node.key} has ended and has no successor; have the directory put right, then try again`,
      ),
      metadata: { block: node.key },
    };
  closeTask(draft, task, TaskState.COMPLETED, { outcome: RECEIVED, note, by: caller.officerId });
  const opening = { id: task.openingId, key: node.key, lead: task.lead, block: node.block };
  if (openHop(draft, opening, way, { fromId, note })) return undefined;
  return pass(draft, task.openingId, { fromId, note });
}
