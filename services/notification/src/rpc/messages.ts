import type { Message } from '@lienthong/contracts/notification';
import { type Context, field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import { countUnread, type MessageRow, markRead, readMessages } from '../store/messages.ts';
import { list, Notifications, query, STAFF } from './deps.ts';

/** The caller, and the agency for messages that name no officer. */
const recipientsOf = ({ caller }: Context): string[] =>
  [caller.officerId, caller.agencyId].filter((id) => id !== '');

export const listMessages = list(Notifications.listMessages, {
  policy: STAFF,
  request: z.object({ unreadOnly: z.boolean() }),
  cursor: z.number().int(),
  async handle({ unreadOnly, page }, context, { db }) {
    const rows = await readMessages(db, recipientsOf(context), unreadOnly, page.after, page.limit);
    return page.cut(
      rows,
      ({ n }) => n,
      (rows, nextPageToken) => ({ messages: rows.map(toMessage), nextPageToken }),
    );
  },
});

export const countUnreadMessages = query(Notifications.countUnread, {
  policy: STAFF,
  request: z.object({}),
  handle: async (_, context, { db }) => ({ count: await countUnread(db, recipientsOf(context)) }),
});

/** Safe to repeat: a message is marked once. */
export const markMessagesRead = query(Notifications.markRead, {
  policy: STAFF,
  request: z.object({ messageIds: manyOf(field.uuid, 500) }),
  async handle({ messageIds }, context, { db }) {
    const recipients = recipientsOf(context);
    return { marked: await db.transaction((tx) => markRead(tx, recipients, messageIds, context.now)) };
  },
});

const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  topic: row.topic,
  priority: row.priority,
  title: row.title,
  body: row.body,
  dossierCode: row.dossier_code,
  documentId: row.document_id,
  at: row.created_at,
  readAt: row.read_at ?? undefined,
});
