import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { startStack } from '../src/index.ts';
import { childrenOf, isAlive, signal } from '../src/processes.ts';
import { messages, query, rows, running, temporaryDirectory, write } from './support/fixtures.ts';

test('PostgreSQL 18 runs durable, in UTF-8 and UTC, on 127.0.0.1 with a password', async () => {
  const stack = await running({ dataDir: temporaryDirectory(), postgresFlags: { work_mem: '7MB' } });
  const settings = await query(
    stack.databaseUrl,
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes',
     'data_checksums', 'server_encoding', 'TimeZone', 'jit', 'listen_addresses', 'work_mem')`,
  );
  expect(Object.fromEntries(settings)).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    data_checksums: 'on',
    server_encoding: 'UTF8',
    TimeZone: 'UTC',
    jit: 'off',
    listen_addresses: '127.0.0.1',
    work_mem: '7168',
  });
  expect(
    await query(
      stack.databaseUrl,
      "select current_database(), lower('HÒA'), current_setting('server_version_num')::int / 10000",
    ),
  ).toEqual([['lienthong', 'hòa', 18]]);
  const wrong = new URL(stack.databaseUrl);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('a stopped stack starts again on its data', async () => {
  const dataDir = temporaryDirectory();
  const first = await running({ dataDir });
  await write(first, 'kept');
  const pids = [first.postgres.pid(), first.nats.pid()];
  await first.stop();
  await first.stop();
  expect(pids.map(isAlive)).toEqual([false, false]);
  expect(existsSync(join(dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
  const second = await running({ dataDir });
  expect(await rows(second.databaseUrl)).toEqual(['kept']);
  expect(await messages(second.natsUrl)).toEqual(['kept']);
});

test('servers killed by SIGKILL restart with what they had acknowledged, on the same ports', async () => {
  const stack = await running({ dataDir: temporaryDirectory() });
  await write(stack, 'kept');
  const before = [stack.postgres.pid(), stack.nats.pid()];
  await Promise.all([stack.postgres.kill('SIGKILL'), stack.nats.kill('SIGKILL')]);
  expect([stack.postgres.running(), stack.nats.running()]).toEqual([false, false]);
  expect(before.map(isAlive)).toEqual([false, false]);
  await Promise.all([stack.postgres.restart(), stack.nats.restart()]);
  expect(await rows(stack.databaseUrl)).toEqual(['kept']);
  expect(await messages(stack.natsUrl)).toEqual(['kept']);
});

test('a wiped server starts empty under the same URL, and a running one is not wiped', async () => {
  const stack = await running({ dataDir: temporaryDirectory() });
  await write(stack, 'lost');
  await expect(stack.nats.wipe()).rejects.toThrow('runs');
  await stack.nats.kill('SIGKILL');
  await stack.nats.wipe();
  await stack.nats.restart();
  expect(await messages(stack.natsUrl)).toBeUndefined();
  expect(await rows(stack.databaseUrl)).toEqual(['lost']);
  await stack.postgres.stop();
  await stack.postgres.wipe();
  await stack.postgres.restart();
  expect(await query(stack.databaseUrl, "select to_regclass('note')")).toEqual([[null]]);
});

test('paused servers go on when woken, and stop when asked', async () => {
  const stack = await running({ dataDir: temporaryDirectory() });
  await write(stack, 'kept');
  const state = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
  await Promise.all([stack.postgres.kill('SIGSTOP'), stack.nats.kill('SIGSTOP')]);
  if (process.platform === 'linux') {
    // The signal is sent; a process in the kernel, or one of many threads, stops a moment later.
    await vi.waitFor(() =>
      expect([state(stack.postgres.pid()), state(stack.nats.pid())]).toEqual(['T', 'T']),
    );
  }
  expect([stack.postgres.running(), stack.nats.running()]).toEqual([true, true]);
  const answer = rows(stack.databaseUrl);
  await Promise.all([stack.postgres.kill('SIGCONT'), stack.nats.kill('SIGCONT')]);
  expect(await answer).toEqual(['kept']);
  await Promise.all([stack.postgres.kill('SIGSTOP'), stack.nats.kill('SIGSTOP')]);
  await stack.stop();
  expect([stack.postgres.running(), stack.nats.running()]).toEqual([false, false]);
});

test('two stacks run side by side and do not meet', async () => {
  const [one, two] = await Promise.all([
    running({ dataDir: temporaryDirectory() }),
    running({ dataDir: temporaryDirectory() }),
  ]);
  await Promise.all([write(one, 'one'), write(two, 'two')]);
  expect([await rows(one.databaseUrl), await rows(two.databaseUrl)]).toEqual([['one'], ['two']]);
  expect([await messages(one.natsUrl), await messages(two.natsUrl)]).toEqual([['one'], ['two']]);
});

test('a directory in use is refused, and its servers are left alone', async () => {
  const dataDir = temporaryDirectory();
  const stack = await running({ dataDir });
  await write(stack, 'kept');
  await expect(startStack({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
  expect(await rows(stack.databaseUrl)).toEqual(['kept']);
  expect(await messages(stack.natsUrl)).toEqual(['kept']);
});

test('existing servers are used, and stay when the stack stops', async () => {
  const existing = await running({ dataDir: temporaryDirectory() });
  const { databaseUrl, natsUrl } = existing;
  const dataDir = join(temporaryDirectory(), 'unused');
  const stack = await startStack({ dataDir, databaseUrl, natsUrl });
  expect(stack).toMatchObject({ databaseUrl, natsUrl, postgres: undefined, nats: undefined });
  await stack.stop();
  expect(existsSync(dataDir)).toBe(false);
  expect(existing.postgres.running() && existing.nats.running()).toBe(true);

  const half = await running({ dataDir: temporaryDirectory(), databaseUrl });
  expect(half.postgres).toBeUndefined();
  expect(await messages(half.natsUrl)).toBeUndefined();
});

test('when one server cannot start the other is stopped', async () => {
  const dataDir = temporaryDirectory();
  vi.stubEnv('NATS_SERVER', '/nonexistent/nats-server');
  try {
    await expect(startStack({ dataDir })).rejects.toThrow(
      'NATS_SERVER: /nonexistent/nats-server is not a nats-server',
    );
  } finally {
    vi.unstubAllEnvs();
  }
  expect(existsSync(join(dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
  expect(await query((await running({ dataDir })).databaseUrl, 'select 1')).toEqual([[1]]);
});

test('a setting PostgreSQL refuses is reported in its own words', async () => {
  const start = startStack({ dataDir: temporaryDirectory(), postgresFlags: { max_connections: 'many' } });
  await expect(start).rejects.toThrow(/PostgreSQL did not start[\s\S]*max_connections/);
});

test('an interrupted initialisation starts again', async () => {
  const dataDir = temporaryDirectory();
  mkdirSync(join(dataDir, 'postgres', 'data.new', 'base'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres', 'data.new', 'PG_VERSION'), '18\n');
  const stack = await running({ dataDir });
  expect(await query(stack.databaseUrl, 'select 1')).toEqual([[1]]);
});

test('a restart waits for its port', async () => {
  const stack = await running({ dataDir: temporaryDirectory() });
  for (const [server, complaint] of [
    [stack.postgres, 'could not create any TCP/IP sockets'],
    [stack.nats, 'address already in use'],
  ] as const) {
    await server.kill('SIGKILL');
    const squatter = createServer().listen(server.port, '127.0.0.1');
    await once(squatter, 'listening');
    const restarted = server.restart();
    const logs = ['server.log', 'server.log.1'].map((name) => join(server.dataDir, name));
    while (!logs.some((log) => existsSync(log) && readFileSync(log, 'utf8').includes(complaint)))
      await sleep(10);
    squatter.close();
    await restarted;
    expect(server.running()).toBe(true);
  }
});

test('a restart waits for the processes of a killed postmaster', async (context) => {
  const stack = await running({ dataDir: temporaryDirectory() });
  const { postgres } = stack;
  const children = childrenOf(postgres.pid());
  if (children.length === 0) return context.skip('this system does not tell the children of a process');
  await write(stack, 'kept');
  await postgres.kill('SIGSTOP');
  process.kill(postgres.pid(), 'SIGKILL');
  while (postgres.running()) await sleep(10);
  const restarted = postgres.restart();
  const log = join(postgres.dataDir, 'server.log');
  while (!readFileSync(log, 'utf8').includes('is still in use')) await sleep(10);
  for (const child of children) signal(child, 'SIGKILL');
  await restarted;
  expect(await rows(stack.databaseUrl)).toEqual(['kept']);
});
