import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Placed } from './copies.ts';

const REPLY_MS = 10_000;
const BATCH = 5_000;
const BATCH_MS = 5_000;

/** A connection of the administrator's that is given up when the server is away. */
export async function withNats<T>(url: string, run: (nats: NatsConnection) => Promise<T>): Promise<T> {
  const { host, username, password } = new URL(url);
  const nats = await connect({
    servers: host,
    user: decodeURIComponent(username),
    pass: decodeURIComponent(password),
    name: 'chaos',
    timeout: REPLY_MS,
    maxReconnectAttempts: 3,
  });
  try {
    return await run(nats);
  } finally {
    await nats.close();
  }
}

/** What the stream that takes these subjects holds, in its order: nothing when there is none. Every wait is bounded. */
export async function readStream(nats: NatsConnection, subjects: string): Promise<Placed[]> {
  const manager = await jetstreamManager(nats, { checkAPI: false, timeout: REPLY_MS });
  const [name] = await manager.streams.names(subjects).next();
  if (name === undefined) return [];
  const { state } = await manager.streams.info(name);
  const read: Placed[] = [];
  const consumer = await jetstream(nats, { timeout: REPLY_MS }).consumers.get(name, {
    deliver_policy: DeliverPolicy.All,
    headers_only: true,
  });
  while (read.length < state.messages) {
    const before = read.length;
    // No more than there are: it would wait for them.
    const size = Math.min(BATCH, state.messages - before);
    for await (const { seq, headers } of await consumer.fetch({ max_messages: size, expires: BATCH_MS }))
      read.push({ position: String(seq), event_id: headers?.get('ce-id') ?? '' });
    if (read.length === before)
      throw new Error(`stream ${name} gave ${read.length} of ${state.messages} messages`);
  }
  return read;
}
