import {
  type Language,
  MessageChannel,
  NotificationState,
  type Priority,
  type Topic,
} from '@lienthong/contracts/notification';
import type { Reader, Tx } from '@lienthong/kit';
import { RecipientKind } from '../domain/recipients.ts';
import { CHANNEL_KEYS } from '../domain/topics.ts';

const { PENDING, FAILED } = NotificationState;
const CHANNELS = Object.keys(CHANNEL_KEYS);

export interface NotificationRow {
  n: number;
  id: string;
  topic: Topic;
  channel: MessageChannel;
  priority: Priority;
  state: NotificationState;
  language: Language;
  event_id: string;
  dossier_code: string;
  recipient_kind: RecipientKind;
  recipient_id: string;
  created_at: Date;
  due_at: Date;
  template_key: string;
  template_version: number;
}

export interface AttemptRow {
  notification_id: string;
  number: number;
  at: Date;
  duration_ms: number | null;
  accepted: boolean;
  answer: string;
  next_at: Date | null;
  receipt: string;
  receipt_at: Date | null;
}

const COLUMNS = `n, id, topic, channel, priority, state, language, event_id, dossier_code, recipient_kind,
                 recipient_id, created_at, due_at, template_key, template_version`;

export interface NotificationFilter {
  states: readonly NotificationState[];
  channel: MessageChannel;
  dossierCode: string;
  recipientId: string;
}

/** Newest first. An empty filter stays out of the statement, so that the planner picks the index of the others. */
export function readNotifications(
  reader: Reader,
  { states, channel, dossierCode, recipientId }: NotificationFilter,
  before: number | undefined,
  limit: number,
): Promise<NotificationRow[]> {
  const values: unknown[] = [before ?? Number.MAX_SAFE_INTEGER, limit];
  const conditions = ['n < $1'];
  const only = (condition: (parameter: string) => string, value: unknown) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  // A constant, so that the partial index of what failed fits.
  if (states.length === 1) conditions.push(`state = ${Number(states[0])}`);
  else if (states.length > 1) only((p) => `state = any(${p}::smallint[])`, states);
  if (channel !== MessageChannel.UNSPECIFIED) only((p) => `channel = ${p}`, channel);
  if (dossierCode !== '') only((p) => `dossier_code = ${p} and dossier_code <> ''`, dossierCode);
  // Messages to citizens have the dossier's id as recipient; it is not a recipient's name.
  if (recipientId !== '')
    only((p) => `recipient_id = ${p} and recipient_kind <> ${RecipientKind.CITIZEN}`, recipientId);
  return reader.query<NotificationRow>({
    text: `select ${COLUMNS} from notification where ${conditions.join(' and ')} order by n desc limit $2`,
    values,
  });
}

export async function readNotification(reader: Reader, id: string): Promise<NotificationRow | undefined> {
  const rows = await reader.query<NotificationRow>({
    name: 'read_notification',
    text: `select ${COLUMNS} from notification where id = $1`,
    values: [id],
  });
  return rows[0];
}

export const readAttempts = (reader: Reader, ids: readonly string[]) =>
  reader.query<AttemptRow>({
    name: 'read_attempts',
    text: `select notification_id, number, at, duration_ms, accepted, answer, next_at, receipt, receipt_at from attempt
            where notification_id = any($1::uuid[]) order by notification_id, number`,
    values: [ids],
  });

/** Makes a message pending again, in every state. */
export function resend(tx: Tx, id: string, now: Date): void {
  tx.send({
    name: 'resend',
    text: `update notification set state = ${PENDING}, failures = 0, round = round + 1, due_at = $2, digest = false where id = $1`,
    values: [id, now.toISOString()],
  });
}

/** Makes up to `limit` failed messages pending again, the oldest of each channel first. Resolves to how many. */
export async function resendFailed(
  tx: Tx,
  channels: readonly MessageChannel[],
  now: Date,
  limit: number,
): Promise<number> {
  const rows = await tx.query({
    name: 'resend_failed',
    text: `update notification n set state = ${PENDING}, failures = 0, round = round + 1, due_at = $2
             from (select f.id from unnest($1::smallint[]) as c (channel)
                    cross join lateral (
                      select id from notification where state = ${FAILED} and channel = c.channel
                       order by n limit $3 for update skip locked) f
                    limit $3) due
            where n.id = due.id returning 1`,
    values: [channels, now.toISOString(), limit],
  });
  return rows.length;
}

/** The number of pending and failed messages, by channel. */
export async function countByChannel(
  reader: Reader,
): Promise<Map<MessageChannel, { pending: number; failed: number }>> {
  const rows = await reader.query<{ channel: MessageChannel; pending: number; failed: number }>({
    name: 'count_by_channel',
    text: `select c.channel,
                  (select count(*) from notification n where n.channel = c.channel and n.state = ${PENDING} and not n.digest)
                  + (select count(*) from notification n where n.channel = c.channel and n.state = ${PENDING} and n.digest)
                  as pending,
                  (select count(*) from notification n where n.channel = c.channel and n.state = ${FAILED}) as failed
             from unnest(array[${CHANNELS.join(', ')}]::smallint[]) as c (channel)`,
  });
  return new Map(rows.map((row) => [row.channel, row]));
}
