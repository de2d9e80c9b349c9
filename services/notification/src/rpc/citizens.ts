import { createHash, timingSafeEqual } from 'node:crypto';
import {
  FollowDossierRequest,
  FollowDossierResponse,
  UnfollowDossierRequest,
  UnfollowDossierResponse,
} from '@lienthong/contracts/notification';
import { carryOutOnce } from '@lienthong/eventlog';
import { type Attempts, type CallInfo, createAttempts, parse, type Refusal, refuse } from '@lienthong/kit';
import { deleteFollower, saveFollower } from '../store/contacts.ts';
import { readFollowable } from '../store/dossiers.ts';
import type { Edge } from './edge.ts';
import { followDossier as followSchema, unfollowDossier as unfollowSchema } from './fields.ts';

const WRONG_TRIES_PER_HOUR = 10;
const CODES_REMEMBERED = 10_000;

/**
 * The dossier of a receipt. A code that does not exist and a wrong secret are answered alike, and counted alike: ten an
 * hour for one code, per process.
 */
async function dossierOf(
  { db, clock }: Edge,
  attempts: Attempts,
  code: string,
  secret: string,
): Promise<string> {
  const waitMs = attempts.begin(code, clock.now().getTime());
  if (waitMs > 0) refuse(triedTooOften(waitMs));
  const dossier = await readFollowable(db, code);
  const given = createHash('sha256').update(`${dossier?.id}:${secret}`).digest();
  const kept = dossier?.digest ?? Buffer.alloc(given.length);
  if (!timingSafeEqual(given, kept) || dossier === undefined) return refuse(notFound);
  attempts.succeeded(code);
  return dossier.id;
}

export function citizenHandlers(edge: Edge) {
  const { db, clock, sealer } = edge;
  const attempts = createAttempts({ limit: WRONG_TRIES_PER_HOUR, keys: CODES_REMEMBERED });
  return {
    async followDossier(
      request: FollowDossierRequest,
      { principal }: CallInfo,
    ): Promise<FollowDossierResponse> {
      const { requestId, code, secret, contact, language } = parse(followSchema, request);
      const dossierId = await dossierOf(edge, attempts, code, secret);
      return carryOutOnce(
        db,
        {
          method: 'FollowDossier',
          principal,
          requestId,
          request,
          requestCodec: FollowDossierRequest,
          replyCodec: FollowDossierResponse,
        },
        async (tx) => {
          saveFollower(tx, sealer, dossierId, contact, language, clock.now());
          return {};
        },
      );
    },
    async unfollowDossier(
      request: UnfollowDossierRequest,
      { principal }: CallInfo,
    ): Promise<UnfollowDossierResponse> {
      const { requestId, code, secret } = parse(unfollowSchema, request);
      const dossierId = await dossierOf(edge, attempts, code, secret);
      return carryOutOnce(
        db,
        {
          method: 'UnfollowDossier',
          principal,
          requestId,
          request,
          requestCodec: UnfollowDossierRequest,
          replyCodec: UnfollowDossierResponse,
        },
        async (tx) => {
          deleteFollower(tx, dossierId);
          return {};
        },
      );
    },
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
