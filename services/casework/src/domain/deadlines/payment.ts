import { DossierStatus } from '@lienthong/contracts/casework';
import { invalid, type Refusal } from '@lienthong/kit';
import { type Draft, emit, patch } from '../decision/draft.ts';
import {
  mustActForHolder,
  mustActForIntake,
  mustBePausedAs,
  mustNotBeClosed,
  UNDER_WAY,
} from '../decision/rules.ts';
import { onDossier } from '../decision/transition.ts';

import { pauseClocks, resumeClocks } from './pausing.ts';
import { feeExplanation, mustHaveUnpaidFee, unpaidFee } from './unpaid-fee.ts';

export const requestPayment = onDossier<'request-payment'>({
  rules: [mustActForHolder, ...UNDER_WAY, mustBeAmount],
  edits(command, { now, dossier }) {
    const amountVnd = command.amountVnd || unpaidFee(dossier);
    const content = command.content || (command.amountVnd === 0 ? feeExplanation(dossier) : '');
    return [
      pauseClocks({ status: DossierStatus.PAYMENT_REQUESTED, content, amountVnd }),
      emit('lienthong.casework.v1.PaymentRequested', { amountVnd: BigInt(amountVnd), at: new Date(now) }),
    ];
  },
});

export const recordPayment = onDossier<'record-payment'>({
  rules: [
    mustActForIntake,
    mustNotBeClosed,
    mustBePausedAs(
      DossierStatus.PAYMENT_REQUESTED,
      'PAYMENT_NOT_ASKED',
      'the dossier does not wait for a payment; request it first',
    ),
    mustBeRequestedAmount,
  ],
  edits: ({ amountVnd, receipt }, { dossier, now }) => [
    patch({ payments: [...dossier.payments, { amountVnd, receipt, at: now }] }),
    resumeClocks,
    emit('lienthong.casework.v1.PaymentReceived', { amountVnd: BigInt(amountVnd), at: new Date(now) }),
  ],
});

function mustBeAmount({ dossier }: Draft, { amountVnd }: { amountVnd: number }): Refusal | undefined {
  if (amountVnd === 0) return mustHaveUnpaidFee(dossier);
  const isAmount = Number.isSafeInteger(amountVnd) && amountVnd > 0;
  return isAmount ? undefined : wrongAmount('AMOUNT_INVALID', 'must be a whole number of đồng, more than 0');
}

function mustBeRequestedAmount(
  { dossier }: Draft,
  { amountVnd }: { amountVnd: number },
): Refusal | undefined {
  const requested = dossier.pause?.amountVnd;
  return amountVnd === requested
    ? undefined
    : wrongAmount('AMOUNT_DIFFERS', `must be the ${requested} đồng that were requested`);
}

const wrongAmount = (reason: string, description: string): Refusal =>
  invalid([{ field: 'amount_vnd', reason, description }]);
