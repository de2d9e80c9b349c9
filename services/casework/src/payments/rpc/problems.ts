import { toAct } from '@lienthong/eventlog';
import { field, type Policy, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { mutation, PaymentOperations, query } from '../../rpc/deps.ts';
import { requiredText } from '../../rpc/fields.ts';
import { toReadItem } from '../../rpc/read-item.ts';
import { readProblems, settleProblem } from '../store/problems.ts';

const OPERATORS: Policy = { anyOf: ['admin'] };

export const listPaymentProblems = query(PaymentOperations.listPaymentProblems, {
  policy: OPERATORS,
  reads: 'buffered',
  request: z.object({}),
  async handle(_, { reads }, { db }) {
    const rows = await readProblems(db);
    reads.push(...rows.map(toReadItem));
    return {
      problems: rows.map((row) => ({
        id: row.id,
        paymentId: row.payment_id,
        dossierCode: row.code,
        kind: row.kind,
        requestedVnd: BigInt(row.amount_vnd),
        reportedAmount: row.amount,
        reportedCurrency: row.currency,
        reference: row.reference,
        at: row.at,
      })),
    };
  },
});

/** Refuses: PAYMENT_PROBLEM_UNKNOWN. */
export const settlePaymentProblem = mutation(PaymentOperations.settlePaymentProblem, {
  policy: OPERATORS,
  request: z.object({ problemId: field.uuid, note: requiredText() }),
  async run(tx, { problemId, note }, { caller, now }, { events }) {
    const problem = { id: problemId, note, by: caller.officerId, at: now };
    const settled = (await settleProblem(tx, problem)) ?? refuse(problemUnknown);
    const { payment_id: paymentId, code: dossierCode } = settled;
    const payload = { problemId, paymentId };
    events.append(
      tx,
      [toAct('lienthong.casework.v1.PaymentProblemSettled', payload, { dossierCode })],
      caller,
    );
    return {};
  },
});

const problemUnknown: Refusal = {
  kind: 'not-found',
  reason: 'PAYMENT_PROBLEM_UNKNOWN',
  message: 'there is no such problem, or somebody has settled it; list the problems again',
};
