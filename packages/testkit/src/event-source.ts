import { createEventLog, type EventSource, eventLogMigrations, type NewEvent } from '@lienthong/eventlog';
import {
  connectNats,
  createLog,
  LOOPBACK_ONLY,
  migrate,
  type NatsAccess,
  openDatabase,
  type ServiceContext,
  systemClock,
} from '@lienthong/kit';
import { EVENT_KEYS } from './event-keys.ts';

export interface TestEventSource {
  /** Appends and publishes events as the service of this source would. */
  publish(events: readonly NewEvent[]): Promise<void>;
  /** How many events it has published: the position of the last one. */
  published(): number;
  stop(): Promise<void>;
}

/** A real event log in its own schema. It replaces a service whose events a test needs. */
export async function testEventSource(
  stack: { databaseUrl: string; natsUrl: string; natsPrefix: string },
  source: EventSource,
  access: NatsAccess = { url: stack.natsUrl },
): Promise<TestEventSource> {
  const schema = `source_${source}`;
  await migrate(stack.databaseUrl, schema, [eventLogMigrations]);
  const log = createLog('test', process.env.TEST_LOG_LEVEL ?? 'silent');
  const db = openDatabase({
    url: stack.databaseUrl,
    schema,
    connections: 2,
    onError: (err) => log.warn({ err }),
  });
  const nats = await connectNats(access, schema);
  const ctx: ServiceContext = {
    name: schema,
    db,
    nats,
    reader: nats,
    clock: systemClock,
    log,
    tls: LOOPBACK_ONLY,
    subjectRoot: stack.natsPrefix,
    env: EVENT_KEYS,
  };
  const events = createEventLog({ ctx, source });
  const workers = events.workers();
  let published = 0;
  for (const worker of workers) await worker.start();
  return {
    async publish(batch) {
      await db.transaction(async (tx) => void events.append(tx, batch, { agencyId: '', officerId: 'test' }));
      published += batch.length;
    },
    published: () => published,
    async stop() {
      for (const worker of workers.reverse()) await worker.stop();
      await nats.close();
      await db.close();
    },
  };
}
