import { MessageChannel } from '@lienthong/contracts/notification';
import { type Clock, type Poster, signWebhook } from '@lienthong/kit';
import type { Channel, Endpoint, Outgoing, Sent } from '../domain/channel.ts';
import { answerOf } from './answer.ts';
import type { ChannelSettings } from './config.ts';
import { call, retryAfter, sentBy } from './http.ts';
import { inParallel } from './in-parallel.ts';

/** What the receiver gets, as JSON. */
export interface PushedMessage {
  type: 'notification';
  /** ISO instant of the attempt. */
  timestamp: string;
  data: { id: string; recipientId: string; language: 'vi' | 'en'; title: string; body: string };
}

/**
 * Messages for an agency's own receiver, else for the province's app or chat: a signed POST with the recipient's id, no
 * address. Where an agency's leads is checked at every connection by `agencies`.
 */
export function pushWebhookChannel(
  settings: ChannelSettings,
  province: Endpoint | undefined,
  agencies: Poster,
  clock: Clock,
): Channel {
  const timeoutMs = settings.PUSH_WEBHOOK_TIMEOUT_MS;

  async function toProvince({ url, secret }: Endpoint, message: Outgoing, signal: AbortSignal) {
    const { headers, body } = signed(message, secret, clock.now());
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    return sentBy(await call(url, { method: 'POST', headers, body }, within));
  }

  async function toAgency({ url, secret }: Endpoint, message: Outgoing): Promise<Sent> {
    const { headers, body } = signed(message, secret, clock.now());
    const { status, answer, retryAfter: asked } = await agencies.post(url, headers, body);
    const sent: Sent =
      status === 0
        ? { outcome: 'unavailable', answer: answerOf(answer) }
        : sentBy({
            reached: true,
            status,
            retryAfterMs: retryAfter(asked ?? null, Date.now()),
            text: answer,
          });
    // That one agency's receiver is down says nothing about the channel: its messages wait, the others' go on.
    return sent.outcome === 'unavailable' ? { ...sent, outcome: 'retry' } : sent;
  }

  return {
    kind: MessageChannel.WEBHOOK,
    send: (batch, signal) =>
      inParallel(batch, settings.PUSH_WEBHOOK_CONNECTIONS, async (message): Promise<Sent> => {
        if (signal.aborted) return { outcome: 'retry', answer: 'not sent: no time was left' };
        if (message.endpoint) return toAgency(message.endpoint, message);
        if (province) return toProvince(province, message, signal);
        return { outcome: 'refused', answer: 'there is no receiver any more' };
      }),
    async close() {
      agencies.close();
    },
  };
}

function signed({ id, to, language, title, body: text }: Outgoing, secret: string, now: Date) {
  const pushed: PushedMessage = {
    type: 'notification',
    timestamp: now.toISOString(),
    data: { id, recipientId: to, language, title, body: text },
  };
  const body = JSON.stringify(pushed);
  const headers = { 'content-type': 'application/json', ...signWebhook([secret], id, now, body) };
  return { headers, body };
}
