import type { PaymentProblemKind } from '@lienthong/contracts/casework';
import type { Reader, Tx } from '@lienthong/kit';
import { OWNED, type OwnedRow } from '../../store/record.ts';

export interface ProblemRow extends OwnedRow {
  id: string;
  payment_id: string;
  kind: PaymentProblemKind;
  amount_vnd: number;
  amount: string;
  currency: string;
  reference: string;
  at: Date;
}

/** False when the same was recorded before. */
export async function recordProblem(
  reader: Reader,
  problem: Pick<ProblemRow, 'id' | 'payment_id' | 'kind' | 'amount' | 'currency' | 'reference' | 'at'>,
): Promise<boolean> {
  const rows = await reader.query({
    name: 'record_payment_problem',
    text: `insert into payment_problem (id, payment_id, kind, amount, currency, reference, at)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
    values: [
      problem.id,
      problem.payment_id,
      problem.kind,
      problem.amount,
      problem.currency,
      problem.reference,
      problem.at,
    ],
  });
  return rows.length > 0;
}

const MOST = 200;

/** Oldest first. */
export const readProblems = (reader: Reader): Promise<ProblemRow[]> =>
  reader.query({
    name: 'read_payment_problems',
    text: `select r.id, r.payment_id, ${OWNED}, r.kind, p.amount_vnd, r.amount, r.currency, r.reference, r.at
             from payment_problem r join payment p on p.id = r.payment_id join dossier d on d.id = p.dossier_id
            where r.settled_at is null order by r.at limit ${MOST}`,
  });

/** The payment of the problem, and its dossier's code; undefined when there is no such problem to settle. */
export async function settleProblem(
  tx: Tx,
  { id, note, by, at }: { id: string; note: string; by: string; at: Date },
): Promise<{ payment_id: string; code: string } | undefined> {
  const [row] = await tx.query<{ payment_id: string; code: string }>({
    name: 'settle_payment_problem',
    text: `update payment_problem r set settled_at = $2, settled_by = $3, note = $4
             from payment p join dossier d on d.id = p.dossier_id
            where r.id = $1 and r.settled_at is null and p.id = r.payment_id
           returning r.payment_id, d.code`,
    values: [id, at, by, note],
  });
  return row;
}
