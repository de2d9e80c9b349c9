import type { ChildProcess } from 'node:child_process';
import { MessageChannel, Preferences, Topic } from '@lienthong/contracts/notification';
import { createSealer, migrate } from '@lienthong/kit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RecipientKind } from '../src/domain/recipients.ts';
import { notification } from '../src/service.ts';
import { lockCircuit } from '../src/store/circuits.ts';
import { saveOfficerContact } from '../src/store/contacts.ts';
import { savePreferences } from '../src/store/people.ts';
import { endLeases, holding, processes, waitedFor } from './support/children.ts';
import { dossierEvents } from './support/events.ts';
import { httpPeer } from './support/http-peer.ts';
import { outline } from './support/province.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * A process dies (SIGKILL) at each step of a message's way, held there by a lock of the test; another takes over. Named
 * by the step that is not done. Nothing is lost, and what comes twice has the same key.
 */
const COUNT = 6;
const WAIT = 40_000;
const people = outline();

describe.each([
  ['mail', MessageChannel.EMAIL],
  ['SMS', MessageChannel.SMS],
] as const)('%s: killed before', (_, channel) => {
  let world: World;
  let provider: Awaited<ReturnType<typeof httpPeer>>;
  /** Keys the provider has been given, in order. */
  let given: () => string[];
  /** Called when the provider has a message; it answers when that is done. */
  let atProvider: () => Promise<void>;

  beforeEach(async () => {
    atProvider = async () => {};
    provider = await httpPeer(async () => {
      await atProvider();
      return { status: 200 };
    });
    const env = { NOTIFICATION_LEASE_S: '15', NOTIFICATION_SENDERS: '1', SMS_URL: provider.url };
    world = await openWorld(env, 0);
    world.post.onMail(() => atProvider());
    given =
      channel === MessageChannel.SMS
        ? () => provider.calls.map(({ headers }) => headers['idempotency-key'] as string)
        : () => world.post.mails.map(({ id }) => id);
    await migrate(world.stack.databaseUrl, 'notification', notification.migrations);
    await wishing(false);
  });
  afterEach(async () => {
    await processes.killAll();
    await world.stop();
    await provider.close();
  });

  /** Every officer gets messages by this channel alone, at once or in a digest. */
  async function wishing(digest: boolean): Promise<void> {
    const sealer = createSealer(world.env.LIENTHONG_SEALING_KEYS ?? '');
    const contact = { email: 'crash@xa.example', phone: '+84912345678' };
    const topics = [{ topic: Topic.TASK_ASSIGNED, channels: [channel], digest }];
    const preferences = Preferences.fromPartial({ topics });
    await world.db.transaction(async (tx) => {
      saveOfficerContact(tx, sealer, people.expert.id, contact, new Date());
      savePreferences(tx, RecipientKind.OFFICER, people.expert.id, preferences, new Date());
    });
  }
  const start = () => processes.start(world);
  const assign = () =>
    world.publish(
      ...Array.from({ length: COUNT }, (__, i) =>
        dossierEvents(people.commune, `H61.29542-260115-${String(i + 1).padStart(4, '0')}`).assigned(
          people.expert,
        ),
      ),
    );
  const count = async (where: string) => {
    const [row] = await world.db.query<{ n: number }>({
      text: `select count(*)::int as n from notification where channel = ${channel} and ${where}`,
    });
    return row?.n;
  };
  const until = (where: string, n: number) =>
    vi.waitFor(async () => expect(await count(where)).toBe(n), { timeout: WAIT, interval: 50 });

  /** Another process makes everything whole: planned once, sent; returns the keys that came more than once. */
  async function whole(): Promise<string[]> {
    await endLeases(world.db);
    await start();
    await until('state = 2', COUNT);
    expect(await count('true')).toBe(COUNT);
    const rows = await world.db.query<{ id: string }>({
      text: `select id from notification where channel = ${channel}`,
    });
    const keys = given();
    expect(new Set(keys)).toEqual(new Set(rows.map(({ id }) => id)));
    return keys.filter((key, i) => keys.indexOf(key) !== i);
  }

  /** Kills a process that waits for a table. */
  async function killAt(table: string, mode: string, begin: () => Promise<ChildProcess>): Promise<void> {
    await holding(world.db, table, mode, async () => {
      const child = await begin();
      await waitedFor(world.db, table);
      await processes.kill(child);
    });
  }

  /** No message of the channel is claimed meanwhile. */
  const unclaimed = (run: () => Promise<void>) =>
    world.db.transaction(async (tx) => {
      await lockCircuit(tx, channel);
      await run();
    });

  test('planning', async () => {
    const child = await start();
    await killAt('notification', 'exclusive', async () => {
      await assign();
      return child;
    });
    expect(await count('true')).toBe(0);
    expect(await whole()).toEqual([]);
  }, 90_000);

  test('claiming what was planned', async () => {
    const child = await start();
    await unclaimed(async () => {
      await assign();
      await until('state = 1 and attempts = 0', COUNT);
      await processes.kill(child);
    });
    expect(given()).toEqual([]);
    expect(await whole()).toEqual([]);
  }, 90_000);

  /** Plans the messages while no process of the service runs. */
  async function planned(): Promise<void> {
    const child = await start();
    await unclaimed(async () => {
      await assign();
      await until('state = 1', COUNT);
      await processes.kill(child);
    });
  }

  test('recording the attempt', async () => {
    await planned();
    await killAt('attempt', 'exclusive', start);
    expect(await count('attempts > 0')).toBe(0);
    expect(given()).toEqual([]);
    expect(await whole()).toEqual([]);
  }, 90_000);

  test('sending what it claimed', async () => {
    await planned();
    await killAt('officer_contact', 'access exclusive', async () => {
      const child = await start();
      await until('attempts = 1', 1);
      return child;
    });
    // Only the first message is under way; its attempt is recorded and has no answer.
    expect(await count('attempts = 1 and leased_until is not null')).toBe(1);
    expect(given()).toEqual([]);
    expect(await whole()).toEqual([]);
    const rows = await world.db.query<{ number: number; answered: boolean }>({
      text: `select a.number, a.duration_ms is not null as answered
               from attempt a join notification n on n.id = a.notification_id
              where n.channel = ${channel} and n.attempts = 2 order by a.number`,
    });
    expect(rows).toEqual([
      { number: 1, answered: false },
      { number: 2, answered: true },
    ]);
  }, 90_000);

  test('the provider’s answer', async () => {
    await planned();
    const { promise: there, resolve: come } = Promise.withResolvers<void>();
    const { promise: over, resolve: letGo } = Promise.withResolvers<void>();
    atProvider = async () => {
      come();
      await over;
    };
    const child = await start();
    await there;
    await processes.kill(child);
    atProvider = async () => {};
    letGo();
    expect((await whole()).length).toBeLessThanOrEqual(1);
  }, 90_000);

  test('recording the provider’s answer: that message comes twice, under one key', async () => {
    await planned();
    const { promise: there, resolve: come } = Promise.withResolvers<void>();
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    atProvider = async () => {
      come();
      await held;
    };
    const child = await start();
    await there;
    // Before the commit is sent: the database would carry it out without a client.
    await unclaimed(async () => {
      hold();
      await vi.waitFor(
        async () => {
          const waiting = await world.db.query({
            text: `select 1 from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock' and query like '%from circuit%'`,
          });
          expect(waiting).toHaveLength(1);
        },
        { timeout: WAIT, interval: 20 },
      );
      await processes.kill(child);
    });
    const [first] = given();
    expect(await count('state = 2')).toBe(0);
    atProvider = async () => {};
    expect(await whole()).toEqual([first]);
  }, 90_000);

  test('a digest is written: one digest, of everything, once', async () => {
    await wishing(true);
    const planning = await start();
    await assign();
    await until('digest and state = 1', COUNT);
    await processes.kill(planning);
    await world.db.query({
      text: `update notification set due_at = now() - interval '1 minute' where digest`,
    });
    // What it collects can be locked, the digest cannot be written.
    await killAt('notification', 'share', start);
    expect(await count('state = 5')).toBe(0);
    await start();
    await until('state = 2', 1);
    expect(await count('state = 5 and digest_id is not null')).toBe(COUNT);
    expect(given()).toHaveLength(1);
  }, 90_000);
});
