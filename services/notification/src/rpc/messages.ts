import type {
  CountUnreadRequest,
  CountUnreadResponse,
  ListMessagesRequest,
  ListMessagesResponse,
  MarkReadRequest,
  MarkReadResponse,
  Message,
} from '@lienthong/contracts/notification';
import { type CallInfo, cursorIn, field, manyOf, pageFields, pageOf, parse } from '@lienthong/kit';
import { z } from 'zod';
import { countUnread, type MessageRow, markRead, readMessages } from '../store/messages.ts';
import type { Edge } from './edge.ts';

/** The caller, and their agency for what was told to nobody in particular. */
const recipientsOf = ({ principal }: CallInfo): string[] =>
  [principal.officerId, principal.agencyId].filter((id) => id !== '');

const listSchema = z.object({ unreadOnly: z.boolean(), ...pageFields });

export const listMessages =
  ({ db }: Edge) =>
  async (request: ListMessagesRequest, info: CallInfo): Promise<ListMessagesResponse> => {
    const { unreadOnly, pageSize, pageToken } = parse(listSchema, request);
    const recipients = recipientsOf(info);
    const paging = { kind: 'messages', cursor: z.number().int(), filter: [recipients, unreadOnly] };
    const rows = await readMessages(db, recipients, unreadOnly, cursorIn(paging, pageToken), pageSize + 1);
    const { page, nextPageToken } = pageOf(paging, rows, pageSize, ({ n }) => n);
    return { messages: page.map(toMessage), nextPageToken };
  };

export const countUnreadMessages =
  ({ db }: Edge) =>
  async (_: CountUnreadRequest, info: CallInfo): Promise<CountUnreadResponse> => ({
    count: await countUnread(db, recipientsOf(info)),
  });

const markSchema = z.object({ messageIds: manyOf(field.uuid, 500) });

export const markMessagesRead =
  ({ db, clock }: Edge) =>
  async (request: MarkReadRequest, info: CallInfo): Promise<MarkReadResponse> => {
    const { messageIds } = parse(markSchema, request);
    const marked = await db.transaction((tx) => markRead(tx, recipientsOf(info), messageIds, clock.now()));
    return { marked };
  };

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
