import {
  annotate,
  createAttempts,
  isSameDigest,
  type Refusal,
  receiptField,
  refuse,
  toDigest,
} from '@lienthong/kit';
import { z } from 'zod';
import { toDate } from '../domain/dossier/messages.ts';
import { milestones } from '../domain/history/milestones.ts';
import { STATUS_VI } from '../domain/history/words.ts';
import { readHistory } from '../store/read-history.ts';
import { readByCode } from '../store/read-tracked.ts';
import { query, Tracking } from './deps.ts';
import { nameThen } from './names.ts';

/** Ten wrong secrets an hour for one code, in one process; for the 10,000 codes tried last. */
export const createTrackingAttempts = () => createAttempts({ limit: 10, keys: 10_000 });

/** For anyone with a dossier's code and secret. An unknown code and a wrong secret get the same reply. */
export const trackDossier = query(Tracking.trackDossier, {
  policy: 'public',
  request: z.object(receiptField),
  async handle({ code, secret }, { now }, { db, reference, procedures, attempts }) {
    const waitMs = attempts.begin(code, now.getTime());
    if (waitMs > 0) refuse(triedTooOften(waitMs));
    const dossier = await readByCode(db, code);
    const kept = dossier && Buffer.from(dossier.secretHash, 'hex');
    const isRight = isSameDigest(toDigest(secret), kept);
    if (dossier === undefined || !isRight) return refuse(notFound);
    annotate({ dossier: dossier.code });
    attempts.succeeded(code);
    const [recorded] = await Promise.all([
      readHistory(db, dossier.id),
      reference.agencies.refresh(db),
      procedures.refresh(db),
    ]);
    const events = recorded.map(({ event }) => event);
    return {
      code: dossier.code,
      procedureName: procedures.record(dossier.procedureId)?.definition?.name ?? '',
      status: dossier.status,
      statusText: STATUS_VI[dossier.status],
      holderName: dossier.holder.name,
      lodgedAt: toDate(dossier.lodgedAt),
      dueAt: toDate(dossier.dueAt),
      finishedAt: toDate(dossier.finishedAt),
      history: milestones(events, (agencyId, at) => nameThen(reference.agencies, agencyId, at)),
    };
  },
});

const notFound: Refusal = {
  kind: 'not-found',
  reason: 'DOSSIER_NOT_FOUND',
  message: 'there is no dossier with this code and secret; both are on the receipt',
};

const triedTooOften = (retryAfterMs: number): Refusal => ({
  kind: 'resource-exhausted',
  reason: 'TRIED_TOO_OFTEN',
  message:
    'this code was tried too often with a wrong secret; try again later, or ask at the office where the dossier was lodged',
  retryAfterMs,
});
