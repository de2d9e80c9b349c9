import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { LoggedEvent } from '../event.ts';
import type { EventMac } from '../wire/mac.ts';
import { toHeaders } from '../wire/message.ts';

const ACK_TIMEOUT_MS = 5_000;

/**
 * Publishes consecutive events, and resolves when the stream holds them all.
 *
 * Every message carries the sequence it expects before it, so the server refuses all messages after a refused one:
 * the acknowledgement of the last one stands for the whole run, and only that one is requested.
 *
 * @throws when the last is not acknowledged in 5 s or is refused (the stream is at another position: read its state)
 */
export async function publishRun(
  nats: NatsConnection,
  source: string,
  events: readonly LoggedEvent[],
  mac: EventMac,
): Promise<void> {
  const last = events.length - 1;
  for (let i = 0; i < last; i += 1) {
    const event = events[i] as LoggedEvent;
    nats.publish(event.subject, event.payload, { headers: toHeaders(event, source, mac) });
  }
  const event = events[last];
  if (event === undefined) return;
  const ack = await jetstream(nats).publish(event.subject, event.payload, {
    headers: toHeaders(event, source, mac),
    timeout: ACK_TIMEOUT_MS,
    retries: 0,
  });
  if (ack.seq !== event.position) {
    throw new Error(`event ${event.position} was stored at sequence ${ack.seq} of stream ${ack.stream}`);
  }
}
