import { setTimeout as sleep } from 'node:timers/promises';
import type { Replay } from '@lienthong/contracts/common';
import { type Caller, type Database, type Logger, refuse } from '@lienthong/kit';
import type { Consumer } from '../consume/consumer.ts';
import { listParked, type ParkedCursor, type ParkedEvent } from '../consume/parked.ts';
import { replayParked } from '../consume/replay.ts';
import type { Actor } from '../event.ts';
import type { Relay } from '../relay/relay.ts';
import type { EventStream } from '../wire/stream.ts';

/** The program of a service. */
export interface ProgramStatus {
  version: string;
  startedAt: Date;
  /** Of the certificate of its listeners; undefined where a proxy ends TLS. */
  certificateExpiresAt: Date | undefined;
}

export interface LogStatus {
  source: string;
  /** Why the relay stopped and what to do; empty while it runs. */
  halted: string;
  leader: boolean;
  /** The position of the newest event. */
  position: number;
  published: number;
  /** The stream did not answer in time: `published` is the newest that this process knows of. */
  streamUnreachable: boolean;
}

export interface ConsumerStatus {
  name: string;
  source: string;
  cursor: number;
  lag: number;
  parked: number;
  /** The stream did not answer in time: `lag` counts to its newest event that this process knows of. */
  streamUnreachable: boolean;
}

/** What operators can see and do in a service. */
export interface Operations {
  service: string;
  program(): ProgramStatus;
  status(): Promise<{ log: LogStatus | undefined; consumers: ConsumerStatus[] }>;
  /** Oldest first, after the given place. */
  parked(consumer: string, after: ParkedCursor | undefined, limit: number): Promise<ParkedEvent[]>;
  /** Recorded as an event before it begins, so that none can go unrecorded. */
  replay(
    consumer: string,
    aggregateId: string | undefined,
    caller: Caller,
  ): Promise<{ replayed: number; stillParked: number }>;
}

export interface OperationsDeps {
  service: string;
  program(): ProgramStatus;
  db: Database;
  log: Logger;
  source: string | undefined;
  relay: Relay | undefined;
  consumers: readonly Consumer[];
  streamOf: (source: string) => EventStream;
  recordReplay(replay: Replay, actor: Actor): Promise<void>;
}

/** How long a stream may take to say how far it is. Nobody who looks for what is wrong waits longer for a broker. */
const STREAM_MS = 2_000;

/** Reads PostgreSQL and the streams, so every process of the service shows the same while NATS is there. */
export function createOperations({
  service,
  program,
  db,
  log,
  source,
  relay,
  consumers,
  streamOf,
  recordReplay,
}: OperationsDeps): Operations {
  /** The newest event of each stream that this process knows of. */
  const known = new Map<string, number>();

  const requireConsumer = (name: string) => {
    if (consumers.some(({ key }) => key.name === name)) return;
    const names = [...new Set(consumers.map(({ key }) => key.name))];
    refuse({
      kind: 'not-found',
      reason: 'CONSUMER_UNKNOWN',
      message: `service ${service} has no consumer ${name}; it has ${names.join(', ') || 'none'}`,
    });
  };

  async function endOf(stream: string): Promise<{ last: number; streamUnreachable: boolean }> {
    const tooLate = sleep(STREAM_MS, undefined, { ref: false }).then(() => {
      throw new Error(`the stream of ${stream} has not said within ${STREAM_MS} ms how far it is`);
    });
    try {
      const last = (await Promise.race([streamOf(stream).state(), tooLate]))?.lastSeq ?? 0;
      known.set(stream, last);
      return { last, streamUnreachable: false };
    } catch (err) {
      log.warn({ err, source: stream }, 'how far a stream is cannot be read');
      return { last: known.get(stream) ?? 0, streamUnreachable: true };
    }
  }

  async function logStatus(): Promise<LogStatus | undefined> {
    if (source === undefined || relay === undefined) return undefined;
    const [rows, { last: published, streamUnreachable }] = await Promise.all([
      db.query<{ position: number }>({ text: 'select position from event_head' }),
      endOf(source),
    ]);
    const { halted, leader } = relay.status();
    const { position } = rows[0] as { position: number };
    return { source, halted, leader, position, published, streamUnreachable };
  }

  async function consumerStatus(): Promise<ConsumerStatus[]> {
    const cursors = await db.query<{ name: string; source: string; position: number; parked: number }>({
      text: `select c.name, c.source, c.position,
                    (select count(*) from parked_event p where p.consumer = c.name and p.source = c.source) as parked
               from consumer_cursor c
              order by c.name, c.source`,
    });
    const sources = [...new Set(cursors.map((cursor) => cursor.source))];
    const ends = new Map(await Promise.all(sources.map(async (s) => [s, await endOf(s)] as const)));
    return cursors.map(({ name, source: from, position: cursor, parked }) => {
      const { last, streamUnreachable } = ends.get(from) as Awaited<ReturnType<typeof endOf>>;
      return { name, source: from, cursor, lag: Math.max(0, last - cursor), parked, streamUnreachable };
    });
  }

  return {
    service,
    program,
    async status() {
      const [log, all] = await Promise.all([logStatus(), consumerStatus()]);
      return { log, consumers: all };
    },
    async parked(consumer, after, limit) {
      requireConsumer(consumer);
      return listParked(db, consumer, after, limit);
    },
    async replay(consumer, aggregateId, { agencyId, officerId }) {
      requireConsumer(consumer);
      await recordReplay({ service, consumer, aggregateId: aggregateId ?? '' }, { agencyId, officerId });
      return replayParked(db, consumers, consumer, aggregateId);
    },
  };
}
