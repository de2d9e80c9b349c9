import { Start } from '@lienthong/contracts/feed';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetEvents } from '../src/store/forget.ts';
import {
  clerkOf,
  commune,
  everything,
  following,
  hasAll,
  issuer,
  openWorld,
  status,
  type World,
} from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.stop());

const many = (n: number) => Array.from({ length: n }, () => status(issuer, commune));

test('old events are forgotten in order, and their cursors are refused', async () => {
  const client = await world.client(clerkOf(commune));
  const { cursor: beginning } = await client.listEvents({ start: Start.OLDEST });
  await world.publish(...many(30));
  const old = await hasAll(client, 30);
  const until = new Date();
  const { db } = world;
  const forget = (before: Date, limit: number) => db.transaction((tx) => forgetEvents(tx, before, limit));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await world.publish(...many(10));
  const all = await hasAll(client, 40);
  // By recorded_at, not by a clock: what was recorded before the second batch.
  expect(await forget(new Date(0), 100)).toBe(0);
  expect(await forget(until, 20)).toBe(20);
  expect(await forget(until, 20)).toBe(10);
  expect(await forget(until, 20)).toBe(0);
  expect((await everything(client)).events).toEqual(all.slice(30));
  expect(await db.query({ text: 'select count(*)::int as n from feed_entry' })).toEqual([{ n: 20 }]);
  // The last that is forgotten is a cursor that is still good: all after it are there.
  expect((await everything(client, { cursor: old[29]?.cursor ?? '' })).events).toHaveLength(10);
  for (const cursor of [beginning, old[0]?.cursor, old[28]?.cursor]) {
    const tooOld = { code: Status.OUT_OF_RANGE, details: expect.stringContaining('START_OLDEST') };
    await expect(client.listEvents({ cursor })).rejects.toMatchObject(tooOld);
    expect(await following(client, { cursor }).ended).toMatchObject(tooOld);
  }
  // A feed restored from an older copy: cursors beyond its head are not its own.
  const last = all.at(-1)?.cursor;
  await db.query({ text: 'update feed_head set seq = seq - 1' });
  await expect(client.listEvents({ cursor: last })).rejects.toMatchObject({
    code: Status.INVALID_ARGUMENT,
  });
  await db.query({ text: 'update feed_head set id = gen_random_uuid()' });
  await expect(client.listEvents({ cursor: all.at(-2)?.cursor })).rejects.toMatchObject({
    code: Status.INVALID_ARGUMENT,
  });
});
