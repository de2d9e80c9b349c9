import type { EventSource, EventType } from '@lienthong/contracts/events';
import {
  type Database,
  isRetryable,
  isUnavailable,
  type Logger,
  pause,
  type Tx,
  type Worker,
} from '@lienthong/kit';
import type { NatsConnection } from '@nats-io/nats-core';
import type { ReceivedEventOf } from '../event.ts';
import { leaderWorker } from '../leader.ts';
import { inBatchSpan, type Origins } from '../trace.ts';
import type { EventMac } from '../wire/mac.ts';
import { type ConsumerKey, isFenced, moveCursor, readCursor } from './cursor.ts';
import { park, parkedAggregates } from './parked.ts';
import { hasTypeIn, type RawEvent } from './raw-event.ts';
import { follow } from './tail.ts';

interface CommonOptions {
  /** Names the cursor; unique within the service. */
  name: string;
  source: EventSource;
  /** The largest number of events in one transaction. */
  maxBatch?: number;
  /**
   * How long a small batch waits for more events, in ms; default 5. Choose more where no caller waits for the effects:
   * each batch costs a transaction.
   */
  lingerMs?: number;
  /** Attempts to apply an event before it is parked. */
  attempts?: number;
}

/**
 * `handle` applies events, in order, in the transaction that moves the cursor: what it writes there happens exactly
 * once. An error undoes the batch; then each event is applied alone, and one that keeps failing is parked.
 */
export interface ConsumerOptions<T extends EventType> extends CommonOptions {
  /** The types to handle; others are skipped. */
  types: readonly T[];
  handle(tx: Tx, events: readonly { [K in T]: ReceivedEventOf<K> }[T][]): Promise<void> | void;
}

/** For a consumer of every event, also of types that this program does not know. */
export interface RawConsumerOptions extends CommonOptions {
  types?: undefined;
  handle(tx: Tx, events: readonly RawEvent[]): Promise<void> | void;
}

export interface Consumer extends Worker {
  readonly key: ConsumerKey;
  /** The position applied last in this process; 0 before the first. */
  position(): number;
  apply(tx: Tx, events: readonly RawEvent[]): Promise<void>;
}

const RETRY_MS = 50;

const ORIGINS: Origins<RawEvent> = {
  traceparent: ({ envelope }) => envelope.traceparent,
  story: ({ envelope }) => ({
    dossier: envelope.dossierCode,
    document: envelope.documentId,
    agency: envelope.agencyId,
  }),
};

export interface ConsumerDeps {
  db: Database;
  nats: NatsConnection;
  log: Logger;
  subjectRoot: string;
  mac: EventMac;
}

export function createConsumer(
  { db, nats, log, subjectRoot, mac }: ConsumerDeps,
  options: ConsumerOptions<EventType> | RawConsumerOptions,
): Consumer {
  const { maxBatch = 256, lingerMs = 5, attempts = 3 } = options;
  const key = { name: options.name, source: options.source };
  let position = 0;
  // Whether this consumer may have parked events. Only the process that moves the cursor parks any, so what it read
  // under the cursor's lock is true until another process moves the cursor.
  let parked = true;

  async function lead(_: unknown, signal: AbortSignal): Promise<void> {
    position = await readCursor(db, key);
    parked = true;
    for await (const batch of follow({
      nats,
      log,
      subjectRoot,
      source: key.source,
      mac,
      from: position + 1,
      maxBatch,
      lingerMs,
      signal,
    })) {
      await inBatchSpan(`consume ${key.name}`, batch, ORIGINS, () => applyBatch(batch, signal));
    }
  }

  async function applyBatch(batch: readonly RawEvent[], signal: AbortSignal): Promise<void> {
    try {
      await commit(batch);
    } catch (error) {
      if (isFenced(error) || isUnavailable(error)) throw error;
      if (batch.length === 1) await retryOrPark(batch[0] as RawEvent, error, signal);
      else for (const event of batch) await applyBatch([event], signal);
    }
  }

  /** Retries one event, and parks it when it keeps failing. */
  async function retryOrPark(event: RawEvent, first: unknown, signal: AbortSignal): Promise<void> {
    let error = first;
    for (let n = 1; n < attempts; n += 1) {
      await pause(RETRY_MS * 2 ** n, signal);
      if (signal.aborted) throw error;
      try {
        return await commit([event]);
      } catch (again) {
        if (isFenced(again) || isUnavailable(again)) throw again;
        error = again;
      }
    }
    // A transaction that was ended for another's sake says nothing of the event.
    if (isRetryable(error)) throw error;
    const { envelope, type } = event;
    log.error({ err: error, consumer: key.name, position: envelope.position, type }, 'event parked');
    parked = true;
    await transact([event], async (tx) => park(tx, key, [event], (error as Error).message));
  }

  const commit = (batch: readonly RawEvent[]) =>
    transact(batch, async (tx) => {
      if (!parked) return apply(tx, batch);
      const behind = await parkedAggregates(tx, key);
      parked = behind.size > 0;
      park(
        tx,
        key,
        batch.filter((event) => behind.has(event.envelope.aggregateId)),
        'waits behind an earlier event of its aggregate',
      );
      await apply(
        tx,
        batch.filter((event) => !behind.has(event.envelope.aggregateId)),
      );
    });

  async function transact(batch: readonly RawEvent[], run: (tx: Tx) => Promise<void>): Promise<void> {
    const to = (batch.at(-1) as RawEvent).envelope.position;
    // Lazy: a crash that undoes the effects also undoes the cursor, and the stream still has the events.
    await db.transaction(
      async (tx) => {
        moveCursor(tx, key, position, to);
        await run(tx);
      },
      { lazy: true },
    );
    position = to;
  }

  async function apply(tx: Tx, events: readonly RawEvent[]): Promise<void> {
    const { types } = options;
    const due = types === undefined ? events : events.filter(hasTypeIn(types));
    // `hasTypeIn` has kept only the types that the handler takes.
    if (due.length > 0) await (options as RawConsumerOptions).handle(tx, due);
  }

  return {
    ...leaderWorker({ db, name: `consumer ${key.name} of ${key.source}`, log, lead }),
    key,
    position: () => position,
    apply,
  };
}
