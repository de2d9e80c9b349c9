import { DossierStatus } from '@lienthong/contracts/casework';
import { invalid, type Refusal } from '@lienthong/kit';
import { type Draft, type Edit, emit, patch } from '../decision/draft.ts';
import { headToday } from '../decision/platform.ts';
import {
  mustActForHolder,
  mustActForIntake,
  mustBePausedAs,
  mustNotBeClosed,
  UNDER_WAY,
} from '../decision/rules.ts';
import { onDossier } from '../decision/transition.ts';
import { type Payment, PaymentState, type ProviderPayment } from '../dossier/state.ts';
import { leadingTask } from '../dossier/status.ts';
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

export const mustAwaitPayment = mustBePausedAs(
  DossierStatus.PAYMENT_REQUESTED,
  'PAYMENT_NOT_ASKED',
  'the dossier does not wait for a payment; request it first',
);

/** A payment that the dossier waits for. */
const AWAITED = [mustNotBeClosed, mustAwaitPayment, mustBeRequestedAmount] as const;

export const recordPayment = onDossier<'record-payment'>({
  rules: [mustActForIntake, ...AWAITED],
  edits: ({ amountVnd, receipt }, { now }) => receiveAwaited({ amountVnd, receipt, at: now }),
});

/**
 * A payment that RecordPayment would refuse was made all the same: it is kept to be given back. Refuses:
 * PAYMENT_RECEIVED_ALREADY.
 */
export const receivePayment = onDossier<'receive-payment'>({
  rules: [mustBeNew],
  edits({ payment }, draft) {
    const { id, requestedAt, amountVnd, provider, reference } = payment;
    const made = { amountVnd, receipt: reference, at: draft.now, provider, id };
    // The start of the pause identifies the request for payment.
    const isAwaited =
      draft.dossier.pause?.since === requestedAt &&
      AWAITED.every((rule) => rule(draft, { amountVnd }) === undefined);
    const state = isAwaited ? PaymentState.PAID : PaymentState.SURPLUS;
    return [
      ...(isAwaited ? receiveAwaited(made) : keepSurplus(made, draft)),
      (next) => ({ ...next, payment: { id, state, reference } }),
    ];
  },
});

const receiveAwaited = (made: Payment): Edit[] => [
  (draft) => patch({ payments: [...draft.dossier.payments, made] })(draft),
  resumeClocks,
  emit('lienthong.casework.v1.PaymentReceived', toPayload(made)),
];

/** The event names the officer to notify: who works on it for the holder, else the holder's head. */
function keepSurplus(made: Payment, draft: Draft): Edit[] {
  const { surplusPayments, holder } = draft.dossier;
  const officerId = leadingTask(draft.dossier)?.assigneeId || headToday(draft, holder.agencyId);
  return [
    patch({ surplusPayments: [...surplusPayments, made] }),
    emit('lienthong.casework.v1.SurplusPaymentReceived', {
      ...toPayload(made),
      officerId,
      agencyId: holder.agencyId,
    }),
  ];
}

const toPayload = ({ amountVnd, at, provider = '' }: Payment) => ({
  amountVnd: BigInt(amountVnd),
  at: new Date(at),
  provider,
});

function mustBeNew(
  { dossier }: Draft,
  { payment }: { payment: Pick<ProviderPayment, 'id'> },
): Refusal | undefined {
  const isKnown = [...dossier.payments, ...dossier.surplusPayments].some(({ id }) => id === payment.id);
  return isKnown ? PAYMENT_RECEIVED_ALREADY : undefined;
}

export const PAYMENT_RECEIVED_ALREADY: Refusal = {
  kind: 'already-exists',
  reason: 'PAYMENT_RECEIVED_ALREADY',
  message: 'this payment was received before',
};

function mustBeAmount({ dossier }: Draft, { amountVnd }: { amountVnd: number }): Refusal | undefined {
  if (amountVnd === 0) return mustHaveUnpaidFee(dossier);
  const isAmount = Number.isSafeInteger(amountVnd) && amountVnd > 0;
  return isAmount ? undefined : wrongAmount('AMOUNT_INVALID', 'must be a whole number of đồng, more than 0');
}

function mustBeRequestedAmount(
  { dossier }: Pick<Draft, 'dossier'>,
  { amountVnd }: { amountVnd: number },
): Refusal | undefined {
  const requested = dossier.pause?.amountVnd;
  return amountVnd === requested
    ? undefined
    : wrongAmount('AMOUNT_DIFFERS', `must be the ${requested} đồng that were requested`);
}

const wrongAmount = (reason: string, description: string): Refusal =>
  invalid([{ field: 'amount_vnd', reason, description }]);
