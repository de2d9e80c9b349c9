import { OfficerRelieved } from '@lienthong/contracts/directory';
import { type Caller, failure, migrate, success } from '@lienthong/kit';
import {
  type Call,
  type CommandModel,
  eventLogMigrations,
  ImmutableMap,
  type NewEvent,
} from '../src/index.ts';

/**
 * The smallest service: tallies that grow with each command. Its event type is one of the directory, because only
 * registered types can be published.
 */
export interface Grow {
  tally: string;
  /** Refused when the tally has reached it. */
  limit?: number;
  /** How many events the command adds; default 1. */
  events?: number;
}

/** The count of each tally. */
type State = ImmutableMap<string, number>;
interface Change {
  tally: string;
  n: number;
}
export type TallyModel = CommandModel<Grow, State, OfficerRelieved, Change>;

export const tallyModel: TallyModel = {
  async load(tx, commands) {
    const ids = [...new Set(commands.map((c) => c.tally))].sort();
    tx.send({ text: 'insert into tally select unnest($1::uuid[]), 0 on conflict do nothing', values: [ids] });
    const rows = await tx.query<{ id: string; n: number }>({
      text: 'select id, n from tally where id = any($1) order by id for update',
      values: [ids],
    });
    return ImmutableMap.from(rows.map((row) => [row.id, row.n]));
  },
  decide({ tally, limit = Number.POSITIVE_INFINITY, events: count = 1 }, state) {
    if (count < 1) throw new RangeError('a tally only grows');
    const n = state.get(tally) ?? 0;
    if (n >= limit) {
      return failure({ kind: 'failed-precondition', reason: 'FULL', message: 'the tally is full' });
    }
    const events = Array.from({ length: count }, (_, i) => growEvent(tally, n + i + 1));
    const reply = { officer: undefined, effectiveOn: String(n + count) };
    return success({ events, reply, change: { tally, n: n + count } });
  },
  evolve: (state, { tally, n }) => state.with([[tally, n]]),
  project(tx, changes) {
    tx.send({
      text: `update tally t set n = e.n from (select id, max(v) as n from unnest($1::uuid[], $2::int[]) as u (id, v)
                                               group by id) e where t.id = e.id`,
      values: [changes.map((c) => c.tally), changes.map((c) => c.n)],
    });
  },
};

export const growEvent = (tally: string, version: number): NewEvent => ({
  type: 'lienthong.directory.v1.OfficerRelieved',
  payload: { officer: undefined, effectiveOn: String(version) },
  aggregateId: tally,
  version,
  agencyCode: 'H61.29542',
  agencyId: '018f0000-0000-7000-8000-000000000001',
});

export const alice: Caller = {
  agencyId: '018f0000-0000-7000-8000-000000000001',
  officerId: 'alice',
  roles: ['clerk'],
};

/** The reply carries the new count. */
export const growCall = (command: Grow, requestId: string): Call<Grow, OfficerRelieved, OfficerRelieved> => ({
  method: 'Grow',
  caller: alice,
  requestId,
  request: { officer: undefined, effectiveOn: JSON.stringify(command) },
  requestCodec: OfficerRelieved,
  replyCodec: OfficerRelieved,
  command,
});

export async function migrateTally(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl, 'tally', [
    eventLogMigrations,
    { name: 'tally', folder: new URL('./migrations/', import.meta.url) },
  ]);
}

export const template = { name: 'tally', migrate: migrateTally };
