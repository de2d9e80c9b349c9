import type { TrackDossierRequest, TrackDossierResponse } from '@lienthong/contracts/casework';
import { annotate, createAttempts, field, parse, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { toDate } from '../domain/dossier/messages.ts';
import { milestones } from '../domain/history/milestones.ts';
import { STATUS_VI } from '../domain/history/words.ts';
import { isSecretOf } from '../secret.ts';
import { readHistory } from '../store/read-history.ts';
import { readByCode } from '../store/read-tracked.ts';
import type { Edge } from './edge.ts';
import { nameThen } from './names.ts';

/** As citizens copy them off a receipt: in small letters, with blanks. */
const typed = (max: number) =>
  field.text({ min: 1, max }).transform((text) => text.replace(/\s/g, '').toUpperCase());
const schema = z.object({ code: typed(60), secret: typed(40) });

const WRONG_TRIES_PER_HOUR = 10;
const CODES_REMEMBERED = 10_000;

/**
 * For anyone with a dossier's code and secret. A code that does not exist and a wrong secret are answered alike, and
 * counted alike: ten an hour for one code, per process.
 */
export function trackDossier({ db, clock, reference, procedures }: Edge) {
  const attempts = createAttempts({ limit: WRONG_TRIES_PER_HOUR, keys: CODES_REMEMBERED });
  return async (request: TrackDossierRequest): Promise<TrackDossierResponse> => {
    const { code, secret } = parse(schema, request);
    const waitMs = attempts.begin(code, clock.now().getTime());
    if (waitMs > 0) refuse(triedTooOften(waitMs));
    const dossier = await readByCode(db, code);
    const right = isSecretOf(dossier?.secretHash ?? '', secret);
    if (dossier === undefined || !right) return refuse(notFound);
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
  };
}

const notFound: Refusal = {
  kind: 'not-found',
  reason: 'DOSSIER_NOT_FOUND',
  message: 'there is no dossier with this code and this secret; both were given when it was handed in',
};

const triedTooOften = (retryAfterMs: number): Refusal => ({
  kind: 'resource-exhausted',
  reason: 'TRIED_TOO_OFTEN',
  message:
    'this code was tried too often with a wrong secret; come again later, or ask where it was handed in',
  retryAfterMs,
});
