import { type Refusal, receiptField, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { CitizenPayments, query } from '../../rpc/deps.ts';
import { dossierOfReceipt } from '../../rpc/receipt.ts';

/** For anyone with a dossier's code and secret. */
export const requestPaymentLink = query(CitizenPayments.requestPaymentLink, {
  policy: 'public',
  reads: 'buffered',
  request: z.object(receiptField),
  async handle(receipt, context, deps) {
    const dossier = await dossierOfReceipt(receipt, context, deps);
    const { payments } = deps;
    if (payments === undefined) return refuse(notOnline);
    const { url, expiresAt } = await payments.linkOf(dossier);
    return {
      url,
      amountVnd: BigInt(dossier.pause?.amountVnd ?? 0),
      content: dossier.pause?.content ?? '',
      expiresAt: expiresAt ?? undefined,
      provider: payments.name,
    };
  },
});

const notOnline: Refusal = {
  kind: 'failed-precondition',
  reason: 'PAYMENT_NOT_ONLINE',
  message: 'payments are not taken online here; pay at the office where the dossier was lodged',
};
