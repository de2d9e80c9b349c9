import type { Database } from '@lienthong/kit';

/**
 * Deletes one stretch of old messages with their tries, in the order of planning, but those that are still to be sent.
 * Resolves to how many were read, and to where the next stretch begins: undefined when the rest is to be kept.
 */
export async function forgetStretch(
  db: Database,
  before: Date,
  after: number,
  limit: number,
): Promise<{ read: number; next: number | undefined }> {
  const [stretch] = await db.query<{ read: number; last: number | null }>({
    name: 'forget_stretch',
    // Attempts go with their messages (on delete cascade).
    text: `with oldest as materialized (
             select n, id, created_at < $1 as old, state from notification where n > $2 order by n limit $3),
           due as (select * from oldest where n < coalesce((select min(n) from oldest where not old), n + 1)),
           gone as (delete from notification d using due where d.id = due.id and d.state <> 1 and due.state <> 1)
           select count(*)::int as read, max(n) as last from due`,
    values: [before.toISOString(), after, limit],
  });
  const { read, last } = stretch ?? { read: 0, last: null };
  return { read, next: read === limit ? (last ?? undefined) : undefined };
}

/**
 * Forgets contacts of citizens who asked before a moment, and whose dossier has come to its end: refused, withdrawn,
 * result returned. Not while a message to them waits. Resolves to how many.
 */
export async function forgetFollowers(db: Database, before: Date, limit: number): Promise<number> {
  const rows = await db.query({
    name: 'forget_followers',
    text: `with over as (
             select f.dossier_id from follower f join dossier d on d.id = f.dossier_id
              where f.since < $1 and d.status in (3, 7, 10)
                and not exists (
                  select 1 from notification n
                   where n.recipient_id = f.dossier_id::text and n.recipient_kind = 3 and n.state = 1 and not n.digest)
              limit $2)
           delete from follower f using over where f.dossier_id = over.dossier_id returning 1`,
    values: [before.toISOString(), limit],
  });
  return rows.length;
}
