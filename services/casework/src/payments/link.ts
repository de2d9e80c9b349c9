import { type Refusal, refuse, uuidv7 } from '@lienthong/kit';
import { mustAwaitPayment } from '../domain/deadlines/payment.ts';
import { enforce } from '../domain/decision/refusals.ts';
import type { Dossier } from '../domain/dossier/state.ts';
import { readDossiers } from '../store/dossiers.ts';
import type { PaymentLink } from './provider.ts';
import { applyReport, type PaymentDeps } from './receive.ts';
import { endPayment, insertPayment, keepLink, readOpenPayment } from './store/payments.ts';

/**
 * The link on which the payment that a dossier waits for can be made. One payment is open for each request: it is written
 * before the provider creates it, so that a report is never of an unknown payment, and the first link stays.
 *
 * Refuses: PAYMENT_NOT_ASKED, PAYMENT_PROVIDER_UNAVAILABLE, PAYMENT_UNSETTLED.
 */
export async function linkOf(deps: PaymentDeps, dossier: Dossier, checkS: number): Promise<PaymentLink> {
  enforce(mustAwaitPayment({ dossier }));
  const { db, clock, provider } = deps;
  // `pause.since` identifies the request for payment; the payment keeps it as `requestedAt`.
  const { since = 0, amountVnd = 0 } = dossier.pause ?? {};
  const now = clock.now();
  let payment = await readOpenPayment(db, dossier.id, since);
  if (payment?.expiresAt && payment.expiresAt <= now) {
    const expired = payment.id;
    await askAfter(deps, expired);
    // It was paid at the last moment, or the next link is needed.
    const current = (await readDossiers(db, [dossier.id])).get(dossier.id);
    enforce(mustAwaitPayment({ dossier: current ?? dossier }));
    payment = await readOpenPayment(db, dossier.id, since);
    if (payment?.id === expired) return refuse(unsettled(checkS * 1000));
  }
  if (payment === undefined) {
    const checkAt = new Date(now.getTime() + checkS * 1000);
    const wanted = { id: uuidv7(), dossierId: dossier.id, requestedAt: since, amountVnd, createdAt: now };
    await insertPayment(db, wanted, checkAt);
    payment = await readOpenPayment(db, dossier.id, since);
  }
  if (payment === undefined) return refuse(unavailable(1_000));
  if (payment.url !== null) return { url: payment.url, expiresAt: payment.expiresAt };
  const { id } = payment;
  const created = await provider.create(payment);
  if (!created.ok)
    return refuse(unavailable(created.retryAfterMs), {
      cause: new Error(`the payment provider: ${created.cause}`),
    });
  return keepLink(db, id, created.value);
}

/** Applies what the provider says of a payment whose link has expired; one that it does not know ends. */
async function askAfter(deps: PaymentDeps, id: string): Promise<void> {
  const checked = await deps.provider.check(id);
  if (!checked.ok) refuse(unavailable(checked.retryAfterMs));
  else if (checked.value === undefined) await endPayment(deps.db, id);
  else await applyReport(deps, checked.value);
}

/** A second link while the first payment may still arrive would let the citizen pay twice. */
const unsettled = (retryAfterMs: number): Refusal => ({
  kind: 'unavailable',
  reason: 'PAYMENT_UNSETTLED',
  message:
    'the link has expired, and the payment that was begun on it is not settled yet; try again later, or ask at the office where the dossier was lodged',
  retryAfterMs,
});

const unavailable = (retryAfterMs: number): Refusal => ({
  kind: 'unavailable',
  reason: 'PAYMENT_PROVIDER_UNAVAILABLE',
  message:
    'the payment provider cannot be reached at the moment, and nothing has changed; try again later, or pay at the office where the dossier was lodged',
  retryAfterMs,
});
