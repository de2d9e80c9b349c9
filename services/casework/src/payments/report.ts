/** What a provider reports of a payment, in its calls and when it is asked. */
import { PaymentProblemKind } from '@lienthong/contracts/casework';
import { oneLine } from '@lienthong/outbound';
import { z } from 'zod';
import { PaymentState } from '../domain/dossier/state.ts';

const MAX_TEXT = 100;
const line = z.string().transform((text) => oneLine(text.toWellFormed(), MAX_TEXT));

/** Amounts and currencies are compared later: a wrong one is a problem to look at, not a malformed report. */
const report = z.discriminatedUnion('status', [
  z.object({ id: z.uuid(), status: z.literal('pending') }),
  /** It can no longer be made: failed, cancelled or expired. */
  z.object({ id: z.uuid(), status: z.literal('ended') }),
  z.object({
    id: z.uuid(),
    status: z.literal('paid'),
    amount: z.union([z.number(), line]).transform(String),
    currency: line,
    /** The provider's number of the payment, which the citizen's receipt shows. */
    reference: line.refine((text) => text !== ''),
  }),
]);

export type Report = z.output<typeof report>;
export type PaidReport = Extract<Report, { status: 'paid' }>;

/** Undefined: it is not a report. */
export function readReport(text: string): Report | undefined {
  try {
    return report.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** How the report of a payment differs from what was requested; undefined when it does not. */
export function problemOf(
  payment: { amountVnd: number; state: number; reference: string },
  { amount, currency, reference }: PaidReport,
): PaymentProblemKind | undefined {
  if (currency !== 'VND') return PaymentProblemKind.CURRENCY_DIFFERS;
  if (amount !== String(payment.amountVnd)) return PaymentProblemKind.AMOUNT_DIFFERS;
  const isMade = payment.state === PaymentState.PAID || payment.state === PaymentState.SURPLUS;
  return isMade && payment.reference !== reference ? PaymentProblemKind.PAID_TWICE : undefined;
}
