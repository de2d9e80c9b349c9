/** How a dossier leaves the agencies: the citizen takes it back, or takes the result. */
import { DossierStatus } from '@lienthong/contracts/casework';
import type { Refusal } from '@lienthong/kit';
import { type Draft, emit, patch } from '../decision/draft.ts';
import { precondition } from '../decision/refusals.ts';
import { mustActForCounter, mustActForIntake, mustNotBeClosed } from '../decision/rules.ts';
import { onDossier } from '../decision/transition.ts';
import { withdrawDossier } from '../work/ending.ts';

export const withdraw = onDossier<'withdraw'>({
  rules: [mustActForIntake, mustNotBeClosed],
  edits: ({ reason }, draft) => withdrawDossier(reason, draft),
});

export const returnResult = onDossier<'return-result'>({
  rules: [mustActForCounter, mustBeFinished],
  edits: (_, { now }) => [
    patch({ returnedAt: now }),
    emit('lienthong.casework.v1.ResultReturned', { returnedAt: new Date(now) }),
  ],
});

function mustBeFinished(draft: Draft): Refusal | undefined {
  switch (draft.dossier.status) {
    case DossierStatus.FINISHED:
      return undefined;
    case DossierStatus.RESULT_RETURNED:
      return precondition('RESULT_ALREADY_RETURNED', 'the citizen has the result already');
    default:
      return (
        mustNotBeClosed(draft) ??
        precondition('NOT_FINISHED', 'the dossier is not finished; its result can be returned after that')
      );
  }
}
