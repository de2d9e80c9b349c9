import {
  type ChannelStatus,
  MessageChannel,
  type Notification,
  NotificationState,
} from '@lienthong/contracts/notification';
import { toAct } from '@lienthong/eventlog';
import { enumField, field, manyOf, type Refusal, refuse } from '@lienthong/kit';
import { countOutdated } from '@lienthong/outbound';
import { z } from 'zod';
import { RecipientKind } from '../domain/recipients.ts';
import { CHANNEL_KEYS, type KnownChannel } from '../domain/topics.ts';
import { readCircuits } from '../store/circuits.ts';
import {
  type AttemptRow,
  countByChannel,
  type NotificationRow,
  readAttempts,
  readNotification,
  readNotifications,
  resend,
  resendFailed as resendOldestFailed,
} from '../store/operations.ts';
import { SEALED_TABLES } from '../store/reseal.ts';
import { list, mutation, OPERATORS, Operations, query } from './deps.ts';

/** Unspecified: all channels. */
const anyChannel = enumField(MessageChannel, MessageChannel.UNSPECIFIED).transform(
  (channel): MessageChannel => channel,
);

export const listNotifications = list(Operations.listNotifications, {
  policy: OPERATORS,
  request: z.object({
    states: manyOf(enumField(NotificationState), 10),
    channel: anyChannel,
    dossierCode: field.text({ max: 60 }),
    recipientId: field.text({ max: 100 }),
  }),
  cursor: z.number().int(),
  async handle({ page, ...filter }, _, { db }) {
    const rows = await readNotifications(db, filter, page.after, page.limit);
    const ids = rows.map(({ id }) => id);
    const attempts = Map.groupBy(await readAttempts(db, ids), ({ notification_id: id }) => id);
    return page.cut(
      rows,
      ({ n }) => n,
      (rows, nextPageToken) => ({
        notifications: rows.map((row) => toNotification(row, attempts.get(row.id) ?? [])),
        nextPageToken,
      }),
    );
  },
});

/** Refuses: NOTIFICATION_UNKNOWN. */
export const getNotification = query(Operations.getNotification, {
  policy: OPERATORS,
  request: z.object({ notificationId: field.uuid }),
  async handle({ notificationId }, _, { db }) {
    const [row, attempts] = await Promise.all([
      readNotification(db, notificationId),
      readAttempts(db, [notificationId]),
    ]);
    return { notification: toNotification(row ?? refuse(unknown), attempts) };
  },
});

/** Refuses: NOTIFICATION_UNKNOWN, NOTIFICATION_IN_APP, NOTIFICATION_PENDING, NOTIFICATION_DIGESTED. */
export const resendNotification = mutation(Operations.resendNotification, {
  policy: OPERATORS,
  request: z.object({ notificationId: field.uuid }),
  async run(tx, { notificationId }, { caller, now }, { events }) {
    const row = (await readNotification(tx, notificationId)) ?? refuse(unknown);
    const refusal = whyNotResend(row);
    if (refusal) refuse(refusal);
    resend(tx, notificationId, now);
    const { dossier_code: dossierCode } = row;
    const act = toAct('lienthong.notification.v1.NotificationResent', { notificationId }, { dossierCode });
    events.append(tx, [act], caller);
    return {};
  },
});

/** Per call, so that its transaction holds its locks for a short time. */
const MAX_RESENT = 1_000;
const SENT_CHANNELS = [MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.WEBHOOK];

export const resendFailed = mutation(Operations.resendFailed, {
  policy: OPERATORS,
  request: z.object({ channel: anyChannel }),
  async run(tx, { channel }, { caller, now }, { events }) {
    const channels = channel === MessageChannel.UNSPECIFIED ? SENT_CHANNELS : [channel];
    const resent = await resendOldestFailed(tx, channels, now, MAX_RESENT);
    const act = toAct('lienthong.notification.v1.FailedNotificationsResent', { channel, resent });
    events.append(tx, [act], caller);
    return { resent, more: resent === MAX_RESENT };
  },
});

export const getChannelStatus = query(Operations.getChannelStatus, {
  policy: OPERATORS,
  request: z.object({}),
  async handle(_, { now }, { db, sealer, configured }) {
    const [circuits, counts, outdated] = await Promise.all([
      readCircuits(db),
      countByChannel(db),
      countOutdated(db, sealer, SEALED_TABLES),
    ]);
    const channels = (Object.keys(CHANNEL_KEYS).map(Number) as KnownChannel[]).map(
      (channel): ChannelStatus => {
        const circuit = circuits.get(channel);
        const { pending = 0, failed = 0 } = counts.get(channel) ?? {};
        const isOpen = circuit !== undefined && circuit.failures > 0;
        return {
          channel,
          configured: configured.has(channel),
          circuitOpen: isOpen,
          nextTryAt: isOpen ? (circuit.openUntil ?? now) : undefined,
          pending: BigInt(pending),
          failed: BigInt(failed),
        };
      },
    );
    return { channels, sealedWithOlderKeys: BigInt(outdated) };
  },
});

const unknown: Refusal = {
  kind: 'not-found',
  reason: 'NOTIFICATION_UNKNOWN',
  message: 'no notification has this id; ListNotifications returns them',
};

function whyNotResend({ state, channel }: NotificationRow): Refusal | undefined {
  const precondition = (reason: string, message: string): Refusal => ({
    kind: 'failed-precondition',
    reason,
    message,
  });
  if (channel === MessageChannel.IN_APP)
    return precondition(
      'NOTIFICATION_IN_APP',
      'an in-app message is not sent; it is already in the application',
    );
  if (state === NotificationState.PENDING)
    return precondition(
      'NOTIFICATION_PENDING',
      'the message is not sent yet; see due_at and GetChannelStatus',
    );
  if (state === NotificationState.DIGESTED)
    return precondition('NOTIFICATION_DIGESTED', 'the message is part of a digest; resend the digest');
  return undefined;
}

const toNotification = (row: NotificationRow, attempts: readonly AttemptRow[]): Notification => ({
  id: row.id,
  topic: row.topic,
  channel: row.channel,
  priority: row.priority,
  state: row.state,
  eventId: row.event_id,
  dossierCode: row.dossier_code,
  recipientId: row.recipient_kind === RecipientKind.CITIZEN ? '' : row.recipient_id,
  createdAt: row.created_at,
  dueAt: row.due_at,
  templateKey: row.template_key,
  templateVersion: row.template_version,
  attempts: attempts.map((attempt) => ({
    number: attempt.number,
    at: attempt.at,
    durationMs: attempt.duration_ms ?? 0,
    accepted: attempt.accepted,
    answer:
      attempt.duration_ms === null ? 'no answer: it is being sent, or its process ended' : attempt.answer,
    nextAt: attempt.next_at ?? undefined,
    receipt: attempt.receipt,
    receiptAt: attempt.receipt_at ?? undefined,
  })),
});
