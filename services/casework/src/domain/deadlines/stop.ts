import { DossierStatus } from '@lienthong/contracts/casework';
import { accepted, type Refusal, type Result, refused } from '@lienthong/kit';
import { actsForHolder, first, isAccepted, notClosed, notPaused } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { type Draft, decided, emit, patch } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { World } from '../dossier/world.ts';
import { pauseAll, resumeAll } from './pausing.ts';

type Of<K extends Transition['kind']> = Extract<Transition, { kind: K }>;

export function decideStop(command: Of<'stop'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForHolder, notClosed, isAccepted, notPaused);
  if (refusal) return refused(refusal);
  const { reason } = command;
  patch(draft, { reason });
  pauseAll(draft, { status: DossierStatus.STOPPED, content: reason, amountVnd: 0 });
  emit(draft, 'lienthong.casework.v1.DossierStopped', { at: new Date(draft.now) });
  return accepted(decided(draft));
}

/** Refused: NOT_STOPPED. */
export function decideResume(command: Of<'resume'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForHolder, notClosed, isStopped);
  if (refusal) return refused(refusal);
  patch(draft, { reason: '' });
  resumeAll(draft);
  emit(draft, 'lienthong.casework.v1.DossierResumed', { at: new Date(draft.now) });
  return accepted(decided(draft));
}

const isStopped = ({ dossier }: Draft): Refusal | undefined =>
  dossier.pause?.status === DossierStatus.STOPPED
    ? undefined
    : precondition('NOT_STOPPED', 'the dossier is not stopped; there is nothing to resume');
