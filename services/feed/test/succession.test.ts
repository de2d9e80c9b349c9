import { agency, announced, ended } from '@lienthong/reference-data/testing';
import { manualClock } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { clerkOf, everything, following, issuer, openWorld, status, type World } from './support/world.ts';

let world: World;
const clock = manualClock('2025-06-30T10:00:00Z');
beforeAll(async () => {
  world = await openWorld({ clock });
});
afterAll(() => world.stop());

test('from the day an agency ends, its events reach the stream of its successor', async () => {
  const successor = agency({ code: 'H61.1', name: 'Phường Long Châu' });
  const before = agency({ code: 'H61.2', name: 'Phường 1' });
  const other = agency({ code: 'H61.3', name: 'Phường 2' });
  await world.publish(announced(successor), announced(before), announced(other));
  await world.publish(announced(ended(before, '2025-07-01', successor.id)));
  await world.publish(status(issuer, before.id));
  const [oldOne, newOne, third] = await Promise.all(
    [before, successor, other].map(async ({ id }) => world.client(clerkOf(id))),
  );
  const deliveries = { types: ['lienthong.routing.v1.DeliveryStatusReported'] };
  const count = async (client: typeof oldOne) =>
    client ? (await everything(client, deliveries)).events.length : 0;
  await vi.waitFor(async () => expect(await count(oldOne)).toBe(1), 20_000);
  expect(await count(newOne)).toBe(0);

  const live = newOne && following(newOne, deliveries);
  await vi.waitFor(() => expect(live?.heartbeats).toHaveLength(1), 20_000);
  clock.set('2025-06-30T17:00:00Z');
  await world.publish(status(issuer, before.id), status(issuer, successor.id), status(issuer, other.id));
  await vi.waitFor(() => expect(live?.events).toHaveLength(2), 20_000);
  // From the oldest event it also gets the events of its predecessor.
  expect(await count(newOne)).toBe(3);
  expect(await count(third)).toBe(1);
  await live?.stop();
});
