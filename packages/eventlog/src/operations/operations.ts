import type { Replay } from '@lienthong/contracts/common';
import { type Caller, type Database, refuse } from '@lienthong/kit';
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
}

export interface ConsumerStatus {
  name: string;
  source: string;
  cursor: number;
  lag: number;
  parked: number;
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
  source: string | undefined;
  relay: Relay | undefined;
  consumers: readonly Consumer[];
  streamOf: (source: string) => EventStream;
  recordReplay(replay: Replay, actor: Actor): Promise<void>;
}

/** Reads PostgreSQL and the streams, so every process of the service shows the same. */
export function createOperations({
  service,
  program,
  db,
  source,
  relay,
  consumers,
  streamOf,
  recordReplay,
}: OperationsDeps): Operations {
  const requireConsumer = (name: string) => {
    if (consumers.some(({ key }) => key.name === name)) return;
    const names = [...new Set(consumers.map(({ key }) => key.name))];
    refuse({
      kind: 'not-found',
      reason: 'CONSUMER_UNKNOWN',
      message: `service ${service} has no consumer ${name}; it has ${names.join(', ') || 'none'}`,
    });
  };

  async function logStatus() {
    if (source === undefined || relay === undefined) return undefined;
    const [rows, state] = await Promise.all([
      db.query<{ position: number }>({ text: 'select position from event_head' }),
      streamOf(source).state(),
    ]);
    const { halted, leader } = relay.status();
    const { position } = rows[0] as { position: number };
    return { source, halted, leader, position, published: state?.lastSeq ?? 0 };
  }

  async function consumerStatus(): Promise<ConsumerStatus[]> {
    const cursors = await db.query<{ name: string; source: string; position: number; parked: number }>({
      text: `select c.name, c.source, c.position,
                    (select count(*) from parked_event p where p.consumer = c.name and p.source = c.source) as parked
               from consumer_cursor c
              order by c.name, c.source`,
    });
    const sources = [...new Set(cursors.map((cursor) => cursor.source))];
    const last = new Map(
      await Promise.all(sources.map(async (s) => [s, (await streamOf(s).state())?.lastSeq ?? 0] as const)),
    );
    return cursors.map(({ name, source: from, position: cursor, parked }) => {
      return { name, source: from, cursor, lag: Math.max(0, (last.get(from) ?? 0) - cursor), parked };
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
