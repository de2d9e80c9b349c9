import { hash as digest } from 'node:crypto';
import { encodeMessage } from '@lienthong/contracts/encode';
import { type Caller, type Database, isUniqueViolation, refuse, type Tx } from '@lienthong/kit';
import type { Codec } from './bus.ts';
import { requestIdReused } from './bus.ts';
import { findReplies, keyOf, storeReplies } from './requests.ts';

/** A change without events, for example of a setting. Its request_id has the same guarantee as in `CommandBus`. */
export interface OnceCall<Q, P> {
  method: string;
  caller: Caller;
  /** UUID; the same id with the same request gets the first reply (AIP-155). */
  requestId: string;
  request: Q;
  requestCodec: Codec<Q>;
  replyCodec: Codec<P>;
}

/**
 * Runs `run` in the transaction that stores its reply.
 * @throws RefusalError when `run` refuses, or the request_id was already used with a different request (REQUEST_ID_REUSED)
 */
export async function carryOutOnce<Q, P>(
  db: Database,
  call: OnceCall<Q, P>,
  run: (tx: Tx) => Promise<P>,
): Promise<P> {
  const callerKey = `${call.caller.agencyId}/${call.caller.officerId}`;
  const key = { caller: callerKey, method: call.method, requestId: call.requestId.toLowerCase() };
  const hash = digest('sha256', encodeMessage(call.requestCodec, call.request), 'buffer');
  const attempt = () =>
    db.transaction(async (tx) => {
      const before = (await findReplies(tx, [key])).get(keyOf(key));
      if (before)
        return before.hash.equals(hash) ? call.replyCodec.decode(before.reply) : refuse(requestIdReused);
      const reply = await run(tx);
      storeReplies(tx, [{ key, hash, reply: encodeMessage(call.replyCodec, reply) }]);
      return reply;
    });
  try {
    return await attempt();
  } catch (error) {
    // A concurrent call with the same request_id committed first. The second attempt returns its reply. A unique
    // violation inside `run` also gets one retry.
    if (!isUniqueViolation(error)) throw error;
    return attempt();
  }
}
