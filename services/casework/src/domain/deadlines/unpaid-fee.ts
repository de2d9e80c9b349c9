/** The fee that was computed at lodging, as the amount of a payment. */
import { invalid, type Refusal } from '@lienthong/kit';
import { explainFee, totalOf } from '@lienthong/workflow';
import type { Dossier } from '../dossier/state.ts';

/** In đồng; 0 or less when nothing is left to pay. */
export const unpaidFee = ({ fees, payments }: Dossier): number =>
  totalOf(fees?.each ?? []) - payments.reduce((sum, { amountVnd }) => sum + amountVnd, 0);

export const feeExplanation = ({ fees }: Dossier): string =>
  (fees?.each ?? []).map((fee) => explainFee(fee).vi).join('; ');

/** Refuses: FEE_NOT_COMPUTED, NOTHING_TO_PAY. */
export function mustHaveUnpaidFee(dossier: Dossier): Refusal | undefined {
  if (dossier.fees === null)
    return refusal('FEE_NOT_COMPUTED', "is required: the dossier's fee was not computed at lodging");
  if (unpaidFee(dossier) > 0) return undefined;
  return refusal('NOTHING_TO_PAY', "is required: the dossier's fee is paid, or it has none");
}

const refusal = (reason: string, description: string): Refusal => ({
  ...invalid([{ field: 'amount_vnd', reason, description }]),
  kind: 'failed-precondition',
});
