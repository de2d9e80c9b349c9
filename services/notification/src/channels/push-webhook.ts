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

  async function toAgency({ url, secret }: Endpoint, message: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { headers, body } = signed(message, secret, clock.now());
    const { status, answer, retryAfter: asked } = await agencies.post(url, headers, body, signal);
    if (status === 0) return { outcome: 'unavailable', answer: answerOf(answer) };
    const retryAfterMs = retryAfter(asked ?? null, Date.now());
    return sentBy({ reached: true, status, retryAfterMs, text: answer });
  }

  /**
   * One receiver's messages one after another, for as long as one call may take: that it is slow or down says nothing
   * about the channel, and holds up nobody else. What it is not asked any more is as if it had not been claimed.
   */
  async function allToAgency(endpoint: Endpoint, messages: readonly Outgoing[], signal: AbortSignal) {
    const until = performance.now() + timeoutMs;
    const results: Sent[] = [];
    let down = false;
    for (const message of messages) {
      if (down) results.push({ outcome: 'untried', answer: '', afterMs: REST_MS });
      else if (signal.aborted || performance.now() > until)
        results.push({ outcome: 'untried', answer: '', afterMs: 0 });
      else {
        const sent = await toAgency(endpoint, message, signal);
        down = sent.outcome === 'unavailable';
        results.push(down ? { ...sent, outcome: 'retry' } : sent);
      }
    }
    return results;
  }

  async function allOf({ endpoint, messages }: Heap, signal: AbortSignal): Promise<Sent[]> {
    if (endpoint) return allToAgency(endpoint, messages, signal);
    if (province) return [await toProvince(province, messages[0] as Outgoing, signal)];
    return [{ outcome: 'refused', answer: 'there is no receiver any more' }];
  }

  return {
    kind: MessageChannel.WEBHOOK,
    async send(batch, signal) {
      const heaps = heapsOf(batch);
      const sent = await inParallel(heaps, settings.PUSH_WEBHOOK_CONNECTIONS, (heap) => allOf(heap, signal));
      const byKey = new Map(
        heaps.flatMap(({ messages }, i) => messages.map(({ id }, j) => [id, sent[i]?.[j]])),
      );
      return batch.map(({ id }) => byKey.get(id) ?? { outcome: 'untried', answer: '', afterMs: 0 });
    },
    async close() {
      agencies.close();
    },
  };
}

/** How long the other messages of a receiver that was not there wait for the next look at it. */
const REST_MS = 30_000;

interface Heap {
  endpoint: Endpoint | undefined;
  messages: Outgoing[];
}

/** What goes to one agency's receiver together; each of the province's by itself. */
const heapsOf = (batch: readonly Outgoing[]): Heap[] =>
  [...Map.groupBy(batch, ({ id, endpoint }) => endpoint?.url ?? id).values()].map((messages) => ({
    endpoint: messages[0]?.endpoint,
    messages,
  }));

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
