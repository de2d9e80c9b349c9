import { expect, onTestFinished, test, vi } from 'vitest';
import { lazyClient } from './support/lazy-client.ts';
import { clerkOf, commune, hasAll, issuer, openWorld, status } from './support/world.ts';

/** Less than running calls have to end by themselves. */
const SOON_MS = 8_000;

test('a process stops although a client does not read what it follows', async () => {
  const world = await openWorld();
  onTestFinished(() => world.stop());
  const lazy = lazyClient(world.running().address, await world.running().bearer(clerkOf(commune)));
  await world.publish(
    ...Array.from({ length: 60 }, () => status(issuer, commune, { reason: 'đã đến nơi '.repeat(3_000) })),
  );
  await hasAll(await world.client(clerkOf(commune)), 60);
  const outcome = vi.fn();
  void world
    .running()
    .stop()
    .then(() => outcome('stopped'));
  await vi.waitFor(() => expect(outcome).toHaveBeenCalledWith('stopped'), SOON_MS);
  await lazy.closed;
});
