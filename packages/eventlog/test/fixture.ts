import type { OfficerRelieved } from '@lienthong/contracts/directory';
import {
  type Clock,
  connectNats,
  createLog,
  type Database,
  LOOPBACK_ONLY,
  openDatabase,
  type Tx,
  type Worker,
} from '@lienthong/kit';
import { EVENT_KEYS } from '@lienthong/testkit';
import type { NatsConnection } from '@nats-io/nats-core';
import { type CommandBus, createEventLog, type EventLog, type RawEvent } from '../src/index.ts';
import { type Grow, growCall, type TallyModel, tallyModel } from './tally.ts';

export interface Servers {
  databaseUrl: string;
  natsUrl: string;
  natsPrefix: string;
  /** Settings in place of the tests' own. */
  env?: Record<string, string>;
}

export interface ConsumeOptions {
  /** Called before the events are applied; an error fails the batch. */
  before?: (events: readonly RawEvent[]) => void | Promise<void>;
  maxBatch?: number;
}

/** One process of the tally service: its own pool and NATS connection. */
export interface Fixture {
  db: Database;
  nats: NatsConnection;
  log: EventLog;
  bus: CommandBus<Grow, OfficerRelieved>;
  grow(command: Grow, requestId?: string): Promise<number>;
  /** Adds a consumer that writes what it applies into the table `applied`. */
  consume(name: string, options?: ConsumeOptions): void;
  /** Starts the workers whose names begin with `prefix`; all by default. A worker can start once. */
  start(prefix?: string): Promise<void>;
  /** Stops the workers that `start` started. */
  stopWorkers(): Promise<void>;
  stop(): Promise<void>;
}

const fixedClock: Clock = { now: () => new Date('2026-01-05T01:00:00Z') };

export async function tallyProcess(servers: Servers, model: TallyModel = tallyModel): Promise<Fixture> {
  const nats = await connectNats({ url: servers.natsUrl }, 'tally');
  const db = openDatabase({ url: servers.databaseUrl, schema: 'tally', connections: 4, onError: () => {} });
  const log = createEventLog({
    ctx: {
      name: 'tally',
      db,
      nats,
      reader: nats,
      clock: fixedClock,
      log: createLog('tally', process.env.TEST_LOG_LEVEL ?? 'silent'),
      tls: LOOPBACK_ONLY,
      subjectRoot: servers.natsPrefix,
      env: { ...EVENT_KEYS, ...servers.env },
    },
    source: 'directory',
  });
  const bus = log.commandBus(model);
  const started: Worker[] = [];
  const stopWorkers = async () => {
    for (const worker of started.splice(0).reverse()) await worker.stop();
  };
  return {
    db,
    nats,
    log,
    bus,
    grow: async (command, requestId = crypto.randomUUID()) =>
      Number((await bus.execute(growCall(command, requestId))).effectiveOn),
    consume(name, { before, maxBatch } = {}) {
      log.consumer({
        name,
        source: 'directory',
        ...(maxBatch === undefined ? {} : { maxBatch }),
        async handle(tx, events) {
          await before?.(events);
          insertApplied(tx, name, events);
        },
      });
    },
    async start(prefix = '') {
      for (const worker of log.workers().filter(({ name }) => name.startsWith(prefix))) {
        started.push(worker);
        await worker.start();
      }
    },
    stopWorkers,
    async stop() {
      await stopWorkers();
      await nats.close();
      await db.close();
    },
  };
}

function insertApplied(tx: Tx, consumer: string, events: readonly RawEvent[]): void {
  tx.send({
    text: `insert into applied (consumer, position, aggregate_id, version)
           select $1, * from unnest($2::bigint[], $3::uuid[], $4::bigint[])`,
    values: [
      consumer,
      events.map((e) => e.envelope.position),
      events.map((e) => e.envelope.aggregateId),
      events.map((e) => e.envelope.version),
    ],
  });
}
