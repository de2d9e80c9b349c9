import { type Database, plainArray, reseal, type Sealer, sealedReplyPlace } from '@lienthong/kit';

const BATCH = 100;

interface ReplyRow {
  request_id: string;
  caller: string;
  method: string;
  reply: Buffer;
}

/**
 * Seals kept replies that carry a secret (`sealedReply`) with the first key: the old key is needed until this is
 * done, or until the replies expire. A reply that no key opens stays until it expires. A reply is written only if it has
 * not changed since it was read, so several processes may reseal at once. Resolves to the number of resealed replies.
 */
export async function resealReplies(
  db: Database,
  sealer: Sealer,
  methods: readonly string[],
): Promise<number> {
  let after: Pick<ReplyRow, 'request_id' | 'caller' | 'method'> = {
    request_id: '00000000-0000-0000-0000-000000000000',
    caller: '',
    method: '',
  };
  for (let resealed = 0; ; ) {
    const rows = await db.query<ReplyRow>({
      name: 'eventlog_sealed_replies',
      text: `select request_id, caller, method, reply from request
              where (request_id, caller, method) > ($1, $2, $3) and method = any($4::text[])
              order by request_id, caller, method limit $5`,
      values: [after.request_id, after.caller, after.method, methods, BATCH],
    });
    const changed = rows.flatMap((row) => {
      const sealed = row.reply.toString();
      const reply = reseal(sealer, sealed, sealedReplyPlace(row.method)) ?? sealed;
      return reply === sealed ? [] : [{ ...row, sealed, reply }];
    });
    if (changed.length > 0)
      await db.query({
        name: 'eventlog_reseal_replies',
        text: `update request r set reply = convert_to(n.reply, 'UTF8')
                 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
                      as n (request_id, caller, method, sealed, reply)
                where r.request_id = n.request_id and r.caller = n.caller and r.method = n.method
                  and r.reply = convert_to(n.sealed, 'UTF8')`,
        values: [
          plainArray(changed.map((c) => c.request_id)),
          changed.map((c) => c.caller),
          changed.map((c) => c.method),
          changed.map((c) => c.sealed),
          changed.map((c) => c.reply),
        ],
      });
    resealed += changed.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return resealed;
    after = last;
  }
}
