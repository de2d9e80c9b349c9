import type { ManagedServer } from '@lienthong/embedded';
import { type NatsCluster, natsCluster, type TestStack, testStack } from '@lienthong/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { expectAcknowledged, expectWhole, readApplied, readLog, stream, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { load } from './load.ts';
import { template } from './tally.ts';

// One of three nats-servers ends or falls silent under load: events go on while it is away, each once and in order.

vi.setConfig({ testTimeout: 180_000 });

let cluster: NatsCluster;
let stack: TestStack;
/** Of the process that publishes, and of the one that consumes. */
let source: Fixture;
let sink: Fixture;

beforeAll(async () => {
  cluster = await natsCluster();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  const servers = { ...(await testStack({ template })), natsUrl: cluster.natsUrl };
  stack = servers;
  source = await tallyProcess({ ...servers, env: { STREAM_REPLICAS: '3' } });
  await source.start();
  sink = await tallyProcess(servers);
  sink.consume('seen');
  await sink.start('consumer');
});
afterEach(async () => {
  await sink.stop();
  await source.stop();
  await stack.close();
});

const slow = { timeout: 90_000, interval: 50 };

const manager = ({ nats }: Fixture) => jetstreamManager(nats, { checkAPI: false, timeout: 1_000 });

function serverNamed(name: string): ManagedServer {
  const server = cluster.servers.get(name);
  if (server === undefined) throw new Error(`the cluster has no server ${name}`);
  return server;
}

/** The name of the server that a process is connected to. */
function serverOf({ nats }: Fixture): string {
  const port = Number(nats.getServer().split(':').at(-1));
  const found = [...cluster.servers].find(([, server]) => server.port === port);
  if (found === undefined) throw new Error(`no server of the cluster listens on ${nats.getServer()}`);
  return found[0];
}

const streamLeader = () =>
  vi.waitFor(async () => {
    const { cluster: group } = await (await manager(source)).streams.info(stream(stack));
    expect(group?.replicas).toHaveLength(2);
    expect(group?.leader).toBeTruthy();
    return group?.leader as string;
  }, slow);

/** The name of the server that holds the state of the consumer's reader: one copy, in memory. */
const readerServer = () =>
  vi.waitFor(async () => {
    const readers = await (await manager(sink)).consumers.list(stream(stack)).next();
    const reader = readers.toSorted((a, b) => a.created.localeCompare(b.created)).at(-1);
    expect(reader?.cluster?.leader).toBeTruthy();
    return reader?.cluster?.leader as string;
  }, slow);

/** Connects the consumer to the server that also holds its reader. */
const readerAndConnection = () =>
  vi.waitFor(
    async () => {
      // Throws while the connection is made again: it has no server then.
      const server = serverOf(sink);
      if (server === (await readerServer())) return server;
      await sink.nats.reconnect();
      throw new Error('the reader is on another server');
    },
    { timeout: 60_000, interval: 500 },
  );

const roles = {
  'leads the stream': streamLeader,
  'leads JetStream': () => vi.waitFor(() => cluster.metaLeader(), slow),
  'publishes for the source': async () => serverOf(source),
  'holds the reader of the consumer': readerServer,
  'holds the reader of the consumer and its connection': readerAndConnection,
};
const faults = Object.entries(roles).flatMap(([role, find]) =>
  (['SIGKILL', 'SIGSTOP'] as const).map((signal) => ({ role, find, signal })),
);

test.each(faults)('the server that $role gets $signal', async ({ find, signal }) => {
  const running = load([source]);
  await running.more(100);
  const server = serverNamed(await find());
  await server.kill(signal);
  await running.more(10);
  const position = (await readLog(source)).length;
  // Those events arrive while the server is away.
  await vi.waitFor(
    async () => expect((await readApplied(sink, 'seen')).length).toBeGreaterThanOrEqual(position),
    slow,
  );
  if (signal === 'SIGSTOP') await server.kill('SIGCONT');
  else await server.restart();
  await running.more(100);
  const done = await running.stop();
  await waitUntilCaughtUp(source, ['seen']);
  expectAcknowledged(await expectWhole(source, stack, ['seen']), done);
});
