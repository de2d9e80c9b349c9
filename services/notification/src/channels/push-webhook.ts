import { MessageChannel } from '@lienthong/contracts/notification';
import { type Clock, systemClock } from '@lienthong/kit';
import { type HttpClient, signWebhook } from '@lienthong/outbound';
import type { Channel, Endpoint, OutgoingMessage, SendResult } from '../domain/channel.ts';
import type { ChannelSettings } from './config.ts';
import { toSendResult } from './http-result.ts';
import { inParallel } from './in-parallel.ts';

/** The body of a request, as JSON. */
export interface PushedMessage {
  type: 'notification';
  /** ISO instant of the attempt. */
  timestamp: string;
  data: { id: string; recipientId: string; language: 'vi' | 'en'; title: string; body: string };
}

/** How long the other messages of a receiver that did not answer wait. */
const REST_MS = 30_000;

/**
 * Messages to an agency's own receiver, or to the province's app or chat: a signed POST with the recipient's id and no
 * address. The client for agencies checks at every connection where it leads.
 */
export function pushWebhookChannel(
  settings: ChannelSettings,
  province: Endpoint | undefined,
  http: { province: HttpClient; agencies: HttpClient },
  clock: Clock,
): Channel {
  const timeoutMs = settings.PUSH_WEBHOOK_TIMEOUT_MS;

  async function post(client: HttpClient, to: Endpoint, message: OutgoingMessage, signal: AbortSignal) {
    const request = signedRequest(message, to, clock.now());
    return toSendResult(await client.send({ ...request, signal }));
  }

  /**
   * One receiver's messages one after another, for as long as one request may take. A receiver that is slow or down
   * does not make the channel unavailable and delays no other receiver. Messages it gets no request for count as not claimed.
   */
  async function sendToAgency(endpoint: Endpoint, messages: readonly OutgoingMessage[], signal: AbortSignal) {
    const until = performance.now() + timeoutMs;
    const results: SendResult[] = [];
    let down = false;
    for (const message of messages) {
      if (down) results.push({ kind: 'untried', afterMs: REST_MS });
      else if (signal.aborted || performance.now() > until) results.push({ kind: 'untried', afterMs: 0 });
      else {
        const sent = await post(http.agencies, endpoint, message, signal);
        down = sent.kind === 'unavailable';
        results.push(sent.kind === 'unavailable' ? { ...sent, kind: 'retry' } : sent);
      }
    }
    return results;
  }

  async function sendAll({ endpoint, messages }: ReceiverBatch, signal: AbortSignal): Promise<SendResult[]> {
    if (endpoint) return sendToAgency(endpoint, messages, signal);
    if (province) return [await post(http.province, province, messages[0] as OutgoingMessage, signal)];
    return [{ kind: 'refused', answer: 'the receiver was removed', cause: 'NO_RECEIVER' }];
  }

  return {
    kind: MessageChannel.WEBHOOK,
    async send(batch, signal) {
      const batches = groupByReceiver(batch);
      const sent = await inParallel(batches, settings.PUSH_WEBHOOK_CONNECTIONS, (one) =>
        sendAll(one, signal),
      );
      const byKey = new Map(
        batches.flatMap(({ messages }, i) => messages.map(({ id }, j) => [id, sent[i]?.[j]])),
      );
      return batch.map(({ id }) => byKey.get(id) ?? { kind: 'untried', afterMs: 0 });
    },
    async close() {
      http.province.close();
      http.agencies.close();
    },
  };
}

interface ReceiverBatch {
  endpoint: Endpoint | undefined;
  messages: OutgoingMessage[];
}

/** The messages of one agency's receiver together; each of the province's alone. */
const groupByReceiver = (batch: readonly OutgoingMessage[]): ReceiverBatch[] =>
  [...Map.groupBy(batch, ({ id, endpoint }) => endpoint?.url ?? id).values()].map((messages) => ({
    endpoint: messages[0]?.endpoint,
    messages,
  }));

function signedRequest(
  { id, to, language, title, body: text }: OutgoingMessage,
  { url, secret }: Endpoint,
  now: Date,
) {
  const pushed: PushedMessage = {
    type: 'notification',
    timestamp: now.toISOString(),
    data: { id, recipientId: to, language, title, body: text },
  };
  const body = JSON.stringify(pushed);
  // By real time, which the receiver compares with its own (ADR 60).
  const signature = signWebhook([secret], id, systemClock.now(), body);
  return { url, headers: { 'content-type': 'application/json', ...signature }, body };
}
