import { randomBytes, randomUUID } from 'node:crypto';
import { createSealer, type Logger, systemClock } from '@lienthong/kit';
import { createResealer } from '@lienthong/outbound';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretPlace } from '../src/webhooks/sealed.ts';
import { resealSecrets } from '../src/webhooks/store/reseal.ts';
import { openReceiver, orders, type Receiver } from './support/receiver.ts';
import {
  type HookWorld,
  leaderOf,
  openHookWorld,
  rounds,
  sequence,
  subjects,
  until,
  type WebhookClient,
} from './support/webhooks.ts';
import { commune, SEALING } from './support/world.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const OLD = SEALING.LIENTHONG_SEALING_KEYS;
const types = ['lienthong.routing.v1.DeliveryStatusReported'];

let world: HookWorld;
let hooks: WebhookClient;
let receiver: Receiver;
/** What the receiver checks signatures by. */
let secret: string | undefined;
beforeEach(async () => {
  world = await openHookWorld();
  hooks = world.hooks;
  secret = undefined;
  receiver = await openReceiver(() => secret);
});
afterEach(async () => {
  await world.stop();
  await receiver.close();
});

/** The service starts again with other keys. */
async function withKeys(keys: string): Promise<void> {
  await world.restart({ LIENTHONG_SEALING_KEYS: keys });
  hooks = await world.hooksOf(leaderOf(commune));
}

/** Which keys have sealed what is kept: secrets, those before them, and replies that carry one. */
async function keysInUse(): Promise<string[]> {
  const rows = await world.db.query<{ id: string }>({
    text: `select distinct split_part(sealed, '.', 2) as id
             from (select secret as sealed from webhook
                   union all select previous_secret from webhook where previous_secret is not null
                   union all select convert_from(reply, 'UTF8') from request
                              where method in ('CreateWebhook', 'RotateWebhookSecret')) as all_of_them
            order by id`,
  });
  return rows.map(({ id }) => id);
}
const waitsForLock = async () =>
  (
    await world.db.query({
      text: `select from pg_stat_activity
              where datname = current_database() and wait_event_type = 'Lock' and query like '%sealing_key%'`,
    })
  ).length > 0;

const rotate = async (webhookId: string) =>
  (await hooks.rotateWebhookSecret({ requestId: randomUUID(), webhookId })).secret;

/** Webhooks of other agencies, sealed with the old key: more than one batch. */
async function insertMany(count: number): Promise<void> {
  const sealer = createSealer(OLD);
  const ids = Array.from({ length: count }, () => randomUUID());
  await world.db.query({
    text: `insert into webhook (id, agency_id, url, types, description, state, secret, cursor, created_at, version)
           select id, gen_random_uuid(), 'http://127.0.0.1:9/', '{}', '', 2, secret, 0, now(), 1
             from unnest($1::uuid[], $2::text[]) as w (id, secret)`,
    values: [ids, ids.map((id) => sealer.seal('whsec_AAAA', secretPlace(id)))],
  });
}

