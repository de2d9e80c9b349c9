import { toAct } from '@lienthong/eventlog';
import { type Context, isSameDigest, PLATFORM, type Refusal, refuse, toTrackingDigest } from '@lienthong/kit';
import { deleteFollower, saveFollower } from '../store/contacts.ts';
import { type FollowableDossier, readFollowable } from '../store/dossiers.ts';
import { Citizens, type Deps, mutation } from './deps.ts';
import { followRequest, unfollowRequest } from './fields.ts';

/**
 * The dossier that a code and a secret name. An unknown code and a wrong secret are answered alike and counted alike, by
 * code, address and process. Refuses: DOSSIER_NOT_FOUND, TRIED_TOO_OFTEN.
 */
async function findDossier(
  { code, secret }: { code: string; secret: string },
  context: Context,
  { db, attempts }: Deps,
): Promise<FollowableDossier> {
  const waitMs = attempts.begin(code, context);
  if (waitMs > 0) refuse(triedTooOften(waitMs));
  const dossier = await readFollowable(db, code);
  const isRight = isSameDigest(toTrackingDigest(dossier?.id ?? '', secret), dossier?.digest);
  if (dossier === undefined || !isRight) return refuse(notFound);
  attempts.succeeded(code, context);
  return dossier;
}

export const followDossier = mutation(Citizens.followDossier, {
  policy: 'public',
  request: followRequest,
  prepare: async (request, context, deps) => ({
    ...request,
    dossier: await findDossier(request, context, deps),
  }),
  async run(tx, { dossier, contact, language, channel }, { now }, { sealer, events }) {
    saveFollower(tx, sealer, dossier.id, { contact, language, channel }, now);
    const payload = { dossierId: dossier.id, channel };
    const about = { dossierCode: dossier.code };
    events.append(tx, [toAct('lienthong.notification.v1.DossierFollowed', payload, about)], PLATFORM);
    return {};
  },
});

export const unfollowDossier = mutation(Citizens.unfollowDossier, {
  policy: 'public',
  request: unfollowRequest,
  prepare: findDossier,
  async run(tx, { id: dossierId, code: dossierCode }, _, { events }) {
    deleteFollower(tx, dossierId);
    const act = toAct('lienthong.notification.v1.DossierUnfollowed', { dossierId }, { dossierCode });
    events.append(tx, [act], PLATFORM);
    return {};
  },
});

const notFound: Refusal = {
  kind: 'not-found',
  reason: 'DOSSIER_NOT_FOUND',
  message: 'no dossier has this code and this secret; the receipt of the dossier shows both',
};

const triedTooOften = (retryAfterMs: number): Refusal => ({
  kind: 'resource-exhausted',
  reason: 'TRIED_TOO_OFTEN',
  message:
    'too many wrong secrets came from your address; wait, or contact the office that took the dossier in',
  retryAfterMs,
});
