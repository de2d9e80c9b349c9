import type { Database, Logger, Worker } from '@lienthong/kit';
import type { NatsConnection } from '@nats-io/nats-core';
import type pg from 'pg';
import { leaderWorker, pause } from '../leader.ts';
import { inSpan } from '../trace.ts';
import { wakeup } from '../wakeup.ts';
import { publishRun } from './publish.ts';
import { eventIdAt, readBounds, readSequenced, type SequencedEvent, sequence } from './sequence.ts';
import { type EventStream, type StreamState, streamName } from './stream.ts';

export interface RelayOptions {
  db: Database;
  nats: NatsConnection;
  log: Logger;
  source: string;
  subjectRoot: string;
  stream: EventStream;
}

export interface RelayStatus {
  leader: boolean;
  halted: string;
  sequenced: number;
  published: number;
}

export interface Relay extends Worker {
  /** Says that events were appended in this process; others are found by polling. */
  wake(): void;
  status(): RelayStatus;
}

/** A round's bounds, so that memory and the length of a transaction do not grow with a backlog. */
const MAX_EVENTS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
const POLL_MS = 100;
/** How often an idle relay looks whether the stream still holds what was published. */
const VERIFY_MS = 2_000;

/** The stream and the database disagree in a way that only a person can settle. */
class Halt extends Error {}

/**
 * Numbers committed events and publishes them so that the message at stream sequence p is the event at position p.
 * What the stream has lost is published again from the table; what it holds is never published twice.
 */
