import { connectAgency } from '@lienthong/client';
import { uuidv7 } from '@lienthong/kit';
import { expect, onTestFinished, test } from 'vitest';
import { startFeed } from './support/process.ts';
import { clerkOf, openWorld, status } from './support/world.ts';

const COUNT = 600;

/** After how many events the process dies: at once, while it catches up, while it is live, and near the end. */
const DEATHS = [1, 90, 250, 251, 590];

test('a client that follows loses nothing and gets nothing twice when the process is killed many times', async () => {
  const world = await openWorld({ processes: 0 });
  onTestFinished(world.stop);
  const agency = uuidv7();
  const token = await world.issuer.issue(clerkOf(agency));
  const publish = (from: number, to: number) =>
    world.publish(
      ...Array.from({ length: to - from }, (_, i) => status(uuidv7(), agency, { assignee: `${from + i}` })),
    );
  await publish(0, 100);

  let feed = await startFeed(world);
  const { address } = feed;
  const client = connectAgency({ address, token: () => token });
  onTestFinished(() => client.close());
  let restarting: Promise<unknown> = Promise.resolve();
  const again = async () => {
    await feed.kill();
    feed = await startFeed(world, { LISTEN: address });
  };
  const writing = (async () => {
    for (let n = 100; n < COUNT; n += 10) {
      await publish(n, n + 10);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const types = ['lienthong.routing.v1.DeliveryStatusReported'] as const;
  const heard: string[] = [];
  for await (const event of client.follow({ fromOldest: true, types, heartbeatMs: 1000 })) {
    heard.push(event.payload.assignee);
    if (DEATHS.includes(heard.length)) restarting = restarting.then(again);
    if (heard.length === COUNT) break;
  }
  await Promise.all([writing, restarting]);
  expect(heard).toEqual(Array.from({ length: COUNT }, (_, n) => String(n)));
  // Six processes start one after the other.
}, 180_000);
