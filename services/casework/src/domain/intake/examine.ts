import { TaskState } from '@lienthong/contracts/casework';
import { accepted, type Refusal, type Result, refused } from '@lienthong/kit';
import { begin, toDuration } from '@lienthong/workflow';
import { newClock } from '../deadlines/clock.ts';
import { actsForIntake, first, mayWork, notClosed, notPaused } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { actOf, type Draft, decided, emit, patch, setClock } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { World } from '../dossier/world.ts';
import { refuseDossier } from '../work/ending.ts';
import { factsOf, follow } from '../work/openings.ts';
import { closeTask } from '../work/tasks.ts';

export function decideAccept(
  command: Extract<Transition, { kind: 'accept' }>,
  world: World,
): Result<Decided> {
  const draft = examined(command, world, 'accepted');
  if (!draft.ok) return draft;
  const refusal = acceptInto(draft.value);
  return refusal ? refused(refusal) : accepted(decided(draft.value));
}

/** Form 03. */
export function decideRefuse(
  command: Extract<Transition, { kind: 'refuse' }>,
  world: World,
): Result<Decided> {
  const draft = examined(command, world, 'refused');
  if (!draft.ok) return draft;
  refuseDossier(draft.value, command.reason);
  return accepted(decided(draft.value));
}

/** The one-stop unit has made up its mind about a registered dossier. */
function examined(command: Transition, world: World, outcome: string): Result<Draft> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForIntake, notClosed, notAccepted, notPaused);
  if (refusal) return refused(refusal);
  for (const task of draft.dossier.open) {
    const other = mayWork(draft, task);
    if (other) return refused(other);
    const note = command.kind === 'refuse' ? command.reason : '';
    closeTask(draft, task, TaskState.COMPLETED, { outcome, note, by: command.caller.officerId });
  }
  return accepted(draft);
}

const notAccepted = ({ dossier }: Draft): Refusal | undefined =>
  dossier.acceptedAt === null
    ? undefined
    : precondition('ALREADY_ACCEPTED', 'the dossier has been accepted; its steps decide about it now');

/** Form 01: the clock runs, the workflow begins. */
export function acceptInto(draft: Draft): Refusal | undefined {
  const { now, procedure } = draft;
  const { definition, workflow } = procedure;
  const way = definition.ways.find(({ channel }) => channel === draft.dossier.channel);
  const limit = toDuration(way?.timeLimit) ?? toDuration(definition.timeLimit);
  if (!limit) throw new Error(`procedure ${procedure.procedure.id} has no time limit`);
  patch(draft, { acceptedAt: now, acts: { ...draft.dossier.acts, accepted: actOf(draft) } });
  setClock(draft, newClock(now, limit, true));
  emit(draft, 'lienthong.casework.v1.DossierAccepted', { acceptedAt: new Date(now) });
  const begun = begin(workflow, factsOf(draft));
  return begun.ok ? follow(draft, begun.value, { fromId: '', note: '' }) : begun.refusal;
}
