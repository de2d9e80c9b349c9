import type { Reader, Tx } from '@lienthong/kit';
import { type DossierChange, PaymentState } from '../../domain/dossier/state.ts';

export interface Payment {
  id: string;
  dossierId: string;
  dossierCode: string;
  /** The dossier's `pause.since`, which identifies the request for payment. Epoch milliseconds. */
  requestedAt: number;
  amountVnd: number;
  state: number;
  /** Null until the provider has answered. */
  url: string | null;
  expiresAt: Date | null;
  reference: string;
  createdAt: Date;
}

const COLUMNS = `p.id, p.dossier_id, d.code, p.requested_at, p.amount_vnd, p.state, p.url, p.expires_at, p.reference,
                 p.created_at`;
const PAYMENTS = 'payment p join dossier d on d.id = p.dossier_id';

interface Row {
  id: string;
  dossier_id: string;
  code: string;
  requested_at: Date;
  amount_vnd: number;
  state: number;
  url: string | null;
  expires_at: Date | null;
  reference: string;
  created_at: Date;
}

const paymentFrom = (row: Row): Payment => ({
  id: row.id,
  dossierId: row.dossier_id,
  dossierCode: row.code,
  requestedAt: row.requested_at.getTime(),
  amountVnd: Number(row.amount_vnd),
  state: row.state,
  url: row.url,
  expiresAt: row.expires_at,
  reference: row.reference,
  createdAt: row.created_at,
});

export async function readPayment(reader: Reader, id: string): Promise<Payment | undefined> {
  const [row] = await reader.query<Row>({
    name: 'read_payment',
    text: `select ${COLUMNS} from ${PAYMENTS} where p.id = $1`,
    values: [id],
  });
  return row && paymentFrom(row);
}

/** The open payment of a dossier's request. */
export async function readOpenPayment(
  reader: Reader,
  dossierId: string,
  requestedAt: number,
): Promise<Payment | undefined> {
  const [row] = await reader.query<Row>({
    name: 'read_open_payment',
    text: `select ${COLUMNS} from ${PAYMENTS}
            where p.dossier_id = $1 and p.requested_at = $2 and p.state = ${PaymentState.OPEN}`,
    values: [dossierId, new Date(requestedAt)],
  });
  return row && paymentFrom(row);
}

/** Opens a payment, unless the request has an open one. */
export async function insertPayment(
  reader: Reader,
  payment: Pick<Payment, 'id' | 'dossierId' | 'requestedAt' | 'amountVnd' | 'createdAt'>,
  checkAt: Date,
): Promise<void> {
  await reader.query({
    name: 'insert_payment',
    text: `insert into payment (id, dossier_id, requested_at, amount_vnd, state, created_at, check_at)
           values ($1, $2, $3, $4, ${PaymentState.OPEN}, $5, $6)
               on conflict (dossier_id, requested_at) where state = ${PaymentState.OPEN} do nothing`,
    values: [
      payment.id,
      payment.dossierId,
      new Date(payment.requestedAt),
      payment.amountVnd,
      payment.createdAt,
      checkAt,
    ],
  });
}

/** Keeps the first link that the provider gave, and returns it. */
export async function keepLink(
  reader: Reader,
  id: string,
  { url, expiresAt }: { url: string; expiresAt: Date | null },
): Promise<{ url: string; expiresAt: Date | null }> {
  const [row] = await reader.query<{ url: string; expires_at: Date | null }>({
    name: 'keep_payment_link',
    text: `update payment set url = coalesce(url, $2), expires_at = case when url is null then $3 else expires_at end
            where id = $1 returning url, expires_at`,
    values: [id, url, expiresAt],
  });
  if (row === undefined) throw new Error(`payment ${id} is gone`);
  return { url: row.url, expiresAt: row.expires_at };
}

/** False when it was not open any more. */
export async function endPayment(reader: Reader, id: string): Promise<boolean> {
  const rows = await reader.query({
    name: 'end_payment',
    text: `update payment set state = ${PaymentState.ENDED}, check_at = null
            where id = $1 and state = ${PaymentState.OPEN} returning 1`,
    values: [id],
  });
  return rows.length > 0;
}

/** Writes the payments that dossiers received. */
export function writePayments(tx: Tx, changes: readonly DossierChange[]): void {
  const made = changes.flatMap(({ payment }) => payment ?? []);
  if (made.length === 0) return;
  tx.send({
    name: 'write_payments',
    text: `update payment p set state = m.state, reference = m.reference, check_at = null
             from unnest($1::uuid[], $2::smallint[], $3::text[]) as m (id, state, reference) where p.id = m.id`,
    values: [
      made.map(({ id }) => id),
      made.map(({ state }) => state),
      made.map(({ reference }) => reference),
    ],
  });
}

/**
 * Payments whose check is due, the earliest first. Each gets the time of its next check: twice as far away as the last,
 * at most an hour, ±20 %. Another process does not check it meanwhile. A process that dies only delays the check.
 */
export async function claimDuePayments(
  reader: Reader,
  now: Date,
  { firstS, limit }: { firstS: number; limit: number },
): Promise<Payment[]> {
  const rows = await reader.query<Row>({
    name: 'claim_due_payments',
    text: `with due as (
             select id from payment where check_at <= $1 order by check_at limit $3 for update skip locked),
           claimed as (
             update payment p
                set checks = checks + 1,
                    check_at = $1::timestamptz + make_interval(
                      secs => least($2 * power(2, least(checks + 1, 20)), greatest(3600, $2)) * (0.8 + 0.4 * random()))
               from due where p.id = due.id returning p.*)
           select ${COLUMNS} from claimed p join dossier d on d.id = p.dossier_id`,
    values: [now, firstS, limit],
  });
  return rows.map(paymentFrom);
}

/** When the earliest check is or was due; undefined when there is none. */
export async function nextCheck(reader: Reader): Promise<Date | undefined> {
  const [row] = await reader.query<{ at: Date }>({
    name: 'next_payment_check',
    text: 'select check_at as at from payment where check_at is not null order by check_at limit 1',
  });
  return row?.at;
}

export async function countPayments(
  reader: Reader,
): Promise<{ open: number; surplus: number; problem: number }> {
  const [row] = await reader.query<{ open: number; surplus: number; problem: number }>({
    name: 'count_payments',
    text: `select (select count(*) from payment where state = ${PaymentState.OPEN}) as open,
                  (select count(*) from payment where state = ${PaymentState.SURPLUS}) as surplus,
                  (select count(*) from payment_problem where settled_at is null) as problem`,
  });
  if (row === undefined) throw new Error('a count gives one row');
  return row;
}
