import { field, type Policy, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { mutation, PaymentOperations, query } from '../../rpc/deps.ts';
import { requiredText } from '../../rpc/fields.ts';
import { readProblems, settleProblem } from '../store/problems.ts';

const OPERATORS: Policy = { anyOf: ['admin'] };

export const listPaymentProblems = query(PaymentOperations.listPaymentProblems, {
  policy: OPERATORS,
  request: z.object({}),
  async handle(_, __, { db }) {
    const rows = await readProblems(db);
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
  async run(tx, { problemId: id, note }, { caller, now }) {
    if (!(await settleProblem(tx, { id, note, by: caller.officerId, at: now }))) refuse(problemUnknown);
    return {};
  },
});

const problemUnknown: Refusal = {
  kind: 'not-found',
  reason: 'PAYMENT_PROBLEM_UNKNOWN',
  message: 'there is no such problem, or somebody has settled it; list the problems again',
};
