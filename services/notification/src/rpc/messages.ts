import type { Message } from '@lienthong/contracts/notification';
import { type Context, field, manyOf } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { RecipientKind } from '../domain/recipients.ts';
import {
  countUnread,
  type MessageRow,
  markRead,
  type RecipientName,
  readMessages,
} from '../store/messages.ts';
import { type Deps, list, Notifications, query, STAFF } from './deps.ts';

/** The caller; and for messages that name no officer the agency, with those that it stands for. */
async function recipientsOf({ caller, today }: Context, { db, reference }: Deps): Promise<RecipientName[]> {
  await reference.refresh(db);
  const { agencyId, officerId } = caller;
  const agencyIds = agencyId === '' ? [] : standsForAll(reference.agencies, agencyId, today);
  return [
    { kind: RecipientKind.OFFICER, id: officerId },
    ...agencyIds.map((id) => ({ kind: RecipientKind.AGENCY, id })),
  ];
}

export const listMessages = list(Notifications.listMessages, {
  policy: STAFF,
  request: z.object({ unreadOnly: z.boolean() }),
  cursor: z.number().int(),
  async handle({ unreadOnly, page }, context, deps) {
    const recipients = await recipientsOf(context, deps);
    const rows = await readMessages(deps.db, recipients, unreadOnly, page.after, page.limit);
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
  handle: async (_, context, deps) => ({
    count: await countUnread(deps.db, await recipientsOf(context, deps)),
  }),
});

/** Safe to repeat: a message is marked once. */
export const markMessagesRead = query(Notifications.markRead, {
  changes: true,
  policy: STAFF,
  request: z.object({ messageIds: manyOf(field.uuid, 500) }),
  async handle({ messageIds }, context, deps) {
    const { db } = deps;
    const recipients = await recipientsOf(context, deps);
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