export function createRelay(options: RelayOptions): Relay {
  const { nats, log, source, stream } = options;
  const appended = wakeup();
  const sequencedMore = wakeup();
  const name = streamName(options.subjectRoot, source);
  let sequenced = 0;
  let published = 0;
  let halted = '';
  // Fresh rounds on their way to the publisher; when it falls behind they are dropped and read again later.
  let fresh: SequencedEvent[] = [];
  let giveUp: ((error: Error) => void) | undefined;

  async function lead(leader: pg.Client, ended: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const signal = AbortSignal.any([ended, failed.signal]);
    fresh = [];
    sequenced = (await readBounds(leader)).last;
    // Unknown until the stream has been looked at.
    let known = false;
    const stopWatching = onReconnect(() => {
      known = false;
      sequencedMore.ring();
      giveUp?.(new Error('the connection to NATS was lost'));
    });
    const loops = [numberLoop(), publishLoop()];
    try {
      await Promise.all(loops);
    } finally {
      failed.abort();
      stopWatching();
      await Promise.allSettled(loops);
    }

    async function numberLoop(): Promise<void> {
      while (!signal.aborted) {
        const events = await sequence(leader, sequenced, MAX_EVENTS, MAX_BYTES);
        if (events.length === 0) {
          await appended.wait(POLL_MS, signal);
          continue;
        }
        sequenced += events.length;
        if (fresh.length < 2 * MAX_EVENTS && bytesOf(fresh) < 2 * MAX_BYTES) fresh.push(...events);
        sequencedMore.ring();
      }
    }

    async function publishLoop(): Promise<void> {
      let failures = 0;
      while (!signal.aborted) {
        try {
          if (!known) {
            published = await unlessReconnected(reconcile(leader));
            known = true;
            halted = '';
          }
          failures = 0;
          if (published >= sequenced) {
            const before = sequenced;
            await sequencedMore.wait(VERIFY_MS, signal);
            if (sequenced === before) known = false;
            continue;
          }
          await publishNext(leader);
        } catch (error) {
          if (signal.aborted) return;
          // The connection that proves the leadership is gone: another relay may be at work.
          if (!(await alive(leader))) throw error;
          known = false;
          failures += 1;
          if (error instanceof Halt) {
            if (halted !== error.message) log.error({ source }, error.message);
            halted = error.message;
          } else if (failures > 1) log.warn({ err: error, source }, 'publishing interrupted; trying again');
          await pause(error instanceof Halt ? VERIFY_MS : Math.min(50 * 2 ** failures, 2_000), signal);
        }
      }
    }
  }

  async function publishNext(leader: pg.Client): Promise<void> {
    const events = takeFresh() ?? (await readSequenced(leader, published + 1, MAX_EVENTS, MAX_BYTES));
    const first = events[0];
    if (first?.position !== published + 1) {
      throw new Halt(
        `the log of ${source} has no event at position ${published + 1}, which stream ${name} needs next: ` +
          'restore the missing events, or delete the stream to rebuild it from what is there',
      );
    }
    const publish = () => unlessReconnected(publishRun(nats, source, events));
    await inSpan('publish', { 'lienthong.events': events.length }, publish, [first.traceparent]);
    published += events.length;
  }

  /** The next run out of the fresh ones, when they continue what was published. */
  function takeFresh(): SequencedEvent[] | undefined {
    let stale = 0;
    while (stale < fresh.length && (fresh[stale] as SequencedEvent).position <= published) stale += 1;
    fresh.splice(0, stale);
    if (fresh[0]?.position !== published + 1) {
      fresh = [];
      return undefined;
    }
    let bytes = 0;
    let n = 0;
    while (n < fresh.length && n < MAX_EVENTS && (n === 0 || bytes < MAX_BYTES)) {
      const event = fresh[n] as SequencedEvent;
      // A dropped round leaves a hole.
      if (event.position !== published + 1 + n) break;
      bytes += event.payload.length;
      n += 1;
    }
    return fresh.splice(0, n);
  }

  /**
   * Where the stream is. Created when absent; when it has lost events other than its last ones, made anew.
   * @throws Halt when it holds other events than the table
   */
  async function reconcile(leader: pg.Client): Promise<number> {
    const { first, last } = await readBounds(leader);
    let state = await stream.state();
    if (state) await compare(leader, state, first, last);
    if (state && hasHole(state, first)) {
      log.warn(
        { stream: name, first, ...state },
        'the stream has lost events; rebuilding it from PostgreSQL',
      );
      await stream.delete();
      state = undefined;
    }
    if (state === undefined || (state.lastSeq === 0 && first > 1)) {
      await stream.create(first);
      log.info({ stream: name, first, last }, 'stream created; filling it from PostgreSQL');
      return first - 1;
    }
    return state.lastSeq;
  }

  /** @throws Halt when the stream is ahead of the table, or ends with another event than the table has there */
  async function compare(
    leader: pg.Client,
    { lastSeq }: StreamState,
    first: number,
    last: number,
  ): Promise<void> {
    if (lastSeq > last) {
      throw new Halt(
        `stream ${name} is at ${lastSeq}, the database only at ${last}: the database was restored from an older ` +
          `backup, or something else published to the stream. Restore a newer backup, or delete the stream to ` +
          'rebuild it from this database',
      );
    }
    if (lastSeq < first) return;
    const [inStream, inTable] = await Promise.all([stream.eventIdAt(lastSeq), eventIdAt(leader, lastSeq)]);
    if (inStream !== undefined && inStream !== inTable) {
      throw new Halt(
        `stream ${name} holds event ${inStream || '(none)'} at ${lastSeq}, the database has ${inTable} there: ` +
          'the database was restored from an older backup and has gone on, or something else published to the ' +
          'stream. Restore the right backup, or delete the stream to rebuild it from this database',
      );
    }
  }

  /** What was asked before the line broke is not answered any more: no use in waiting for it. */
  function unlessReconnected<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      giveUp = reject;
      result.then(resolve, reject);
    });
  }

  /** A server that was away may have lost what it had not yet written to disk. */
  function onReconnect(reconnected: () => void): () => void {
    const events = nats.status();
    void (async () => {
      for await (const event of events) if (event.type === 'reconnect') reconnected();
    })();
    return () => (events as { stop?: () => void }).stop?.();
  }

  const worker = leaderWorker({ db: options.db, name: `relay ${source}`, log, lead });
  return {
    ...worker,
    wake: () => appended.ring(),
    status: () => ({ leader: worker.leading(), halted, sequenced, published }),
  };
}

/** Whether it lacks events that the table has, before its end. */
const hasHole = ({ firstSeq, lastSeq, messages }: StreamState, first: number): boolean =>
  lastSeq > 0 && (firstSeq > first || messages < lastSeq - firstSeq + 1);

const bytesOf = (events: readonly SequencedEvent[]): number =>
  events.reduce((sum, event) => sum + event.payload.length, 0);

async function alive(leader: pg.Client): Promise<boolean> {
  return leader.query('select 1').then(
    () => true,
    () => false,
  );
}
