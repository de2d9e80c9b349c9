import { type TestStack, testStack } from '@lienthong/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { copyDatabase, type DatabaseCopy } from './database-copy.ts';
import { expectWhole, readStreamIds, stream, waitUntilCaughtUp } from './facts.ts';
import { type Fixture, type Servers, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

/** Ten events, a backup, ten more that were published; then the database is put back to the backup. */
let stack: TestStack;
let restored: DatabaseCopy;
let one: Fixture;
let published: Awaited<ReturnType<typeof readStreamIds>>;
const tally = crypto.randomUUID();

beforeEach(async () => {
  stack = await testStack({ template });
  const before = await growIn(stack, 10);
  await before.stop();
  restored = await copyDatabase(stack);
  const after = await growIn(stack, 10);
  published = await readStreamIds(after, stack);
  expect(published).toHaveLength(20);
  await after.stop();
  one = await tallyProcess(restored);
});
afterEach(async () => {
  await one.stop();
  await restored.drop();
  await stack.close();
});

async function growIn(servers: Servers, events: number): Promise<Fixture> {
  const process = await tallyProcess(servers);
  await process.start('relay');
  await process.grow({ tally, events });
  await waitUntilCaughtUp(process, []);
  return process;
}

const halted = async () => (await one.log.operations.part.status()).log?.halted;
const expectHalted = (why: RegExp) =>
  vi.waitFor(async () => expect(await halted()).toMatch(why), { timeout: 10_000 });

/** Does what the message asks of the operator. */
async function rebuild(): Promise<void> {
  const jsm = await jetstreamManager(one.nats);
  await jsm.streams.delete(stream(stack));
  await waitUntilCaughtUp(one, []);
}

test('a stream ahead of the database halts the relay, which rebuilds it once it is deleted', async () => {
  await one.start('relay');
  await expectHalted(/is at 20, the database only at 10: the database was restored from an older backup/);
  expect(await readStreamIds(one, restored)).toEqual(published);
  // Commands go on; their events wait.
  await one.grow({ tally, events: 3 });
  await vi.waitFor(async () => expect(await halted()).toMatch(/the database only at 13/), {
    timeout: 10_000,
  });
  expect(await readStreamIds(one, restored)).toEqual(published);
  await rebuild();
  expect(await expectWhole(one, restored)).toHaveLength(13);
});

test.each([10, 15])('a database that has %i other events halts the relay: their ids differ', async (more) => {
  await one.grow({ tally, events: more });
  await one.start('relay');
  await expectHalted(/holds event .* at 20, the database has .* there/);
  expect(await readStreamIds(one, restored)).toEqual(published);
  await rebuild();
  expect(await expectWhole(one, restored)).toHaveLength(10 + more);
});
