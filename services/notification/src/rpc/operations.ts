import {
  type ChannelStatus,
  type GetChannelStatusRequest,
  type GetChannelStatusResponse,
  type GetNotificationRequest,
  type GetNotificationResponse,
  type ListNotificationsRequest,
  type ListNotificationsResponse,
  MessageChannel,
  type Notification,
  NotificationState,
  ResendFailedRequest,
  ResendFailedResponse,
  ResendNotificationRequest,
  ResendNotificationResponse,
} from '@lienthong/contracts/notification';
import { carryOutOnce } from '@lienthong/eventlog';
import {
  type CallInfo,
  cursorIn,
  enumField,
  field,
  manyOf,
  pageFields,
  pageOf,
  parse,
  type Refusal,
  refuse,
} from '@lienthong/kit';
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
import type { Edge } from './edge.ts';

/** Unspecified: of all channels. */
const anyChannel = enumField(MessageChannel, MessageChannel.UNSPECIFIED).transform(
  (channel): MessageChannel => channel,
);
const listSchema = z.object({
  states: manyOf(enumField(NotificationState), 10),
  channel: anyChannel,
  dossierCode: field.text({ max: 60 }),
  recipientId: field.text({ max: 100 }),
  ...pageFields,
});

export const listNotifications =
  ({ db }: Edge) =>
  async (request: ListNotificationsRequest): Promise<ListNotificationsResponse> => {
    const { pageSize, pageToken, ...filter } = parse(listSchema, request);
    const paging = { kind: 'notifications', cursor: z.number().int(), filter };
    const rows = await readNotifications(db, filter, cursorIn(paging, pageToken), pageSize + 1);
    const { page, nextPageToken } = pageOf(paging, rows, pageSize, ({ n }) => n);
    const attempts = await readAttempts(
      db,
      page.map(({ id }) => id),
    );
    const byId = Map.groupBy(attempts, (attempt) => attempt.notification_id);
    return { notifications: page.map((row) => toNotification(row, byId.get(row.id) ?? [])), nextPageToken };
  };

const oneSchema = z.object({ notificationId: field.uuid });

export const getNotification =
  ({ db }: Edge) =>
  async (request: GetNotificationRequest): Promise<GetNotificationResponse> => {
    const { notificationId } = parse(oneSchema, request);
    const [row, attempts] = await Promise.all([
      readNotification(db, notificationId),
      readAttempts(db, [notificationId]),
    ]);
    return { notification: toNotification(row ?? refuse(unknown), attempts) };
  };

const resendSchema = z.object({ requestId: field.uuid, notificationId: field.uuid });

export const resendNotification =
  ({ db, clock }: Edge) =>
  async (request: ResendNotificationRequest, info: CallInfo): Promise<ResendNotificationResponse> => {
    const { requestId, notificationId } = parse(resendSchema, request);
    return carryOutOnce(
      db,
      {
        method: 'ResendNotification',
        principal: info.principal,
        requestId,
        request,
        requestCodec: ResendNotificationRequest,
        replyCodec: ResendNotificationResponse,
      },
      async (tx) => {
        const row = (await readNotification(tx, notificationId)) ?? refuse(unknown);
        const refusal = whyNotAgain(row);
        if (refusal) refuse(refusal);
        resend(tx, notificationId, clock.now());
        return {};
      },
    );
  };

/** In one transaction, so that nobody waits long for it. */
const RESENT_AT_ONCE = 1_000;
const SENT_CHANNELS = [MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.WEBHOOK];

const resendFailedSchema = z.object({ requestId: field.uuid, channel: anyChannel });

export const resendFailed =
  ({ db, clock }: Edge) =>
  async (request: ResendFailedRequest, info: CallInfo): Promise<ResendFailedResponse> => {
    const { requestId, channel } = parse(resendFailedSchema, request);
    return carryOutOnce(
      db,
      {
        method: 'ResendFailed',
        principal: info.principal,
        requestId,
        request,
        requestCodec: ResendFailedRequest,
        replyCodec: ResendFailedResponse,
      },
      async (tx) => {
        const channels = channel === MessageChannel.UNSPECIFIED ? SENT_CHANNELS : [channel];
        const resent = await resendOldestFailed(tx, channels, clock.now(), RESENT_AT_ONCE);
        return { resent, more: resent === RESENT_AT_ONCE };
      },
    );
  };

export const getChannelStatus =
  ({ db, clock, sealer, configured }: Edge) =>
  async (_: GetChannelStatusRequest): Promise<GetChannelStatusResponse> => {
    const [circuits, counts, outdated] = await Promise.all([
      readCircuits(db),
      countByChannel(db),
      countOutdated(db, sealer, SEALED_TABLES),
    ]);
    const now = clock.now();
    const channels = (Object.keys(CHANNEL_KEYS).map(Number) as KnownChannel[]).map(
      (channel): ChannelStatus => {
        const circuit = circuits.get(channel);
        const { pending = 0, failed = 0 } = counts.get(channel) ?? {};
        const open = circuit !== undefined && circuit.failures > 0;
        return {
          channel,
          configured: configured.has(channel),
          circuitOpen: open,
          nextTryAt: open ? (circuit.openUntil ?? now) : undefined,
          pending: BigInt(pending),
          failed: BigInt(failed),
        };
      },
    );
    return { channels, sealedWithOlderKeys: BigInt(outdated) };
  };

const unknown: Refusal = {
  kind: 'not-found',
  reason: 'NOTIFICATION_UNKNOWN',
  message: 'there is no notification with this id; ListNotifications has them all',
};

function whyNotAgain({ state, channel }: NotificationRow): Refusal | undefined {
  const precondition = (reason: string, message: string): Refusal => ({
    kind: 'failed-precondition',
    reason,
    message,
  });
  if (channel === MessageChannel.IN_APP)
    return precondition('NOTIFICATION_IN_APP', 'an in-app message is there already; nothing is sent');
  if (state === NotificationState.PENDING)
    return precondition('NOTIFICATION_PENDING', 'it is still to be sent, see due_at and GetChannelStatus');
  if (state === NotificationState.DIGESTED)
    return precondition('NOTIFICATION_DIGESTED', 'it went into a digest; resend the digest');
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
      attempt.duration_ms === null ? 'no answer: still being sent, or the process ended' : attempt.answer,
    nextAt: attempt.next_at ?? undefined,
    receipt: attempt.receipt,
    receiptAt: attempt.receipt_at ?? undefined,
  })),
});
