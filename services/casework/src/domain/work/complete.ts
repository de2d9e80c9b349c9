/** An officer completes a task: a step, an agency's opinion, or the receipt of a dossier on its route. */
import { type Result as DossierResult, TaskKind, TaskState } from '@lienthong/contracts/casework';
import { Effect, type Step } from '@lienthong/contracts/registry';
import { type FieldViolation, invalid, type Refusal, refuse } from '@lienthong/kit';
import { complete as completeOpening } from '@lienthong/workflow';
import { apply, type Draft, type Edit, patch } from '../decision/draft.ts';
import { enforce, precondition, unwrap } from '../decision/refusals.ts';
import { mustBeAssigned, mustBeWork, UNDER_WAY } from '../decision/rules.ts';
import { onTask, type TransitionOf } from '../decision/transition.ts';
import { toEventResults } from '../dossier/messages.ts';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Task } from '../dossier/state.ts';
import { mustHaveFiles, named, namedIn } from '../files/named.ts';
import { applyData } from '../intake/data.ts';
import { unitFinder } from '../intake/units.ts';
import { start } from './assignment.ts';
import { factsOf, follow, openHop, openOrPass, pass, siblings } from './openings.ts';
import { findMissingResults, mergeResults, nameResults } from './results.ts';
import { remainingRoute } from './route.ts';
import { closeTask } from './tasks.ts';

type Complete = TransitionOf<'complete'>;

/** The outcomes of tasks that have only one; the request may leave it empty. */
export const ANSWERED = 'answered';
export const RECEIVED = 'received';

export const complete = onTask<'complete'>({
  rules: UNDER_WAY,
  taskRules: [mustBeWork, mustBeAssigned, mustNotAwaitAnswers],
  edits: (command, task) => [start, ...completion(task, command)],
});

function mustNotAwaitAnswers({ dossier }: Draft, { number }: Task): Refusal | undefined {
  const message = `agencies consulted from task ${number} have not answered; wait for their answers or for the end of their time limit`;
  return dossier.open.some(({ askedFrom }) => askedFrom === number)
    ? precondition('CONSULTATION_OPEN', message)
    : undefined;
}

function completion(task: Task, command: Complete): Edit[] {
  switch (task.kind) {
    case TaskKind.CONSULTATION:
      return [close(task, command, ANSWERED), afterConsultation(task)];
    case TaskKind.HAND_OVER:
      return [(draft) => receive(draft, task, command)];
    default:
      return [(draft) => completeStep(draft, task, command)];
  }
}

/** Who did a step that may be returned. */
const remember =
  ({ nodes }: CompiledProcedure['workflow'], { blockKey, assigneeId }: Task, by: string): Edit =>
  (draft) => {
    const isReturnable = nodes.values().some((node) => node.kind === 'step' && node.returns.has(blockKey));
    if (!isReturnable) return draft;
    return patch({ doneBy: { ...draft.dossier.doneBy, [blockKey]: assigneeId || by } })(draft);
  };

function completeStep(before: Draft, task: Task, command: Complete): Draft {
  const { procedure, dossier } = before;
  const { workflow, definition } = procedure;
  const node = workflow.nodes.get(task.blockKey);
  if (node?.kind !== 'step' || dossier.position === null)
    throw new Error(`task ${task.number} of dossier ${dossier.id} belongs to no step`);
  const unitOf = unitFinder(before.world.agencies, before.today);
  const data = unwrap(applyData(dossier.data, command.data, definition.data, unitOf));
  const draft = patch({ data })(before);
  const next = completeOpening(workflow, dossier.position, task.openingId, command.outcome, factsOf(draft));
  const progress = unwrap(next);
  const outcome = command.outcome || (node.block.outcomes[0]?.key ?? '');
  const made = unwrap(nameResults(command.results, node.block, definition, unitOf));
  const results = mergeResults(dossier.results, made);
  enforce(unfitOutcome(node.block, outcome, results, command.note));
  const { note, caller } = command;
  mustHaveFiles(before.world, caller, [...named('results', made), ...namedIn(procedure, data, dossier.data)]);
  return apply(
    draft,
    patch({ results }),
    remember(workflow, task, caller.officerId),
    closeTask(task, {
      state: TaskState.COMPLETED,
      outcome,
      note,
      by: caller.officerId,
      results: toEventResults(made, procedure),
    }),
    follow(progress, { fromId: task.agency.agencyId, note }),
  );
}

/** A refusal needs its reason; every other outcome needs the papers that the step produces. */
function unfitOutcome(
  step: Step,
  outcome: string,
  results: readonly DossierResult[],
  note: string,
): Refusal | undefined {
  if (step.outcomes.find(({ key }) => key === outcome)?.effect !== Effect.REFUSE)
    return findMissingResults(results, step);
  if (note.trim() !== '') return undefined;
  const description = 'must say why the dossier is refused; form 03 states it as the reason';
  return invalid([{ field: 'note', reason: 'NOTE_REQUIRED', description }]);
}

/** Closes a task that has one outcome, no result and no data. */
const close =
  (task: Task, { outcome, results, data, note, caller }: Complete, only: string): Edit =>
  (draft) => {
    const violations: FieldViolation[] = [];
    const check = (isWrong: boolean, field: string, reason: string, description: string) =>
      isWrong && violations.push({ field, reason, description });
    check(outcome !== '' && outcome !== only, 'outcome', 'OUTCOME_UNKNOWN', `must be "${only}" or empty`);
    check(results.length > 0, 'results', 'RESULT_UNKNOWN', 'must be empty; this task produces no result');
    check(
      Object.keys(data).length > 0,
      'data',
      'DATA_NOT_EXPECTED',
      'must be empty; only steps change the data',
    );
    if (violations.length > 0) refuse(invalid(violations));
    return closeTask(task, { state: TaskState.COMPLETED, outcome: only, note, by: caller.officerId })(draft);
  };

/** The workflow goes on when the last consulted agency has answered, or its time is over. */
export const afterConsultation =
  (task: Task): Edit =>
  (draft) =>
    task.openingId === 0 || siblings(draft, task).length > 0
      ? draft
      : pass(task.openingId, { fromId: draft.dossier.holder.agencyId, note: '' })(draft);

/** An agency on the route has received the dossier, which goes on to the next one or has arrived. */
function receive(draft: Draft, task: Task, command: Complete): Draft {
  const closed = close(task, command, RECEIVED)(draft);
  const node = draft.procedure.workflow.nodes.get(task.blockKey);
  if (node?.kind !== 'hand-over')
    throw new Error(`task ${task.number} of dossier ${draft.dossier.id} belongs to no hand-over`);
  const transfer = { fromId: task.agency.agencyId, note: command.note };
  const route =
    remainingRoute(draft.world.agencies, transfer.fromId, task.onward, draft.today) ??
    refuse({
      ...precondition(
        'PERFORMER_UNKNOWN',
        `the destination of ${node.key} has ended without a successor; have the directory corrected, then try again`,
      ),
      metadata: { block: node.key },
    });
  const opening = { id: task.openingId, key: node.key, lead: task.lead, block: node.block };
  return openOrPass(task.openingId, transfer, openHop(opening, route, transfer))(closed);
}