test('a new first key: at the start everything is sealed with it, and the old one can be removed', async () => {
  const request = { requestId: randomUUID(), url: receiver.url, types };
  const created = await hooks.createWebhook(request);
  const id = created.webhook?.id ?? '';
  await insertMany(250);
  secret = await rotate(id);
  expect(await keysInUse()).toEqual(['test']);

  const fresh = key('fresh');
  await withKeys(`${fresh},${OLD}`);
  await until(async () => expect(await keysInUse()).toEqual(['fresh']));
  await withKeys(fresh);
  expect(await hooks.createWebhook(request)).toMatchObject({ secret: created.secret });
  const ids = subjects(2);
  await world.publishTo(rounds(ids, 2));
  await until(() => expect(receiver.taken).toHaveLength(4));
  // Signed by both still; the receiver has checked the new one.
  expect(String(receiver.all[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
});

test('while processes with either order of the keys run, nothing breaks', async () => {
  const { id } = await world.create(receiver.url, { types });
  const fresh = key('fresh');
  for (const keys of [`${fresh},${OLD}`, `${OLD},${fresh}`, `${fresh},${OLD}`]) {
    await withKeys(keys);
    await until(async () => expect(await keysInUse()).toEqual([keys.split(':')[0]]));
  }
  await world.publishTo(subjects(1));
  await until(() => expect(receiver.taken).toHaveLength(1));
  expect((await hooks.getWebhook({ webhookId: id })).webhook?.lastError).toBe('');
});

test('a webhook whose secret no key opens gets nothing, its attempts name the reason, others go on; rotating helps', async () => {
  const { id } = await world.create(receiver.url, { types });
  // With a key that is gone: nothing can unseal this one.
  await world.db.query({
    text: `update webhook set secret = replace(secret, 's1.test.', 's1.gone.') where id = $1`,
    values: [id],
  });
  const other = await openReceiver();
  try {
    const fresh = key('fresh');
    await world.create(other.url, { types });
    await withKeys(`${fresh},${OLD}`);
    // The other secret, which a key opens, is resealed.
    await until(async () => expect(await keysInUse()).toEqual(['fresh', 'gone']));

    const ids = subjects(2);
    await world.publishTo(rounds(ids, 2));
    await until(() => expect(other.taken).toHaveLength(4));
    const why = 'not sent: sealed with the key "gone", which is not among the sealing keys';
    await until(async () => {
      const { attempts } = await hooks.listAttempts({ webhookId: id, pageSize: 10 });
      expect(attempts[0]).toMatchObject({ status: 0, answer: why, delivered: false });
      expect((await hooks.getWebhook({ webhookId: id })).webhook?.lastError).toBe(why);
    });
    expect(receiver.all).toEqual([]);

    secret = await rotate(id);
    await until(() => expect(receiver.taken).toHaveLength(4));
    for (const one of ids) expect(orders(receiver.taken).get(`delivery/${one}`)).toEqual(sequence(2));
    // The previous secret no longer signs: no key opens it.
    expect(String(receiver.all[0]?.headers['webhook-signature']).split(' ')).toHaveLength(1);
    expect(await keysInUse()).toEqual(['fresh']);
  } finally {
    await other.close();
  }
});

test('a webhook that is in use at the moment is resealed after it', async () => {
  await insertMany(3);
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const holding = world.db.transaction(async (tx) => {
    await tx.query({ text: 'select id from webhook order by id limit 1 for update' });
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const resealing = resealSecrets(world.db, createSealer(`${key('fresh')},${OLD}`), systemClock.now());
  await until(async () => expect(await waitsForLock()).toBe(true));
  release.resolve();
  await holding;
  expect(await resealing).toEqual({ resealed: 3, unreadable: [] });
  expect(await keysInUse()).toEqual(['fresh']);
});

test('the log names when an old key can be removed, and which webhooks no key opens', async () => {
  await insertMany(120);
  const { id } = await world.create('http://127.0.0.1:9/', { types });
  const lines: [level: string, fields: object, message: string][] = [];
  const noting = (level: string) => (fields: object, message: string) => lines.push([level, fields, message]);
  const log = { info: noting('info'), warn: noting('warn') } as unknown as Logger;
  const run = async (keys: string) => {
    const before = lines.length;
    const worker = createResealer('webhook secrets', 600_000, log, () =>
      resealSecrets(world.db, createSealer(keys), systemClock.now()),
    );
    await worker.start();
    await until(() => expect(lines.length).toBeGreaterThan(before));
    await worker.stop();
    return lines.at(-1);
  };
  const fresh = key('fresh');
  const done = 'all webhook secrets are sealed with the first sealing key';
  // With the reply to CreateWebhook.
  expect(await run(`${fresh},${OLD}`)).toEqual(['info', { resealed: 122, unreadable: 0 }, done]);
  expect(await run(fresh)).toEqual(['info', { resealed: 0, unreadable: 0 }, done]);
  await world.db.query({
    text: `update webhook set secret = replace(secret, 's1.fresh.', 's1.gone.') where id = $1`,
    values: [id],
  });
  expect(await run(fresh)).toEqual([
    'warn',
    { resealed: 0, unreadable: 1, rows: [`webhook ${id}`] },
    expect.stringContaining('no sealing key opens'),
  ]);
});
