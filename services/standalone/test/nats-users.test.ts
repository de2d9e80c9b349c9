import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '@lienthong/embedded';
import { type EventSource, streamName } from '@lienthong/eventlog';
import { connectNats, inboxOf } from '@lienthong/kit';
import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, nkeys } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { services } from '../src/index.ts';
import { accessOf, natsUsers, type ServiceUser } from '../src/nats-users.ts';

// What each service's user may do on the embedded nats-server, and what a stranger may not.

const SOURCES: Readonly<Record<string, EventSource>> = {
  'agency-directory': 'directory',
  'procedure-registry': 'registry',
  'document-routing': 'routing',
  casework: 'casework',
  feed: 'feed',
  notification: 'notification',
  audit: 'audit',
};
const ALL = Object.values(SOURCES);

let dir: string;
let nats: Awaited<ReturnType<typeof startNats>>;
let users: ServiceUser[];
let administrator: NatsConnection;
const connections: NatsConnection[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lienthong-users-'));
  users = await natsUsers(dir, 'lt');
  nats = await startNats({ dir: join(dir, 'nats'), users });
  administrator = await connectNats({ url: nats.natsUrl }, 'administrator');
  const manager = await jetstreamManager(administrator);
  for (const source of ALL)
    await manager.streams.add({ name: streamName('lt', source), subjects: [`lt.${source}.>`] });
});
afterAll(async () => {
  for (const connection of [...connections, administrator]) await connection.close();
  await nats.server.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function as(service: string): Promise<NatsConnection> {
  const connection = await connectNats(accessOf({ url: nats.natsUrl }, users)(service), service);
  connections.push(connection);
  return connection;
}
const publish = (by: NatsConnection, source: EventSource) =>
  jetstream(by).publish(`lt.${source}.agency.ended.H61`, 'x', { timeout: 2_000, retries: 0 });
const stateOf = async (source: EventSource) =>
  (await (await jetstreamManager(administrator)).streams.info(streamName('lt', source))).state;

test('every service of the platform has a user, with a seed that only the owner of the folder can read', () => {
  expect(users.map(({ service }) => service).sort()).toEqual(services.map(({ name }) => name).sort());
  for (const { service, seed } of users) {
    const file = join(dir, 'nats-users', service);
    expect(readFileSync(file, 'utf8').trim()).toBe(seed);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
  expect(statSync(join(dir, 'nats', 'nats-server.conf')).mode & 0o777).toBe(0o600);
});

test.each([
  ['nobody', {}],
  ['a wrong password', { user: 'administrator', pass: 'guess' }],
])('%s cannot connect', async (_, login) => {
  const { host } = new URL(nats.natsUrl);
  await expect(connect({ servers: host, ...login, reconnect: false })).rejects.toThrow(/authorization/i);
});

test('a key pair that the server does not know cannot connect', async () => {
  const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
  const { nkeyAuthenticator } = await import('@nats-io/nats-core');
  const authenticator = nkeyAuthenticator(new TextEncoder().encode(seed));
  const { host } = new URL(nats.natsUrl);
  await expect(connect({ servers: host, authenticator, reconnect: false })).rejects.toThrow(/authorization/i);
});

describe.each(services.map(({ name }) => name))('%s', (service) => {
  const own = SOURCES[service];
  let connection: NatsConnection;
  beforeAll(async () => {
    connection = await as(service);
  });

  test.each(ALL)('publishes to %s only when it is its own stream', async (source) => {
    const before = await stateOf(source);
    if (source === own) await publish(connection, source);
    else await expect(publish(connection, source)).rejects.toThrow(/permissions violation/i);
    expect((await stateOf(source)).last_seq).toBe(before.last_seq + (source === own ? 1 : 0));
  });

  test.each(ALL)('reads %s', async (source) => {
    await publish(administrator, source);
    const { last_seq } = await stateOf(source);
    const consumer = await jetstream(connection).consumers.get(streamName('lt', source), {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: last_seq,
    });
    expect((await consumer.next({ expires: 5_000 }))?.seq).toBe(last_seq);
    expect(await consumer.delete()).toBe(true);
  });

  test.each(ALL)('deletes, empties and changes %s only when it is its own stream', async (source) => {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 2_000 });
    const name = streamName('lt', source);
    const { created } = await (await jetstreamManager(administrator)).streams.info(name);
    await publish(administrator, source);
    await expect(manager.streams.update(name, { max_msgs: 1 })).rejects.toThrow();
    await expect(manager.streams.deleteMessage(name, 1)).rejects.toThrow();
    if (source === own) {
      await manager.streams.delete(name);
      await manager.streams.add({ name, subjects: [`lt.${source}.>`] });
      await manager.streams.purge(name, { seq: 5 });
      expect((await stateOf(source)).first_seq).toBe(5);
    } else {
      await expect(manager.streams.delete(name)).rejects.toThrow(/permissions violation/i);
      await expect(manager.streams.purge(name)).rejects.toThrow(/permissions violation/i);
      expect((await (await jetstreamManager(administrator)).streams.info(name)).created).toBe(created);
      expect((await stateOf(source)).messages).toBeGreaterThan(0);
    }
  });

  test.each(ALL)('wakes who publishes %s only when it is its own stream', async (source) => {
    const subject = `lt.wake.${source}`;
    const calls = connection.subscribe(subject);
    const first = (async () => {
      for await (const _ of calls) return 'called';
      return 'nobody called';
    })();
    connection.publish(subject);
    if (source === own) expect(await first).toBe('called');
    else await expect(first).rejects.toThrow(/permissions violation/i);
    if (source !== own) {
      const heard = administrator.subscribe(subject);
      await administrator.flush();
      connection.publish(subject);
      await connection.flush();
      await administrator.flush();
      expect(heard.getPending()).toBe(0);
      heard.unsubscribe();
    }
    calls.unsubscribe();
  });

  test('reads no reply to another service, and no subject but by a stream', async () => {
    const others = services.map(({ name }) => name).filter((name) => name !== service);
    const subjects = [...others.map((name) => `${inboxOf(name)}.>`), '_INBOX.>', '>', 'lt.>', '$JS.>'];
    for (const subject of subjects) {
      const subscription = connection.subscribe(subject);
      const read = (async () => {
        for await (const _ of subscription) return 'a message';
      })();
      await expect(read, subject).rejects.toThrow(/permissions violation/i);
    }
  });

  test('makes no other stream', async () => {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 2_000 });
    await expect(manager.streams.add({ name: 'OTHER', subjects: ['other'] })).rejects.toThrow(
      /permissions violation/i,
    );
  });
});

