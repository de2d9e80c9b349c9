import {
  MessageChannel,
  NotificationState,
  type Priority,
  type Topic,
} from '@lienthong/contracts/notification';
import type { Reader, Tx } from '@lienthong/kit';

export interface MessageRow {
  n: number;
  id: string;
  topic: Topic;
  priority: Priority;
  title: string;
  body: string;
  dossier_code: string;
  document_id: string;
  created_at: Date;
  read_at: Date | null;
}

/** In-app messages to any of the recipients, newest first; a page reads one index range per recipient. */
export const readMessages = (
  reader: Reader,
  recipients: readonly string[],
  unreadOnly: boolean,
  before: number | undefined,
  limit: number,
) =>
  reader.query<MessageRow>({
    name: unreadOnly ? 'read_unread_messages' : 'read_messages',
    text: `select m.* from unnest($1::text[]) as r (recipient_id)
            cross join lateral (
              select n, id, topic, priority, title, body, dossier_code, document_id, created_at, read_at
                from notification
               where channel = ${MessageChannel.IN_APP} and recipient_id = r.recipient_id and n < $2
                 ${unreadOnly ? 'and read_at is null' : ''}
               order by n desc limit $3) m
            order by m.n desc limit $3`,
    values: [recipients, before ?? Number.MAX_SAFE_INTEGER, limit],
  });

export async function countUnread(reader: Reader, recipients: readonly string[]): Promise<number> {
  const [row] = await reader.query<{ count: number }>({
    name: 'count_unread',
    text: `select count(*) as count from notification
            where channel = ${MessageChannel.IN_APP} and read_at is null and recipient_id = any($1::text[])`,
    values: [recipients],
  });
  return row?.count ?? 0;
}

/** Marks messages of the recipients as read, which is delivered; no ids: all. Resolves to how many were unread. */
export async function markRead(
  tx: Tx,
  recipients: readonly string[],
  ids: readonly string[],
  now: Date,
): Promise<number> {
  const rows = await tx.query({
    name: ids.length === 0 ? 'mark_all_read' : 'mark_read',
    text: `update notification set read_at = $2, state = ${NotificationState.DELIVERED}
            where channel = ${MessageChannel.IN_APP} and read_at is null and recipient_id = any($1::text[])
              ${ids.length === 0 ? '' : 'and id = any($3::uuid[])'}
           returning 1`,
    values: ids.length === 0 ? [recipients, now.toISOString()] : [recipients, now.toISOString(), ids],
  });
  return rows.length;
}
