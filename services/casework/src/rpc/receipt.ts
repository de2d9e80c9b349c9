/** Dossiers for citizens: for anyone with a dossier's code and secret. */
import {
  type AttemptingCall,
  annotate,
  type Context,
  createAttempts,
  isSameDigest,
  type Refusal,
  refuse,
  toDigest,
} from '@lienthong/kit';
import type { Dossier } from '../domain/dossier/state.ts';
import { readByCode } from '../store/read-tracked.ts';
import { decodeDossier } from '../store/record.ts';
import type { Deps } from './deps.ts';
import { toReadItem } from './read-item.ts';

/** Wrong secrets an hour in one process: ten from one address for one code, a hundred from one address. */
export const createTrackingAttempts = () => createAttempts({ perSecret: 10, perAddress: 100 });

/**
 * The dossier of a receipt. An unknown code and a wrong secret get the same reply; for neither is a record decoded.
 * Refuses: DOSSIER_NOT_FOUND, TRIED_TOO_OFTEN.
 */
export async function dossierOfReceipt(
  { code, secret }: { code: string; secret: string },
  call: AttemptingCall & Pick<Context, 'reads'>,
  { db, attempts }: Pick<Deps, 'db' | 'attempts'>,
): Promise<Dossier> {
  const waitMs = attempts.begin(code, call);
  if (waitMs > 0) refuse(triedTooOften(waitMs));
  const row = await readByCode(db, code);
  if (row) call.reads.push(toReadItem(row));
  const kept = Buffer.from(row?.secret_hash ?? '', 'hex');
  const isRight = isSameDigest(toDigest(secret), kept);
  if (row === undefined || !isRight) return refuse(notFound);
  const dossier = decodeDossier(row.record);
  annotate({ dossier: dossier.code });
  attempts.succeeded(code, call);
  return dossier;
}

const notFound: Refusal = {
  kind: 'not-found',
  reason: 'DOSSIER_NOT_FOUND',
  message: 'there is no dossier with this code and secret; both are on the receipt',
};

const triedTooOften = (retryAfterMs: number): Refusal => ({
  kind: 'resource-exhausted',
  reason: 'TRIED_TOO_OFTEN',
  message:
    'too many wrong secrets came from your address; try again later, or ask at the office where the dossier was lodged',
  retryAfterMs,
});
