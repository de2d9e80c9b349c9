import type { NatsConnection, Status } from '@nats-io/nats-core';

/** Calls `reconnected` whenever the connection was lost and is there again, until the returned function is called. */
export function onReconnect(nats: NatsConnection, reconnected: () => void): () => void {
  const events = nats.status() as AsyncIterable<Status> & { stop?: () => void };
  void (async () => {
    for await (const { type } of events) if (type === 'reconnect') reconnected();
  })();
  return () => events.stop?.();
}
