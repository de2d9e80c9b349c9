import { connectNats } from '@lienthong/kit';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  clerkOf,
  commune,
  everything,
  hasAll,
  issuer,
  openWorld,
  status,
  type World,
} from './support/world.ts';

/** A feed whose own tables are put back to an older copy, while every log and stream stays. */
let world: World;
let nats: Awaited<ReturnType<typeof connectNats>>;
let stream: string;
let subject: string;
const client = () => world.client(clerkOf(commune));
const publish = (count: number) =>
  world.publish(...Array.from({ length: count }, () => status(issuer, commune)));

beforeAll(async () => {
  world = await openWorld();
  nats = await connectNats({ url: world.stack.natsUrl }, 'test');
  subject = `${world.stack.natsPrefix}.note.feed`;
  stream = `${world.stack.natsPrefix}_feed_note`.toUpperCase();
  await publish(3);
  await hasAll(await client(), 3);
}, 60_000);
afterAll(async () => {
  await nats.close();
  await world.stop();
});

/** Resolves when NATS has the note of this number. */
const noted = (seq: number) =>
  vi.waitFor(async () => {
    const { streams } = await jetstreamManager(nats);
    const message = await streams.getMessage(stream, { last_by_subj: subject });
    expect(message?.string()).toMatch(new RegExp(`^\\S+ ${seq}$`));
  }, 20_000);

const query = <T>(text: string) => world.db.query<T>({ text });

/** The number of each event, by id. */
async function numbers(): Promise<Map<string, number>> {
  const rows = await query<{ seq: number; event_id: string }>('select seq, event_id from feed_event');
  return new Map(rows.map(({ seq, event_id }) => [event_id, seq]));
}

/** Each table of the feed's own, with the columns that can be written. */
const tables = () =>
  query<{ name: string; columns: string }>(
    `select table_name as name, string_agg(column_name, ', ' order by ordinal_position) as columns
       from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = 'feed' and table_type = 'BASE TABLE' and is_generated = 'NEVER'
        and table_name not like 'copy\\_%'
      group by table_name`,
  );

async function copyTables(): Promise<void> {
  for (const { name, columns } of await tables())
    await query(`create table feed.copy_${name} as select ${columns} from feed.${name}`);
}

async function putBack(): Promise<void> {
  const all = await tables();
  await world.db.transaction(async (tx) => {
    // Past the triggers that keep a log from being changed.
    tx.send({ text: 'set local session_replication_role = replica' });
    for (const { name, columns } of all) {
      tx.send({ text: `delete from feed.${name}` });
      tx.send({
        text: `insert into feed.${name} (${columns}) overriding system value select * from feed.copy_${name}`,
      });
    }
  });
}

test('a note that the feed did not write counts for nothing, and is replaced', async () => {
  await noted(3);
  const [head] = await query<{ id: string }>('select id from feed_head');
  await world.restart({}, () => jetstream(nats).publish(subject, `${head?.id} 99999`));
  await noted(3);
});

test('a note that is lost is written again with the next numbers', async () => {
  await (await jetstreamManager(nats)).streams.delete(stream);
  await publish(1);
  await noted(4);
});

test('a feed whose tables alone are older gives no number twice: a reader goes on from its cursor and misses nothing', async () => {
  await copyTables();
  await publish(3);
  await hasAll(await client(), 7);
  await noted(7);
  const { events: read, cursor } = await everything(await client());
  const before = await numbers();
  await world.restart({}, putBack);
  await publish(2);
  const later = await vi.waitFor(async () => {
    const { events } = await everything(await client(), { cursor });
    expect(events).toHaveLength(5);
    return events;
  }, 20_000);
  // What the copy lacks comes once more, under its own id.
  expect(later.slice(0, 3).map(({ id }) => id)).toEqual(read.slice(4).map(({ id }) => id));
  expect(new Set(later.map(({ id }) => id)).size).toBe(5);
  const given = new Map([...before].map(([id, seq]) => [seq, id]));
  for (const [id, seq] of await numbers()) expect(given.get(seq) ?? id, `number ${seq}`).toBe(id);
});

test('the note of another feed counts for nothing', async () => {
  await world.restart({}, async () => {
    await query('truncate feed_event, feed_entry');
    await query('update feed_head set id = gen_random_uuid(), seq = 8');
  });
  await noted(8);
});
