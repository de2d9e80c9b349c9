import { OfficerRelieved } from '@lienthong/contracts/directory';
import {
  type Clock,
  createLog,
  type Database,
  migrate,
  openDatabase,
  type Principal,
  type ServiceContext,
} from '@lienthong/kit';
import { manualClock } from '@lienthong/testkit';
import { connect } from '@nats-io/transport-node';
import {
  type CommandModel,
  createEventLog,
  type EventLog,
  eventLogMigrations,
  type NewEvent,
} from '../src/index.ts';

/**
 * The smallest service there is: tallies that grow by one with each command. Its event type is borrowed from the
 * directory, since only registered types travel.
 */
export interface Grow {
  tally: string;
  /** Refused when the tally has reached it. */
  limit?: number;
  events?: number;
}

export interface Grown {
  officer: undefined;
  effectiveOn: string;
}

type State = Map<string, number>;

export const tallyModel: CommandModel<Grow, State, OfficerRelieved> = {
  async load(tx, commands) {
    const ids = [...new Set(commands.map((c) => c.tally))].sort();
    tx.send({ text: 'insert into tally select unnest($1::uuid[]), 0 on conflict do nothing', values: [ids] });
    const rows = await tx.query<{ id: string; n: number }>({
      text: 'select id, n from tally where id = any($1) order by id for update',
      values: [ids],
    });
    return new Map(rows.map((row) => [row.id, row.n]));
  },
  decide(command, state) {
    const n = state.get(command.tally) ?? 0;
    if (n >= (command.limit ?? Number.POSITIVE_INFINITY)) {
      return {
        ok: false,
        refusal: { kind: 'failed-precondition', reason: 'FULL', message: 'the tally is full' },
      };
    }
    const events = Array.from({ length: command.events ?? 1 }, (_, i) => grown(command.tally, n + i + 1));
    return { ok: true, events, reply: { officer: undefined, effectiveOn: String(n + events.length) } };
  },
  evolve(state, event) {
    state.set(event.aggregateId, event.version);
  },
  project(tx, events) {
    tx.send({
      text: `update tally t set n = e.n from (select id, max(v) as n from unnest($1::uuid[], $2::int[]) as u (id, v)
                                               group by id) e where t.id = e.id`,
      values: [events.map((e) => e.aggregateId), events.map((e) => e.version)],
    });
  },
};

export const grown = (tally: string, version: number): NewEvent => ({
  type: 'lienthong.directory.v1.OfficerRelieved',
  payload: { officer: undefined, effectiveOn: String(version) },
  aggregateId: tally,
  version,
  agencyCode: 'H61.29542',
  agencyId: '018f0000-0000-7000-8000-000000000001',
});

export const alice: Principal = {
  agencyId: '018f0000-0000-7000-8000-000000000001',
  officerId: 'alice',
  roles: ['clerk'],
};

export interface Fixture {
  ctx: ServiceContext;
  log: EventLog;
  db: Database;
  grow(command: Grow, requestId?: string): Promise<number>;
  stop(): Promise<void>;
}

export async function migrateTally(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl, 'tally', [
    eventLogMigrations,
    { name: 'tally', folder: new URL('./migrations/', import.meta.url) },
  ]);
}

/** One process of the tally service: its own pool and NATS connection, the relay not yet started. */
export async function tallyProcess(
  servers: { databaseUrl: string; natsUrl: string; natsPrefix: string },
  clock: Clock = manualClock('2026-01-05T01:00:00Z'),
): Promise<Fixture> {
  const nats = await connect({ servers: servers.natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const log = createLog('tally', process.env.TEST_LOG_LEVEL ?? 'silent');
  const db = openDatabase({ url: servers.databaseUrl, schema: 'tally', connections: 4, onError: () => {} });
  const ctx: ServiceContext = {
    name: 'tally',
    db,
    nats,
    clock,
    log,
    subjectRoot: servers.natsPrefix,
    env: {},
  };
  const eventLog = createEventLog({ ctx, source: 'directory' });
  const bus = eventLog.commandBus(tallyModel);
  return {
    ctx,
    log: eventLog,
    db,
    async grow(command, requestId = crypto.randomUUID()) {
      const reply = await bus.execute({
        method: 'Grow',
        principal: alice,
        requestId,
        request: { officer: undefined, effectiveOn: JSON.stringify(command) },
        requestCodec: OfficerRelieved,
        replyCodec: OfficerRelieved,
        command,
      });
      return Number(reply.effectiveOn);
    },
    async stop() {
      await nats.close();
      await db.close();
    },
  };
}
