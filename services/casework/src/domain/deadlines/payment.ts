import { DossierStatus } from '@lienthong/contracts/casework';
import { accepted, invalid, type Refusal, type Result, refused } from '@lienthong/kit';
import { actsForHolder, actsForIntake, first, isAccepted, notClosed, notPaused } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { type Draft, decided, emit, patch } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import type { World } from '../dossier/world.ts';
import { pauseAll, resumeAll } from './pausing.ts';

type Of<K extends Transition['kind']> = Extract<Transition, { kind: K }>;

/** Refused: AMOUNT_INVALID. */
export function decideRequestPayment(command: Of<'request-payment'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const { amountVnd, content } = command;
  const refusal = first(draft, actsForHolder, notClosed, isAccepted, notPaused);
  if (refusal) return refused(refusal);
  if (!Number.isSafeInteger(amountVnd) || amountVnd <= 0)
    return refused(wrongAmount('AMOUNT_INVALID', 'must be a whole number of đồng, more than 0'));
  pauseAll(draft, { status: DossierStatus.PAYMENT_REQUESTED, content, amountVnd });
  const at = new Date(draft.now);
  emit(draft, 'lienthong.casework.v1.PaymentRequested', { amountVnd: BigInt(amountVnd), at });
  return accepted(decided(draft));
}

/** Refused: PAYMENT_NOT_ASKED, AMOUNT_DIFFERS. */
export function decideRecordPayment(command: Of<'record-payment'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const { amountVnd, receipt } = command;
  const refusal = first(draft, actsForIntake, notClosed, isAwaited);
  if (refusal) return refused(refusal);
  const { payments, pause } = draft.dossier;
  if (amountVnd !== pause?.amountVnd)
    return refused(wrongAmount('AMOUNT_DIFFERS', `must be the ${pause?.amountVnd} đồng that were asked for`));
  patch(draft, { payments: [...payments, { amountVnd, receipt, at: draft.now }] });
  resumeAll(draft);
  const at = new Date(draft.now);
  emit(draft, 'lienthong.casework.v1.PaymentReceived', { amountVnd: BigInt(amountVnd), at });
  return accepted(decided(draft));
}

const wrongAmount = (reason: string, description: string): Refusal =>
  invalid([{ field: 'amount_vnd', reason, description }]);

const isAwaited = ({ dossier }: Draft): Refusal | undefined =>
  dossier.pause?.status === DossierStatus.PAYMENT_REQUESTED
    ? undefined
    : precondition('PAYMENT_NOT_ASKED', 'no payment is awaited; request it first');
