import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { credsAuthenticator, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { forgetEvents } from '../../services/feed/src/store/forget.ts';
import { pairOf, parseCredentials, signJwt, toCredentials } from '../nats/jwt.ts';
import { commune, type LeafWorld, neighbour, openLeafWorld, readNext } from './support/leaf-world.ts';

// The feed, a hub and two leaf nodes, with real nats-servers and the files that deploy/nats makes.

let world: LeafWorld;
/** The agencies' systems, and the events that each has read so far. */
const systems = new Map<string, { connection: NatsConnection; seen: string[] }>();
let system: NatsConnection;

beforeAll(async () => {
  world = await openLeafWorld();
  for (const agencyId of [commune, neighbour])
    systems.set(agencyId, { connection: await world.reader(agencyId), seen: [] });
  system = systemOf(commune).connection;
});
afterAll(() => world.close());

vi.setConfig({ testTimeout: 180_000 });
const slow = { timeout: 90_000, interval: 200 };

function systemOf(agencyId: string) {
  const found = systems.get(agencyId);
  if (found === undefined) throw new Error(`there is no system of ${agencyId}`);
  return found;
}

/** Reads until the agency's system has every event that concerns it, each once and in order. */
async function expectWhole(agencyId: string): Promise<void> {
  const { connection, seen } = systemOf(agencyId);
  const expected = await world.expected(agencyId);
  await vi.waitFor(async () => {
    seen.push(...(await readNext(connection)));
    expect(seen.length).toBeGreaterThanOrEqual(expected.length);
  }, slow);
  expect(seen).toEqual(expected);
}

/** Of all agencies; the first three establish agencies, and concern all. */
let recorded = 3;
async function report(holder: string, count: number): Promise<void> {
  await world.report(holder, count);
  recorded += count;
}

test('each leaf has the events of its agency and of all agencies, and no others', async () => {
  await report(commune, 30);
  await report(neighbour, 20);
  await report(commune, 5);
  await world.recorded(recorded);
  await vi.waitFor(async () => {
    const { state } = await (await jetstreamManager(system)).streams.info('SLICE');
    expect(state.messages).toBe(38);
  }, slow);
  await expectWhole(commune);
  await expectWhole(neighbour);
});

test('an event is described as in the stream of its source, with the cursor of the feed', async () => {
  const { streams } = await jetstreamManager(system, { checkAPI: false });
  const { state } = await streams.info('SLICE');
  const consumer = await jetstream(system).consumers.get('SLICE', { opt_start_seq: state.last_seq });
  const message = await consumer.next({ expires: 5_000 });
  expect(message?.subject).toBe(`lt.slice.${commune}.routing.delivery.status`);
  const header = (name: string) => message?.headers?.get(name);
  expect(header('ce-type')).toBe('lienthong.routing.v1.DeliveryStatusReported');
  expect(header('ce-source')).toBe('routing');
  expect(header('ce-cursor')).toMatch(/^[\w-]{16}$/);
  expect(header('ce-mac')).toBe('');
});

test('an hour without the line: the system reads on, and then gets every event once and in order', async () => {
  const { line } = world.leaf(commune);
  line.silence();
  for (let minute = 0; minute < 60; minute += 1) {
    await report(commune, 40);
    await report(neighbour, 20);
  }
  await world.recorded(recorded);
  // Without the hub: what the leaf has, also for a system that begins now.
  const late = await world.reader(commune);
  const there = await readNext(late, 'den-sau');
  expect(there.length).toBeGreaterThanOrEqual(38);
  expect(there).toEqual((await world.expected(commune)).slice(0, there.length));
  expect(there.length).toBeLessThan(500);
  // The neighbour's leaf does not wait.
  await expectWhole(neighbour);
  line.renew();
  await expectWhole(commune);
});

test('a silence whose bytes arrive late doubles nothing', async () => {
  const { line } = world.leaf(commune);
  line.silence();
  await report(commune, 300);
  await world.recorded(recorded);
  // Longer than the feed waits for an acknowledgement.
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  line.resume();
  await expectWhole(commune);
});

test('a leaf that is killed without the line has its data when it starts again', async () => {
  const leaf = world.leaf(commune);
  leaf.line.silence();
  await leaf.stop('SIGKILL');
  await leaf.restart();
  const again = await world.reader(commune);
  expect(await readNext(again, 'sau-khi-tat')).toEqual(systemOf(commune).seen);
  await report(commune, 10);
  leaf.line.renew();
  await world.recorded(recorded);
  await expectWhole(commune);
});

test('the process of the feed that leads stops, and another one goes on: each event comes once', async () => {
  const first = world.feed();
  await world.startFeed();
  await report(commune, 100);
  await first.stop();
  await report(commune, 100);
  await world.recorded(recorded);
  await expectWhole(commune);
});

test("the agency's system publishes nothing, and changes, empties and deletes nothing", async () => {
  const before = (await (await jetstreamManager(system)).streams.info('SLICE')).state;
  const manager = await jetstreamManager(system, { checkAPI: false, timeout: 2_000 });
  const refused = /permissions violation/i;
  for (const subject of [`lt.slice.${commune}.routing.delivery.status`, 'lt.directory.agency.ended.H61'])
    await expect(jetstream(system).publish(subject, 'x', { timeout: 2_000, retries: 0 })).rejects.toThrow(
      refused,
    );
  await expect(manager.streams.delete('SLICE')).rejects.toThrow(refused);
  await expect(manager.streams.purge('SLICE')).rejects.toThrow(refused);
  await expect(manager.streams.update('SLICE', { max_msgs: 1 })).rejects.toThrow(refused);
  await expect(manager.streams.deleteMessage('SLICE', 1)).rejects.toThrow(refused);
  await expect(manager.streams.add({ name: 'OTHER', subjects: ['other'] })).rejects.toThrow(refused);
  for (const subject of [`lt.slice.${neighbour}.>`, 'lt.>', '>', '_INBOX.>', '$JS.>']) {
    const subscription = system.subscribe(subject);
    const read = (async () => {
      for await (const _ of subscription) return 'a message';
    })();
    await expect(read, subject).rejects.toThrow(refused);
  }
  expect((await (await jetstreamManager(system)).streams.info('SLICE')).state).toEqual(before);
});

test("even the leaf's administrator hears and reaches nothing else, and cannot empty the slice", async () => {
  const { port, file } = world.leaf(commune);
  const administrator = await world.connect(
    { port, credsFile: file('administrator.creds') },
    'administrator',
  );
  const heard: string[] = [];
  for (const subject of ['lt.>', `$JS.${neighbour}.>`])
    administrator.subscribe(subject, { callback: (_, message) => void heard.push(message.subject) });
  await administrator.flush();
  await report(neighbour, 10);
  await report(commune, 1);
  await world.recorded(recorded);
  for (const agencyId of [commune, neighbour]) await expectWhole(agencyId);
  expect(heard).toEqual([`lt.slice.${commune}.routing.delivery.status`]);

  const hub = await jetstreamManager(await world.administrator());
  const end = async () => (await hub.streams.info('LT_ROUTING')).state.last_seq;
  const before = await end();
  for (const subject of ['lt.routing.delivery.status.H61', `lt.slice.${neighbour}.routing.delivery.status`])
    administrator.publish(subject, 'forged');
  await report(neighbour, 1);
  await report(commune, 1);
  await world.recorded(recorded);
  for (const agencyId of [commune, neighbour]) await expectWhole(agencyId);
  expect(await end()).toBe(before + 2);

  const manager = await jetstreamManager(administrator);
  await expect(manager.streams.purge('SLICE')).rejects.toThrow(/not permitted/);
  await expect(manager.streams.deleteMessage('SLICE', 1)).rejects.toThrow(/not permitted/);
});

test("the credentials of a leaf's line are none for a program", async () => {
  const { file } = world.leaf(commune);
  const attempt = connect({
    servers: `localhost:${world.hub.port}`,
    tls: { caFile: join(world.folder, 'ca.pem') },
    authenticator: credsAuthenticator(readFileSync(file('hub.creds'))),
    reconnect: false,
  });
  await expect(attempt).rejects.toThrow(/authorization/i);
});

/** The credentials of a file, valid for some seconds from now on. */
function credentialsFor(seconds: number, file: string, key: string): string {
  const { claims, seed } = parseCredentials(readFileSync(file, 'utf8'));
  const now = Math.floor(Date.now() / 1000);
  const account = pairOf(readFileSync(join(world.folder, 'keys', key), 'utf8').trim());
  const issued = { ...claims, iat: now - 60, exp: now + seconds };
  return toCredentials(signJwt(issued, account), seed);
}

function replace(file: string, text: string): () => void {
  const before = readFileSync(file, 'utf8');
  const write = (content: string) => {
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  };
  write(text);
  return () => write(before);
}

test('expired credentials are refused: of a system, and of the line, which goes on once they are renewed', async () => {
  const leaf = world.leaf(neighbour);
  const expired = credentialsFor(-5, leaf.file('ho-so.creds'), `leaf-${neighbour}`);
  const attempt = connect({
    servers: `127.0.0.1:${leaf.port}`,
    authenticator: credsAuthenticator(Buffer.from(expired)),
    reconnect: false,
  });
  await expect(attempt).rejects.toThrow(/authorization|expired/i);
  const renew = replace(leaf.file('hub.creds'), credentialsFor(-5, leaf.file('hub.creds'), 'platform'));
  onTestFinished(renew);
  await leaf.stop();
  await leaf.restart();
  await report(neighbour, 5);
  await world.recorded(recorded);
  const reader = await world.reader(neighbour);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const expected = await world.expected(neighbour);
  expect(await readNext(reader, 'het-han')).toEqual(expected.slice(0, -5));
  renew();
  await expectWhole(neighbour);
});

test('a leaf that is revoked is cut off when the hub reads its accounts again, until it has the new credentials', async () => {
  const leaf = world.leaf(neighbour);
  await report(neighbour, 1);
  await world.recorded(recorded);
  await expectWhole(neighbour);
  const stolen = readFileSync(leaf.file('hub.creds'), 'utf8');
  expect(world.make({ revoke: neighbour })).toContain('write   hub/accounts.conf');
  const renew = replace(leaf.file('hub.creds'), stolen);
  onTestFinished(renew);
  world.hub.reload();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await report(neighbour, 5);
  await report(commune, 5);
  await world.recorded(recorded);
  await expectWhole(commune);
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const { connection } = systemOf(neighbour);
  expect(await readNext(connection)).toEqual([]);
  renew();
  await expectWhole(neighbour);
});

test('a service whose credentials expire goes on once they are renewed, also late and repeatedly', async () => {
  const file = join(world.folder, 'services/audit.creds');
  const short = (seconds: number) => credentialsFor(seconds, file, 'platform');
  const restore = replace(file, short(3));
  onTestFinished(restore);
  const audit = await world.service('audit');
  const ask = () => audit.request('$JS.API.STREAM.INFO.LT_ROUTING', '', { timeout: 1_000 });
  await ask();
  for (let round = 0; round < 2; round += 1) {
    await vi.waitFor(() => expect(ask()).rejects.toThrow(), slow);
    // It is refused several times meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    replace(file, short(3));
    await vi.waitFor(ask, slow);
  }
});

/** As FEED_KEEP_DAYS later. */
const forgetAll = () => world.db.transaction((tx) => forgetEvents(tx, new Date(8.64e15), 1_000_000));

async function restartFeed(): Promise<void> {
  await world.feed().stop();
  await world.startFeed();
}

test('a slice that was quiet for longer than events are kept goes on', async () => {
  await report(neighbour, 1);
  await world.recorded(recorded);
  await expectWhole(neighbour);
  // A process notes where its slices end when it first has nothing to send, and then every ten minutes.
  await restartFeed();
  const head = recorded;
  await vi.waitFor(async () => {
    const rows = await world.db.query({ text: 'select agency_id from slice where seq = $1', values: [head] });
    expect(rows).toHaveLength(2);
  }, slow);
  await forgetAll();
  await restartFeed();
  await report(commune, 3);
  await vi.waitFor(async () => expect(await world.expected(commune)).toHaveLength(3), slow);
  const { connection, seen } = systemOf(commune);
  await vi.waitFor(async () => {
    seen.push(...(await readNext(connection)));
    expect(seen.slice(-3)).toEqual(await world.expected(commune));
  }, slow);
});

test('a slice that lacks events that are forgotten halts, until its stream is deleted and filled again', async () => {
  const { line, port, file } = world.leaf(commune);
  line.silence();
  await report(commune, 2);
  await vi.waitFor(async () => expect(await world.expected(commune)).toHaveLength(5), slow);
  await forgetAll();
  await restartFeed();
  line.renew();
  await report(commune, 4);
  await vi.waitFor(async () => expect(await world.expected(commune)).toHaveLength(4), slow);
  const administrator = await world.connect(
    { port, credsFile: file('administrator.creds') },
    'administrator',
  );
  const { streams } = await jetstreamManager(administrator);
  const before = (await streams.info('SLICE')).state.last_seq;
  await vi.waitFor(() => expect(world.logged()).toContain(`lacks events that are not kept any more`), slow);
  expect((await streams.info('SLICE')).state.last_seq).toBe(before);
  await streams.delete('SLICE');
  await vi.waitFor(async () => expect((await streams.info('SLICE')).state.messages).toBe(4), slow);
  expect(await readNext(administrator, 'lai-tu-dau')).toEqual(await world.expected(commune));
});
