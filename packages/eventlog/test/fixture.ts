import type { OfficerRelieved } from '@lienthong/contracts/directory';
import { type Clock, createLog, type Database, openDatabase, type Tx, type Worker } from '@lienthong/kit';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type CommandBus, createEventLog, type EventLog, type Incoming } from '../src/index.ts';
import { type Grow, growCall, type TallyModel, tallyModel } from './tally.ts';

export interface Servers {
  databaseUrl: string;
  natsUrl: string;
  natsPrefix: string;
}

export interface ConsumeOptions {
  /** Called before the events are written down; what it throws fails them. */
  before?: (events: readonly Incoming[]) => void | Promise<void>;
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
  /** Starts the workers whose names begin so; all when absent. A worker starts once. */
  start(prefix?: string): Promise<void>;
  /** Stops the workers started. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

const standing: Clock = { now: () => new Date('2026-01-05T01:00:00Z') };

export async function tallyProcess(servers: Servers, model: TallyModel = tallyModel): Promise<Fixture> {
  const nats = await connect({ servers: servers.natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const db = openDatabase({ url: servers.databaseUrl, schema: 'tally', connections: 4, onError: () => {} });
  const log = createEventLog({
    ctx: {
      name: 'tally',
      db,
      nats,
      clock: standing,
      log: createLog('tally', process.env.TEST_LOG_LEVEL ?? 'silent'),
      subjectRoot: servers.natsPrefix,
      env: {},
    },
    source: 'directory',
  });
  const bus = log.commandBus(model);
  const working: Worker[] = [];
  const rest = async () => {
    for (const worker of working.splice(0).reverse()) await worker.stop();
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
          writeDown(tx, name, events);
        },
      });
    },
    async start(prefix = '') {
      for (const worker of log.workers().filter(({ name }) => name.startsWith(prefix))) {
        working.push(worker);
        await worker.start();
      }
    },
    rest,
    async stop() {
      await rest();
      await nats.close();
      await db.close();
    },
  };
}

function writeDown(tx: Tx, consumer: string, events: readonly Incoming[]): void {
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
