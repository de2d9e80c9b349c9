import { DossierStatus } from '@lienthong/contracts/casework';
import { NotificationState } from '@lienthong/contracts/notification';
import type { Database } from '@lienthong/kit';
import { RecipientKind } from '../domain/recipients.ts';

const { PENDING } = NotificationState;
const ENDED = [DossierStatus.REFUSED, DossierStatus.WITHDRAWN, DossierStatus.RESULT_RETURNED];

/**
 * Deletes one batch of old messages with their attempts, in the order of planning, except pending ones. Resolves to how
 * many were read, and to where the next batch begins: undefined when the rest is kept.
 */
export async function forgetMessages(
  db: Database,
  before: Date,
  after: number,
  limit: number,
): Promise<{ read: number; next: number | undefined }> {
  const [batch] = await db.query<{ read: number; last: number | null }>({
    name: 'forget_messages',
    // Attempts go with their messages (on delete cascade).
    text: `with oldest as materialized (
             select n, id, created_at < $1 as old, state from notification where n > $2 order by n limit $3),
           due as (select * from oldest where n < coalesce((select min(n) from oldest where not old), n + 1)),
           gone as (delete from notification d using due where d.id = due.id and d.state <> ${PENDING} and due.state <> ${PENDING})
           select count(*)::int as read, max(n) as last from due`,
    values: [before.toISOString(), after, limit],
  });
  const { read, last } = batch ?? { read: 0, last: null };
  return { read, next: read === limit ? (last ?? undefined) : undefined };
}

/**
 * Deletes contacts of citizens who followed a dossier before a moment, once the dossier has ended: refused, withdrawn,
 * result returned. A contact stays while a message to it is pending. Resolves to how many.
 */
export async function forgetFollowers(db: Database, before: Date, limit: number): Promise<number> {
  const rows = await db.query({
    name: 'forget_followers',
    text: `with ended as (
             select f.dossier_id from follower f join dossier d on d.id = f.dossier_id
              where f.since < $1 and d.status in (${ENDED.join(', ')})
                and not exists (
                  select 1 from notification n
                   where n.recipient_id = f.dossier_id::text and n.recipient_kind = ${RecipientKind.CITIZEN}
                     and n.state = ${PENDING} and not n.digest)
              limit $2)
           delete from follower f using ended where f.dossier_id = ended.dossier_id returning 1`,
    values: [before.toISOString(), limit],
  });
  return rows.length;
}
