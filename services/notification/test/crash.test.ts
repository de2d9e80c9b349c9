import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createSealer, migrate } from '@lienthong/kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { notification } from '../src/service.ts';
import { saveOfficerContact } from '../src/store/contacts.ts';
import { dossierEvents } from './support/events.ts';
import type { Setup } from './support/process.ts';
import { outline } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * A process dies (SIGKILL) at an exact point, on a line to PostgreSQL that is held there; another takes over. No
 * message is lost; one that was taken by the mail server and not yet written down comes again under the same id.
 */
let world: World;
const people = outline();
const children = new Set<ChildProcess>();
const WAIT = 40_000;
const EMAIL = 'crash@xa.example';

beforeEach(async () => {
  world = await openWorld({ NOTIFICATION_LEASE_S: '2', NOTIFICATION_BATCH: '5' }, false);
  await migrate(world.stack.databaseUrl, 'notification', notification.migrations);
  const sealer = createSealer(world.env.LIENTHONG_SEALING_KEYS ?? '');
  await world.db.transaction(async (tx) =>
    saveOfficerContact(tx, sealer, people.expert.id, { email: EMAIL, phone: '' }, new Date()),
  );
});
afterEach(async () => {
  await Promise.all([...children].map(kill));
  await world.stop();
});

async function start(): Promise<ChildProcess> {
  const { databaseUrl, natsUrl, natsPrefix } = world.stack;
  const setup: Setup = { databaseUrl, natsUrl, natsPrefix, env: world.env };
  const child = fork(new URL('./support/process.ts', import.meta.url), [JSON.stringify(setup)], {
    execArgv: [],
  });
  children.add(child);
  const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (first !== 'ready') throw new Error(`the process ended with ${first}`);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const COUNT = 12;
const assign = () =>
  world.publish(
    'casework',
    ...Array.from({ length: COUNT }, (_, i) =>
      dossierEvents(people.commune, `H61.29542-260115-${String(i + 1).padStart(4, '0')}`).assigned(
        people.expert,
      ),
    ),
  );
const count = async (where: string) => {
  const [row] = await world.db.query<{ n: number }>({
    text: `select count(*)::int as n from notification where channel = 2 and ${where}`,
  });
  return row?.n;
};

/** Everything was planned once and sent, and the mail server has seen each id; returns what came more than once. */
async function expectWhole(): Promise<string[]> {
  await vi.waitFor(async () => expect(await count('state = 2')).toBe(COUNT), {
    timeout: WAIT,
    interval: 100,
  });
  expect(await count('true')).toBe(COUNT);
  const planned = await world.db.query<{ id: string }>({
    text: 'select id from notification where channel = 2',
  });
  const ids = world.post.mails.map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set(planned.map(({ id }) => id)));
  return ids.filter((id, i) => ids.indexOf(id) !== i);
}

/** Kills the process at the moment the mail server has a mail and before it answers, the n-th time. */
const killAtMail = (child: ChildProcess, n: number) =>
  new Promise<void>((done) => {
    let seen = 0;
    world.post.onMail(() => {
      seen += 1;
      if (seen === n) void kill(child).then(done);
    });
  });

test.each([1, 4, 12])(
  'killed as mail %i is with the server: that one at most comes again',
  async (n) => {
    const child = await start();
    const killed = killAtMail(child, n);
    await assign();
    await killed;
    world.post.onMail(undefined);
    await start();
    const again = await expectWhole();
    expect(again.length).toBeLessThanOrEqual(1);
  },
  60_000,
);

/** Holds whoever writes to a table, kills the process while it waits, and lets go. */
async function killBefore(child: ChildProcess, table: string): Promise<void> {
  await world.db.transaction(async (tx) => {
    await tx.query({ text: `lock table ${table} in exclusive mode` });
    if (table === 'notification') await assign();
    await vi.waitFor(async () => {
      const rows = await world.db.query<{ n: number }>({
        text: `select count(*)::int as n from pg_locks l join pg_class c on c.oid = l.relation
                where not l.granted and c.relname = $1`,
        values: [table],
      });
      expect(rows[0]?.n).toBeGreaterThan(0);
    }, WAIT);
    await kill(child);
  });
}

test('killed while it plans: planned once by the next', async () => {
  const child = await start();
  await killBefore(child, 'notification');
  expect(await count('true')).toBe(0);
  await start();
  expect(await expectWhole()).toEqual([]);
}, 60_000);

test('killed while it claims: nothing was sent, nothing is lost', async () => {
  await world.post.close();
  const planning = await start();
  await assign();
  await vi.waitFor(async () => expect(await count('true')).toBe(COUNT), WAIT);
  await kill(planning);
  await world.post.open();
  await world.db.query({ text: 'update circuit set failures = 0, open_until = null, probing_until = null' });
  await world.db.query({ text: 'update notification set leased_until = null' });
  await world.db.transaction(async (tx) => {
    await tx.query({ text: 'lock table attempt in exclusive mode' });
    const child = await start();
    await vi.waitFor(async () => {
      const rows = await world.db.query({
        text: `select 1 from pg_locks l join pg_class c on c.oid = l.relation
                where not l.granted and c.relname = 'attempt'`,
      });
      expect(rows.length).toBeGreaterThan(0);
    }, WAIT);
    await kill(child);
  });
  expect(world.post.mails).toEqual([]);
  await start();
  expect(await expectWhole()).toEqual([]);
}, 60_000);

test('two processes share the work: nothing is sent twice', async () => {
  await start();
  await start();
  await assign();
  expect(await expectWhole()).toEqual([]);
}, 60_000);
