import { FeedServiceDefinition, Start } from '@lienthong/contracts/feed';
import { uuidv7 } from '@lienthong/kit';
import { rpcClient } from '@lienthong/testkit';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { lazyClient } from './support/lazy-client.ts';
import { startFeed } from './support/process.ts';
import {
  type Client,
  clerkOf,
  following,
  happened,
  openWorld,
  seconds,
  status,
  type World,
} from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ processes: 0 });
});
afterAll(() => world.stop());

async function clientOf(address: string, agencyId: string): Promise<Client> {
  const client = rpcClient(address, FeedServiceDefinition, await world.issuer.issue(clerkOf(agencyId)));
  onTestFinished(client.close);
  return client;
}

test('2,000 streams in one process: each gets its own events, and memory stays small', async () => {
  const feed = await startFeed(world, { FEED_MAX_STREAMS: '2000' });
  const agencies = Array.from({ length: 40 }, () => uuidv7());
  const before = await feed.memory();
  const clients = await Promise.all(agencies.map((id) => clientOf(feed.address, id)));
  const streams = clients.flatMap((client, agency) =>
    Array.from({ length: 50 }, () => ({ agency, ...following(client, { heartbeat: seconds(60) }) })),
  );
  await vi.waitFor(() => expect(streams.filter((one) => one.heartbeats.length === 0)).toEqual([]), 50_000);
  const open = await feed.memory();
  console.log(`2,000 idle streams: ${open.toFixed(0)} MiB, ${before.toFixed(0)} MiB before`);
  expect(open).toBeLessThan(250);

  const [first] = clients as [Client];
  expect(await following(first).ended).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });

  // Three of each agency's own, and one for all agencies.
  const sender = uuidv7();
  for (let n = 0; n < 3; n += 1)
    await world.publish(
      ...agencies.map((id, agency) => status(sender, id, { assignee: `no-${agency}-${n}` })),
    );
  await world.publish(happened('lienthong.registry.v1.ProcedurePublished', { procedure: { code: '1.001' } }));
  await vi.waitFor(() => expect(streams.filter((one) => one.events.length < 4)).toEqual([]), 50_000);
  for (const { agency, events } of streams) {
    const own = events.flatMap(
      ({ data }) =>
        Buffer.from(data?.value ?? [])
          .toString()
          .match(/no-\d+-\d/) ?? [],
    );
    expect(own).toEqual([0, 1, 2].map((n) => `no-${agency}-${n}`));
    expect(events).toHaveLength(4);
  }

  await Promise.all(streams.slice(0, 100).map((one) => one.stop()));
  const again = following(first);
  await vi.waitFor(() => expect(again.heartbeats).toHaveLength(1), 20_000);
  await Promise.all([again, ...streams].map((one) => one.stop()));
});

test('one officer, and one agency, fill only their part of the streams', async () => {
  const feed = await startFeed(world, {
    FEED_MAX_STREAMS: '20',
    STREAMS_PER_OFFICER: '5',
    STREAMS_PER_AGENCY: '8',
  });
  const [agencyId, other] = [uuidv7(), uuidv7()];
  const greedy = await clientOf(feed.address, agencyId);
  const many = Array.from({ length: 500 }, () => following(greedy));
  let refused: unknown[] = [];
  for (const one of many) void one.ended.then((error) => (refused = [...refused, error]));
  await vi.waitFor(() => expect(refused).toHaveLength(495), 20_000);
  for (const error of refused) expect(error).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  const open = (client: Client, n: number) => Array.from({ length: n }, () => following(client));
  const token = await world.issuer.issue({ ...clerkOf(agencyId), officerId: 'lãnh đạo' });
  const colleague = rpcClient(feed.address, FeedServiceDefinition, token);
  onTestFinished(colleague.close);
  const theirs = open(colleague, 3);
  const others = open(await clientOf(feed.address, other), 5);
  await vi.waitFor(() => {
    for (const one of [...theirs, ...others]) expect(one.heartbeats).toHaveLength(1);
  }, 20_000);
  expect(await following(colleague).ended).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  await Promise.all([...many, ...theirs, ...others].map((one) => one.stop()));
});

test('readers that do not read cost no memory, delay no other reader, and miss nothing when they read on', async () => {
  const feed = await startFeed(world);
  const agency = uuidv7();
  const COUNT = 2000;
  const bearer = `Bearer ${await world.issuer.issue(clerkOf(agency))}`;
  const lazy = Array.from({ length: 40 }, () => lazyClient(feed.address, bearer));
  const attentive = following(await clientOf(feed.address, agency), { start: Start.NOW });
  await vi.waitFor(() => expect(attentive.heartbeats).toHaveLength(1), 20_000);
  const before = await feed.memory();
  // 40 MB in all, which would be 1.6 GB if all of it were kept for each.
  const sender = uuidv7();
  for (let from = 0; from < COUNT; from += 100)
    await world.publish(
      ...Array.from({ length: 100 }, (_, i) =>
        status(sender, agency, {
          assignee: `no-${String(from + i).padStart(5, '0')};`,
          reason: 'x'.repeat(20_000),
        }),
      ),
    );
  await vi.waitFor(() => expect(attentive.events).toHaveLength(COUNT), 50_000);
  const after = await feed.memory();
  console.log(`40 readers that do not read: ${before.toFixed(0)} MiB before, ${after.toFixed(0)} MiB after`);
  expect(after - before).toBeLessThan(300);
  const [one] = lazy as [(typeof lazy)[0]];
  one.read();
  await vi.waitFor(() => expect(one.seen).toHaveLength(COUNT), 50_000);
  expect(one.seen).toEqual(Array.from({ length: COUNT }, (_, n) => String(n).padStart(5, '0')));
  await attentive.stop();
});
