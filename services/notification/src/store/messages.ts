import {
  MessageChannel,
  NotificationState,
  type Priority,
  type Topic,
} from '@lienthong/contracts/notification';
import type { Reader, Tx } from '@lienthong/kit';
import type { RecipientKind } from '../domain/recipients.ts';

/** An officer's and an agency's id are not of one namespace. */
export interface RecipientName {
  kind: RecipientKind;
  id: string;
}

const columnsOf = (recipients: readonly RecipientName[]) => [
  recipients.map(({ kind }) => kind),
  recipients.map(({ id }) => id),
];

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
  recipients: readonly RecipientName[],
  unreadOnly: boolean,
  before: number | undefined,
  limit: number,
) =>
  reader.query<MessageRow>({
    name: unreadOnly ? 'read_unread_messages' : 'read_messages',
    text: `select m.* from unnest($1::smallint[], $2::text[]) as r (kind, id)
            cross join lateral (
              select n, id, topic, priority, title, body, dossier_code, document_id, created_at, read_at
                from notification
               where channel = ${MessageChannel.IN_APP} and recipient_id = r.id and recipient_kind = r.kind
                 and n < $3
                 ${unreadOnly ? 'and read_at is null' : ''}
               order by n desc limit $4) m
            order by m.n desc limit $4`,
    values: [...columnsOf(recipients), before ?? Number.MAX_SAFE_INTEGER, limit],
  });

export async function countUnread(reader: Reader, recipients: readonly RecipientName[]): Promise<number> {
  const [row] = await reader.query<{ count: number }>({
    name: 'count_unread',
    text: `select count(*) as count from notification
            where channel = ${MessageChannel.IN_APP} and read_at is null
              and recipient_id = any($2::text[])
              and (recipient_kind, recipient_id) in (select * from unnest($1::smallint[], $2::text[]))`,
    values: columnsOf(recipients),
  });
  return row?.count ?? 0;
}

/** Marks messages of the recipients as read, which is delivered; no ids: all. Resolves to how many were unread. */
export async function markRead(
  tx: Tx,
  recipients: readonly RecipientName[],
  ids: readonly string[],
  now: Date,
): Promise<number> {
  const rows = await tx.query({
    name: ids.length === 0 ? 'mark_all_read' : 'mark_read',
    text: `update notification set read_at = $3, state = ${NotificationState.DELIVERED}
            where channel = ${MessageChannel.IN_APP} and read_at is null
              and recipient_id = any($2::text[])
              and (recipient_kind, recipient_id) in (select * from unnest($1::smallint[], $2::text[]))
              ${ids.length === 0 ? '' : 'and id = any($4::uuid[])'}
           returning 1`,
    values: [...columnsOf(recipients), now.toISOString(), ...(ids.length === 0 ? [] : [ids])],
  });
  return rows.length;
}
