/** The one-stop unit accepts or refuses a registered dossier. */
import { TaskState } from '@lienthong/contracts/casework';
import type { Refusal } from '@lienthong/kit';
import { begin, timeLimitOf, toDuration } from '@lienthong/workflow';
import { createClock } from '../deadlines/clock.ts';
import { setClock } from '../deadlines/dossier-clock.ts';
import { actOf, apply, type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import { precondition, unwrap } from '../decision/refusals.ts';
import { mustActForIntake, mustBeAssigned, mustNotBeClosed, mustNotBePaused } from '../decision/rules.ts';
import { onDossier } from '../decision/transition.ts';
import { hasOtherCompetent } from '../dossier/status.ts';
import { refuseDossier } from '../work/ending.ts';
import { factsOf, follow } from '../work/openings.ts';
import { closeTask } from '../work/tasks.ts';

const EXAMINED = [mustActForIntake, mustNotBeClosed, mustNotBeAccepted, mustNotBePaused, mustBeExaminer];

export const accept = onDossier<'accept'>({
  rules: EXAMINED,
  edits: ({ caller }, draft) => [...closeExamination(draft, 'accepted', '', caller.officerId), acceptDossier],
});

export const refuseAtIntake = onDossier<'refuse'>({
  rules: EXAMINED,
  edits: ({ reason, caller }, draft) => [
    ...closeExamination(draft, 'refused', reason, caller.officerId),
    refuseDossier(reason),
  ],
});

function mustNotBeAccepted({ dossier }: Draft): Refusal | undefined {
  const message = 'the dossier has been accepted; complete its steps instead';
  return dossier.acceptedAt === null ? undefined : precondition('ALREADY_ACCEPTED', message);
}

function mustBeExaminer(draft: Draft): Refusal | undefined {
  for (const task of draft.dossier.open) {
    const refusal = mustBeAssigned(draft, task);
    if (refusal) return refusal;
  }
  return undefined;
}

const closeExamination = ({ dossier }: Draft, outcome: string, note: string, by: string): Edit[] =>
  dossier.open.map((task) => closeTask(task, { state: TaskState.COMPLETED, outcome, note, by }));

/** Keeps the acceptance as the receipt states it. */
const keepAcceptance: Edit = (draft) => {
  const { acts, dueAt, provisional, papers, competent } = draft.dossier;
  const other = hasOtherCompetent(draft.dossier) ? { competent } : {};
  const accepted = { ...actOf(draft), dueAt, provisional, papers: papers.length, ...other };
  return patch({ acts: { ...acts, accepted } })(draft);
};

/** The clock starts and the workflow begins; the receipt can be issued. */
export const acceptDossier: Edit = (draft) => {
  const { now, procedure, dossier } = draft;
  const { definition, workflow } = procedure;
  const limit = toDuration(timeLimitOf(definition, dossier));
  if (!limit) throw new Error(`procedure ${procedure.procedure.id} has no time limit`);
  const begun = unwrap(begin(workflow, factsOf(draft)));
  return apply(
    draft,
    patch({ acceptedAt: now }),
    setClock(createClock(now, limit, true)),
    keepAcceptance,
    emit('lienthong.casework.v1.DossierAccepted', { acceptedAt: new Date(now) }),
    follow(begun, { fromId: '', note: '' }),
  );
};
