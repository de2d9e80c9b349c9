import { type Database, type Logger, pause, type Worker, wakeup } from '@lienthong/kit';
import type { NatsConnection } from '@nats-io/nats-core';
import type pg from 'pg';
import { createCommitBuffer } from '../commit-buffer.ts';
import type { LoggedEvent } from '../event.ts';
import { leaderWorker } from '../leader.ts';
import { inBatchSpan, type Origins } from '../trace.ts';
import type { EventMac } from '../wire/mac.ts';
import { onReconnect } from '../wire/on-reconnect.ts';
import { type EventStream, type StreamState, streamName } from '../wire/stream.ts';
import { createWakeUp } from '../wire/wake-up.ts';
import { publishRun } from './publish.ts';
import { eventIdAt, readBounds, readLog } from './read-log.ts';

export interface RelayOptions {
  db: Database;
  nats: NatsConnection;
  log: Logger;
  source: string;
  subjectRoot: string;
  stream: EventStream;
  mac: EventMac;
}

export interface RelayStatus {
  leader: boolean;
  halted: string;
}

export interface Relay extends Worker {
  /** Hands over events that were committed in this process: they need not be read here, or another relay is woken. */
  offer(events: readonly LoggedEvent[]): void;
  status(): RelayStatus;
}

/** A round's bounds, so that memory does not grow with a backlog. */
const MAX_EVENTS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** How often the log is read for commits that nobody told it: NATS was away, or a command of an operator made them. */
const POLL_MS = 1_000;
/** How long the relay waits for a commit when it has already learned of a later one. */
const OVERTAKEN_MS = 5;
/** How often an idle relay looks whether the stream still holds what was published. */
const VERIFY_MS = 2_000;

const ORIGINS: Origins<LoggedEvent> = {
  traceparent: (event) => event.traceparent,
  story: (event) => ({ dossier: event.dossier_code, document: event.document_id, agency: event.agency_id }),
};

/** The stream and the database disagree in a way that only an operator can resolve. */
class Halt extends Error {}

/**
 * Publishes committed events so that the message at stream sequence p is the event at position p. What the stream has
 * lost is published again from the table; what it holds is never published twice.
 */
