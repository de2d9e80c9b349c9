import type { EventSource } from '@lienthong/contracts/events';
import { type Logger, pause, wakeup } from '@lienthong/kit';
import {
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  type JsMsg,
  jetstream,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { metrics } from '@opentelemetry/api';
import type { EventMac } from '../wire/mac.ts';
import { onReconnect } from '../wire/on-reconnect.ts';
import { streamName } from '../wire/stream.ts';
import { type RawEvent, toRawEvent } from './raw-event.ts';

export interface ReadOptions {
  nats: NatsConnection;
  log: Logger;
  subjectRoot: string;
  source: EventSource;
  /** What vouches for the source's messages. */
  mac: EventMac;
  /** The first position to read. */
  from: number;
  signal: AbortSignal;
}

const MAX_BATCH = 1_024;
const MAX_BUFFERED = 4_096;
const REOPEN_MS = 200;

/**
 * The events of a stream from a position on, gapless and in order, in batches; ends when the signal aborts.
 * Reads without acknowledgements: the reader's own cursor says how far it is. Whatever the broker does (restart,
 * lose its tail, lose the stream), reading goes on once the stream holds the next position. It stands before a message
 * that the source's relay did not publish just so and there: nothing of it, nor of what follows, takes effect.
 */
export async function* readStream(options: ReadOptions): AsyncGenerator<RawEvent[]> {
  const { signal, log } = options;
  let next = options.from;
  let reported: number | undefined;
  let failures = 0;
  // So that the metric is there before the first such message.
  countRefused(options.source, 0);
  while (!signal.aborted) {
    const buffer: JsMsg[] = [];
    const more = wakeup();
    const room = wakeup();
    let ended = false;
    let left = false;
    let consumer: Consumer;
    let messages: ConsumerMessages;
    try {
      consumer = await open(options, next, patienceMs(failures));
      messages = await consumer.consume({ max_messages: 2_048, idle_heartbeat: 1_000, expires: 10_000 });
      failures = 0;
    } catch (err) {
      failures += 1;
      log.debug({ err, source: options.source, failures }, 'stream not there yet');
      await pause(REOPEN_MS, signal);
      continue;
    }
    const stop = () => void messages.close();
    signal.addEventListener('abort', stop, { once: true });
    // nats.js would ask for the old reader, every ten seconds and for as long as the server that held it is away.
    const stopWatching = onReconnect(options.nats, stop);
    const watching = watch(messages);
    const reading = (async () => {
      for await (const message of messages) {
        buffer.push(message);
        if (buffer.length === 1) more.ring();
        while (buffer.length >= MAX_BUFFERED && !left && !signal.aborted) await room.wait(1_000, signal);
      }
    })()
      .catch((err) =>
        log.warn({ err, source: options.source }, 'reading interrupted; opening the stream again'),
      )
      .finally(() => {
        ended = true;
        more.ring();
      });

    // `finally` also runs when the reader of this generator stops early.
    try {
      while (!signal.aborted) {
        if (buffer.length === 0) {
          if (ended) break;
          await more.wait(1_000, signal);
          continue;
        }
        // Collects what else arrives in this turn of the event loop.
        await new Promise(setImmediate);
        const batch: RawEvent[] = [];
        // A broker that lost its tail sends messages again that were read before.
        const unread = buffer.splice(0, MAX_BATCH).filter((message) => message.seq >= next);
        room.ring();
        for (const message of unread) {
          const event = message.seq === next ? toRawEvent(message, options.mac) : undefined;
          if (event === undefined) break;
          batch.push(event);
          next += 1;
        }
        if (batch.length > 0) yield batch;
        const blocking = unread[batch.length];
        if (blocking !== undefined) {
          // To skip the position would lose its event: wait until the relay, or an operator, has repaired the stream.
          if (reported !== next) report(options, blocking, next);
          reported = next;
          break;
        }
      }
    } finally {
      left = true;
      room.ring();
      signal.removeEventListener('abort', stop);
      stopWatching();
      await messages.close();
      await Promise.all([reading, watching]);
      // A server that cannot be reached deletes the consumer itself, after five minutes.
      consumer.delete().catch((err) => log.debug({ err, source: options.source }, 'reader not deleted'));
    }
    if (!signal.aborted) await pause(REOPEN_MS, signal);
  }
}

/** The meter is looked up here, because telemetry starts after this file is loaded. */
const countRefused = (source: string, messages: number) =>
  metrics
    .getMeter('lienthong.eventlog')
    .createCounter('lienthong.stream.refused', {
      unit: '{message}',
      description:
        'Messages at which a reader stopped, because the relay of their source did not publish them',
    })
    .add(messages, { 'lienthong.source': source });

function report({ log, source }: ReadOptions, { seq, subject }: JsMsg, position: number): void {
  if (seq !== position) {
    log.warn({ source, position }, 'the stream lacks an event');
    return;
  }
  countRefused(source, 1);
  log.error(
    { source, position, subject },
    'reading stops at a message that the relay of this source did not publish: something else published to the ' +
      'stream, or EVENT_MAC_KEYS lacks a key',
  );
}

/**
 * How long a request to JetStream waits for its reply after so many failures, in ms. None comes while a group of servers
 * elects a leader, nor for a reader that was placed on a server that has just ended: the next request is sent soon. A
 * broker that is slow gets more time.
 */
const patienceMs = (failures: number): number => Math.min(1_000 + 250 * failures, 5_000);

const open = ({ nats, subjectRoot, source }: ReadOptions, from: number, timeout: number): Promise<Consumer> =>
  jetstream(nats, { timeout }).consumers.get(streamName(subjectRoot, source), {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
  });

/** Ends the reading when the broker lost its consumer; `readStream` opens the stream again at the next position. */
async function watch(messages: ConsumerMessages): Promise<void> {
  for await (const { type } of messages.status()) {
    if (
      [
        'consumer_not_found',
        'consumer_deleted',
        'stream_not_found',
        'heartbeats_missed',
        'no_responders',
        'reset',
      ].includes(type)
    ) {
      await messages.close();
    }
  }
}