test('the feed alone writes slices of agencies; it makes their streams and deletes none', async () => {
  const api = '$JS.0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c.API.STREAM';
  const slice = 'lt.slice.0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c.routing.delivery.sent';
  const attempt = async (service: string, subject: string) =>
    (await as(service)).request(subject, '', { timeout: 2_000 });
  // Nobody is there to reply; a subject that is not allowed is refused before that.
  for (const subject of [slice, `${api}.INFO.SLICE`, `${api}.CREATE.SLICE`, `${api}.MSG.GET.SLICE`]) {
    await expect(attempt('feed', subject), subject).rejects.toThrow(/no responders/i);
    for (const service of ['casework', 'audit'])
      await expect(attempt(service, subject), subject).rejects.toThrow(/permissions violation/i);
  }
  for (const call of ['DELETE', 'PURGE', 'UPDATE', 'MSG.DELETE'])
    await expect(attempt('feed', `${api}.${call}.SLICE`), call).rejects.toThrow(/permissions violation/i);
});

test('the feed alone keeps a note; it does not delete it', async () => {
  const attempt = async (service: string, subject: string) =>
    (await as(service)).request(subject, '', { timeout: 2_000 });
  const calls = (...names: string[]) => names.map((name) => `$JS.API.STREAM.${name}.LT_FEED_NOTE`);
  await expect(attempt('feed', 'lt.note.feed')).rejects.toThrow(/no responders/i);
  for (const subject of ['lt.note.feed', ...calls('CREATE', 'MSG.GET')])
    await expect(attempt('audit', subject), subject).rejects.toThrow(/permissions violation/i);
  for (const subject of calls('CREATE', 'MSG.GET')) expect(await attempt('feed', subject)).toBeDefined();
  for (const subject of calls('DELETE', 'PURGE', 'UPDATE', 'MSG.DELETE'))
    await expect(attempt('feed', subject), subject).rejects.toThrow(/permissions violation/i);
});

test('the script prints the users of the services for nats-server, and knows no other ones', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../src/nats-config.ts'), ...args], {
      encoding: 'utf8',
    });
  const parsed = (text: string) => JSON.parse(text.replace(/^authorization \{ users: ([\s\S]*) \}\n$/, '$1'));
  const printed = run('services', dir);
  expect(parsed(printed.stdout).map((user: { nkey: string }) => user.nkey)).toEqual(
    users.map(({ nkey }) => nkey),
  );
  for (const { seed } of users) expect(printed.stdout).not.toContain(seed);
  const other = run('agency', 'H61', nkeys.createUser().getPublicKey());
  expect(other).toMatchObject({ status: 1, stdout: '' });
  expect(other.stderr).toMatch(/^use: /);
});