export function createRelay(options: RelayOptions): Relay {
  const { nats, log, source, stream } = options;
  const commits = wakeup();
  const wakeUp = createWakeUp(nats, options.subjectRoot, source, log);
  const name = streamName(options.subjectRoot, source);
  let published = 0;
  let halted = '';
  const buffer = createCommitBuffer<LoggedEvent>();
  // Whether the table had nothing more when it was last read.
  let caughtUp = false;
  // Whether later events came before the next ones; the relay then waits OVERTAKEN_MS for those.
  let overtaken = false;
  let giveUp: ((error: Error) => void) | undefined;

  async function lead(leader: pg.Client, signal: AbortSignal): Promise<void> {
    buffer.clear();
    caughtUp = false;
    // Whether `published` is what the stream holds.
    let known = false;
    let failures = 0;
    let quietSince = Date.now();
    // A server that was away may have lost what it had not yet written to disk.
    const stopWatching = onReconnect(nats, () => {
      known = false;
      commits.ring();
      giveUp?.(new Error('the connection to NATS was lost'));
    });
    const stopListening = wakeUp.listen(() => {
      caughtUp = false;
      commits.ring();
    });
    try {
      while (!signal.aborted) {
        try {
          if (!known) {
            published = await unlessReconnected(reconcile(leader));
            known = true;
            halted = '';
            quietSince = Date.now();
          }
          failures = 0;
          if (await publishNext(leader)) quietSince = Date.now();
          else if (Date.now() - quietSince > VERIFY_MS) known = false;
          else {
            await commits.wait(overtaken ? OVERTAKEN_MS : POLL_MS, signal);
            if (buffer.isEmpty()) caughtUp = false;
          }
        } catch (error) {
          if (signal.aborted) return;
          // The connection that proves the leadership is gone: another relay may be at work.
          if (!(await isAlive(leader))) throw error;
          known = false;
          failures += 1;
          if (error instanceof Halt) {
            if (halted !== error.message) log.error({ source }, error.message);
            halted = error.message;
          } else if (failures > 1) log.warn({ err: error, source }, 'publishing interrupted; retrying');
          await pause(error instanceof Halt ? VERIFY_MS : Math.min(50 * 2 ** failures, 2_000), signal);
        }
      }
    } finally {
      stopWatching();
      stopListening();
    }
  }

  /** Publishes the next run. False when there is none. */
  async function publishNext(leader: pg.Client): Promise<boolean> {
    const next = published + 1;
    const events = await read(leader, next);
    const first = events[0];
    if (first === undefined) return false;
    if (first.position !== next) {
      throw new Halt(
        `the log of ${source} has no event at position ${next}, which stream ${name} needs next: ` +
          'restore the missing events, or delete the stream to rebuild it from what is there',
      );
    }
    const publish = () => unlessReconnected(publishRun(nats, source, events, options.mac));
    await inBatchSpan('publish', events, ORIGINS, publish);
    published += events.length;
    return true;
  }

  /** The next run: from the buffer, or from the table when the buffer lacks it. */
  async function read(leader: pg.Client, next: number): Promise<LoggedEvent[]> {
    const missing = !buffer.isEmpty() && !buffer.has(next);
    if (missing && caughtUp && !overtaken) {
      overtaken = true;
      return [];
    }
    overtaken = false;
    if (missing) caughtUp = false;
    const run = buffer.take(next);
    if (run || caughtUp) return run ?? [];
    const events = await readLog(leader, next, MAX_EVENTS, MAX_BYTES);
    caughtUp = events.length === 0;
    return events;
  }

  /**
   * Returns the last position in the stream. Creates the stream when it is absent, and again when it has lost events
   * other than its last ones, or holds events without a MAC that readers accept: those of before the first key, or of a
   * key that is known no more.
   * @throws Halt when it holds other events than the table
   */
  async function reconcile(leader: pg.Client): Promise<number> {
    const { first, last } = await readBounds(leader);
    let state = await stream.state();
    const readable = state === undefined || (await compare(leader, state, first, last));
    if (state && (!readable || hasHole(state, first))) {
      const why = readable ? 'has lost events' : 'holds events that no key vouches for';
      log.warn({ stream: name, first, ...state }, `the stream ${why}; rebuilding it from PostgreSQL`);
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

  /**
   * Whether readers accept the stream's first and last event: keys replace each other in the order of time.
   * @throws Halt when the stream is ahead of the table, or ends with another event than the table has there
   */
  async function compare(
    leader: pg.Client,
    { firstSeq, lastSeq }: StreamState,
    first: number,
    last: number,
  ): Promise<boolean> {
    if (lastSeq < first && lastSeq <= last) return true;
    const [oldest, newest, inTable] = await Promise.all([
      stream.messageAt(firstSeq),
      stream.messageAt(lastSeq),
      eventIdAt(leader, lastSeq),
    ]);
    if (lastSeq > last || (newest !== undefined && newest.eventId !== inTable))
      throw difference(lastSeq, last, newest, inTable);
    return newest?.authentic !== false && oldest?.authentic !== false;
  }

  /** What an operator has to know about a stream that ends with another event than the table has there. */
  function difference(
    lastSeq: number,
    last: number,
    inStream: { eventId: string; authentic: boolean } | undefined,
    inTable: string | undefined,
  ): Halt {
    const where =
      lastSeq > last
        ? `stream ${name} is at ${lastSeq}, the database only at ${last}`
        : `stream ${name} holds event ${inStream?.eventId || '(none)'} at ${lastSeq}, the database has ${inTable} there`;
    return new Halt(
      inStream?.authentic
        ? `${where}: the database was restored from an older backup. Restore a newer one, or stop the services and run ` +
            '`npm run reconcile`, which shows what is lost and makes the stream follow the database'
        : `${where}, and the relay of ${source} did not publish that message: something else published to the ` +
            'stream, or EVENT_MAC_KEYS lacks the key of a restored platform. No service applies the message. Find ' +
            'out who can publish there, then delete the stream: it is rebuilt from this database',
    );
  }

  /** A request from before the connection broke gets no reply: waiting for it is useless. */
  function unlessReconnected<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      giveUp = reject;
      result.then(resolve, reject);
    });
  }

  const worker = leaderWorker({ db: options.db, name: relayName(source), log, lead });
  return {
    ...worker,
    offer(events) {
      const [first] = events;
      if (first === undefined) return;
      if (!worker.leading()) return wakeUp.call();
      buffer.add(first.position, events);
      commits.ring();
    },
    status: () => ({ leader: worker.leading(), halted }),
  };
}

/** Names the work of publishing a source's events, which one process does at a time. */
export const relayName = (source: string): string => `relay ${source}`;

/** Whether the stream lacks events before its end that the table has. */
export const hasHole = ({ firstSeq, lastSeq, messages }: StreamState, first: number): boolean =>
  lastSeq > 0 && (firstSeq > first || messages < lastSeq - firstSeq + 1);

async function isAlive(leader: pg.Client): Promise<boolean> {
  return leader.query('select 1').then(
    () => true,
    () => false,
  );
}
