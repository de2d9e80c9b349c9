import { packBytes, type Tx } from '@lienthong/kit';

/** What makes two calls the same request. */
export interface RequestKey {
  caller: string;
  method: string;
  /** UUID. */
  requestId: string;
}

export interface StoredReply {
  hash: Buffer;
  reply: Buffer;
}

export const keyOf = ({ caller, method, requestId }: RequestKey): string =>
  `${requestId} ${method} ${caller}`;

/** The replies given before to any of these requests, by key. One index probe each. */
export async function findReplies(tx: Tx, keys: readonly RequestKey[]): Promise<Map<string, StoredReply>> {
  const rows = await tx.query<{
    request_id: string;
    caller: string;
    method: string;
    hash: Buffer;
    reply: Buffer;
  }>({
    name: 'eventlog_find_replies',
    text: `select r.request_id, r.caller, r.method, r.request_hash as hash, r.reply
             from unnest($1::uuid[], $2::text[], $3::text[]) as k (request_id, caller, method)
             join request r using (request_id, caller, method)`,
    values: [keys.map((k) => k.requestId), keys.map((k) => k.caller), keys.map((k) => k.method)],
  });
  return new Map(
    rows.map(({ request_id: requestId, caller, method, hash, reply }) => [
      keyOf({ caller, method, requestId }),
      { hash, reply },
    ]),
  );
}

/** Fails with a unique violation when another process has carried out one of them meanwhile. */
export function storeReplies(
  tx: Tx,
  requests: readonly { key: RequestKey; hash: Buffer; reply: Uint8Array }[],
): void {
  if (requests.length === 0) return;
  const replies = packBytes(requests.map((r) => r.reply));
  tx.send({
    name: 'eventlog_store_replies',
    text: `insert into request (request_id, caller, method, request_hash, reply)
           select request_id, caller, method, request_hash, substring($7::bytea from start for size)
             from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::int[], $6::int[])
                  as r (request_id, caller, method, request_hash, start, size)`,
    values: [
      requests.map((r) => r.key.requestId),
      requests.map((r) => r.key.caller),
      requests.map((r) => r.key.method),
      requests.map((r) => r.hash),
      replies.starts,
      replies.sizes,
      replies.bytes,
    ],
  });
}

/** Forgets replies older than a number of days, a bounded number at a time. Returns how many. */
export async function forgetReplies(tx: Tx, days: number): Promise<number> {
  const rows = await tx.query<{ n: number }>({
    text: `with old as (select ctid from request where created_at < now() - make_interval(days => $1) limit 10000),
                gone as (delete from request where ctid in (select ctid from old) returning 1)
           select count(*) as n from gone`,
    values: [days],
  });
  return rows[0]?.n ?? 0;
}
