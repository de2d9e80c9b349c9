import { type FeedEvent, Start } from '@lienthong/contracts/feed';
import { expect, onTestFinished, test, vi } from 'vitest';
import { clerkOf, following, issuer, neighbour, openWorld, status } from './support/world.ts';

/** More than a process keeps in memory for those who join. */
const COUNT = 9_000;

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => status(issuer, neighbour, { assignee: `no-${from + i}` }));
const numberOf = ({ data }: FeedEvent) =>
  Number(/no-(\d+)/.exec(Buffer.from(data?.value ?? []).toString('latin1'))?.[1]);

test('a cursor from the far past continues with every event since, in order', async () => {
  const world = await openWorld();
  onTestFinished(() => world.stop());
  const client = await world.client(clerkOf(neighbour));
  const { cursor } = await client.listEvents({ start: Start.NOW });
  for (let n = 0; n < COUNT; n += 500) await world.publish(...numbered(n, 500));
  const stream = following(client, { cursor });
  await vi.waitFor(() => expect(stream.events.length).toBeGreaterThanOrEqual(COUNT), 50_000);
  await world.publish(...numbered(COUNT, 1));
  await vi.waitFor(() => expect(stream.events.length).toBeGreaterThan(COUNT), 20_000);
  expect(stream.events.map(numberOf)).toEqual(Array.from({ length: COUNT + 1 }, (_, n) => n));
  await stream.stop();

  // By pages as well, and by a process that was not there when it was given.
  await world.restart();
  const later = await world.client(clerkOf(neighbour));
  const paged: string[] = [];
  for (let at = cursor, more = true; more; ) {
    const page = await later.listEvents({ cursor: at, pageSize: 500 });
    paged.push(...page.events.map(({ id }) => id));
    ({ cursor: at, more } = page);
  }
  expect(paged).toEqual(stream.events.map(({ id }) => id));
});
