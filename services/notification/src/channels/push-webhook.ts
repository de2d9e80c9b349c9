import { MessageChannel } from '@lienthong/contracts/notification';
import { type Clock, signWebhook } from '@lienthong/kit';
import type { Channel, Outgoing, Sent } from '../domain/channel.ts';
import type { ChannelSettings } from './config.ts';
import { call, sentBy } from './http.ts';
import { inParallel } from './in-parallel.ts';

export type PushWebhookSettings = ChannelSettings & { PUSH_WEBHOOK_URL: string; PUSH_WEBHOOK_SECRET: string };

/** What the receiver gets, as JSON. */
export interface PushedMessage {
  type: 'notification';
  /** ISO instant of the attempt. */
  timestamp: string;
  data: { id: string; recipientId: string; language: 'vi' | 'en'; title: string; body: string };
}

/** Messages for the province's own app or chat: a signed POST with the recipient's id, no address. */
export function pushWebhookChannel(settings: PushWebhookSettings, clock: Clock): Channel {
  return {
    kind: MessageChannel.WEBHOOK,
    send: (batch, signal) =>
      inParallel(batch, settings.PUSH_WEBHOOK_CONNECTIONS, (message) =>
        sendOne(settings, clock, message, signal),
      ),
    async close() {},
  };
}

async function sendOne(
  settings: PushWebhookSettings,
  clock: Clock,
  { id, to, language, title, body }: Outgoing,
  signal: AbortSignal,
): Promise<Sent> {
  const now = clock.now();
  const pushed: PushedMessage = {
    type: 'notification',
    timestamp: now.toISOString(),
    data: { id, recipientId: to, language, title, body },
  };
  const content = JSON.stringify(pushed);
  const headers = {
    'content-type': 'application/json',
    ...signWebhook([settings.PUSH_WEBHOOK_SECRET], id, now, content),
  };
  const within = AbortSignal.any([signal, AbortSignal.timeout(settings.PUSH_WEBHOOK_TIMEOUT_MS)]);
  const init = { method: 'POST', headers, body: content };
  return sentBy(await call(settings.PUSH_WEBHOOK_URL, init, within));
}
