import { hash as digest } from 'node:crypto';
import { type Caller, type Database, isUniqueViolation, refuse, type Tx } from '@lienthong/kit';
import type { Codec } from './bus.ts';
import { requestIdReused } from './bus.ts';
import { findReplies, keyOf, storeReplies } from './requests.ts';

/** A mutation without events: what `CommandBus` promises of a request_id, for settings and the like. */
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
 * @throws RefusalError when `run` refuses, or the request_id was used for another body (REQUEST_ID_REUSED)
 */
export async function carryOutOnce<Q, P>(
  db: Database,
  call: OnceCall<Q, P>,
  run: (tx: Tx) => Promise<P>,
): Promise<P> {
  const caller = `${call.caller.agencyId}/${call.caller.officerId}`;
  const key = { caller, method: call.method, requestId: call.requestId.toLowerCase() };
  const hash = digest('sha256', call.requestCodec.encode(call.request).finish(), 'buffer');
  const attempt = () =>
    db.transaction(async (tx) => {
      const before = (await findReplies(tx, [key])).get(keyOf(key));
      if (before)
        return before.hash.equals(hash) ? call.replyCodec.decode(before.reply) : refuse(requestIdReused);
      const reply = await run(tx);
      storeReplies(tx, [{ key, hash, reply: call.replyCodec.encode(reply).finish() }]);
      return reply;
    });
  try {
    return await attempt();
  } catch (error) {
    // The same request was carried out at the same moment; its reply is there now.
    if (!isUniqueViolation(error)) throw error;
    return attempt();
  }
}
