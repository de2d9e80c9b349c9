/** How a dossier leaves the agencies: the citizen takes it back, or takes the result. */
import { DossierStatus } from '@lienthong/contracts/casework';
import { accepted, type Refusal, type Result, refused } from '@lienthong/kit';
import { actsForIntake, first, notClosed } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { type Draft, decided, emit, patch } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { World } from '../dossier/world.ts';
import { withdrawDossier } from '../work/ending.ts';

type Of<K extends Transition['kind']> = Extract<Transition, { kind: K }>;

export function decideWithdraw(command: Of<'withdraw'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForIntake, notClosed);
  if (refusal) return refused(refusal);
  withdrawDossier(draft, command.reason);
  return accepted(decided(draft));
}

/** Refused: RESULT_ALREADY_RETURNED, NOT_FINISHED. */
export function decideReturnResult(command: Of<'return-result'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForIntake, isFinished);
  if (refusal) return refused(refusal);
  patch(draft, { returnedAt: draft.now });
  emit(draft, 'lienthong.casework.v1.ResultReturned', { returnedAt: new Date(draft.now) });
  return accepted(decided(draft));
}

function isFinished(draft: Draft): Refusal | undefined {
  const { status } = draft.dossier;
  if (status === DossierStatus.FINISHED) return undefined;
  if (status === DossierStatus.RESULT_RETURNED)
    return precondition('RESULT_ALREADY_RETURNED', 'the citizen has the result already');
  return (
    notClosed(draft) ??
    precondition('NOT_FINISHED', 'the dossier is not finished; there is no result to return yet')
  );
}
