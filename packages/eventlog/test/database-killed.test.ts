import { privateStack } from '@lienthong/testkit';
import { afterAll, beforeAll, test } from 'vitest';
import { expectAcknowledged, expectWhole, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { load } from './load.ts';
import { migrateTally } from './tally.ts';

let own: Awaited<ReturnType<typeof privateStack>>;
let processes: Fixture[];

beforeAll(async () => {
  own = await privateStack();
  await migrateTally(own.databaseUrl);
});
afterAll(async () => {
  for (const one of processes) await one.stop();
  await own.stop();
});

test('PostgreSQL killed under load and restarted: what was acknowledged is there once, in order', async () => {
  const servers = { databaseUrl: own.databaseUrl, natsUrl: own.natsUrl, natsPrefix: 'killed' };
  processes = await Promise.all([tallyProcess(servers), tallyProcess(servers)]);
  for (const one of processes) {
    one.consume('seen');
    await one.start();
  }
  const running = load(processes);
  for (let kills = 0; kills < 3; kills += 1) {
    await running.more(60);
    await own.postgres.kill('SIGKILL');
    await own.postgres.restart();
  }
  await running.more(60);
  const done = await running.stop();
  const [one] = processes as [Fixture];
  await waitUntilCaughtUp(one, ['seen']);
  expectAcknowledged(await expectWhole(one, servers, ['seen']), done);
});
