import { RecordPaymentRequest, RecordPaymentResponse } from '@lienthong/contracts/casework';
import type { CommandBus } from '@lienthong/eventlog';
import {
  annotate,
  type Clock,
  type Database,
  type Logger,
  PLATFORM,
  RefusalError,
  uuidv7,
} from '@lienthong/kit';
import { PAYMENT_RECEIVED_ALREADY } from '../domain/deadlines/payment.ts';
import type { Command, Reply } from '../domain/decision/command.ts';
import { PaymentState } from '../domain/dossier/state.ts';
import type { PaymentProvider } from './provider.ts';
import { type PaidReport, problemOf, type Report } from './report.ts';
import { endPayment, type Payment, readPayment } from './store/payments.ts';
import { recordProblem } from './store/problems.ts';

export interface PaymentDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  commands: CommandBus<Command, Reply>;
  provider: PaymentProvider;
}

/**
 * What a report did.
 * - `recorded`: the payment is now paid, surplus or ended.
 * - `ignored`: nothing changed; the report was known before, or is `pending`.
 * - `problem`: it is recorded for an operator, and the dossier does not count it as paid.
 * - `unknown`: there is no such payment.
 */
export type ReportResult = 'recorded' | 'ignored' | 'problem' | 'unknown';

/**
 * Applies what the provider reports of a payment, as often and in whatever order reports come: a payment is received
 * once, in the transaction of the dossier's event. Throws what keeps the dossier from changing now: report it again later.
 */
export async function applyReport(deps: PaymentDeps, report: Report): Promise<ReportResult> {
  const { db } = deps;
  const payment = await readPayment(db, report.id);
  if (payment === undefined) return 'unknown';
  annotate({ dossier: payment.dossierCode });
  if (report.status === 'pending') return 'ignored';
  if (report.status === 'ended') return (await endPayment(db, payment.id)) ? 'recorded' : 'ignored';
  const problem = problemOf(payment, report);
  if (problem !== undefined) {
    const { id, amount, currency, reference } = report;
    const row = {
      id: uuidv7(),
      payment_id: id,
      kind: problem,
      amount,
      currency,
      reference,
      at: deps.clock.now(),
    };
    const { dossierCode: dossier } = payment;
    if (await recordProblem(db, row))
      deps.log.warn({ dossier, payment: id, problem }, 'a payment differs from what was requested');
    return 'problem';
  }
  if (payment.state === PaymentState.PAID || payment.state === PaymentState.SURPLUS) return 'ignored';
  if (await applyPaid(deps, payment, report)) return 'recorded';
  // Another report was faster; this one may have another reference.
  return applyReport(deps, report);
}

/** Resolves to false if the payment was received before. */
async function applyPaid(
  { commands, clock, provider }: PaymentDeps,
  { id, dossierId, requestedAt, amountVnd }: Payment,
  { reference }: PaidReport,
): Promise<boolean> {
  const payment = { id, requestedAt, amountVnd, provider: provider.name, reference };
  try {
    await commands.execute({
      method: 'ReceivePayment',
      requestId: uuidv7(),
      request: RecordPaymentRequest.fromPartial({
        dossierId,
        amountVnd: BigInt(amountVnd),
        receipt: reference,
      }),
      requestCodec: RecordPaymentRequest,
      replyCodec: RecordPaymentResponse,
      caller: PLATFORM,
      command: { kind: 'receive-payment', caller: PLATFORM, now: clock.now().getTime(), dossierId, payment },
    });
    return true;
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.reason === PAYMENT_RECEIVED_ALREADY.reason)
      return false;
    throw error;
  }
}
