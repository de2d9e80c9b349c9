import { setTimeout } from 'node:timers/promises';
import { EVENT_KEYS, type TestStack, testStack } from '@lienthong/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCatchUp } from '../src/consume/catch-up.ts';
import { readEventLogSettings } from '../src/settings.ts';
import { eventMac } from '../src/wire/mac.ts';
import { eventStream } from '../src/wire/stream.ts';
import { type Fixture, tallyProcess } from './fixture.ts';
import { template } from './tally.ts';

let stack: TestStack;
let one: Fixture;

beforeEach(async () => {
  stack = await testStack({ template });
  one = await tallyProcess(stack);
});
afterEach(async () => {
  await one.stop();
  await stack.close();
});

const WAIT = 20_000;
const macOf = (source: string) => eventMac(readEventLogSettings(EVENT_KEYS).EVENT_MAC_KEYS, source);
/** Catches up as another service would: with a consumer of the fixture's log. */
const catchUp = (position: number) =>
  createCatchUp({
    db: one.db,
    source: 'routing',
    consumers: [{ key: { name: 'copy', source: 'directory' } }],
    streamOf: (source) => eventStream(one.nats, stack.natsPrefix, source, 1, macOf(source)),
  })(new Map([['directory', position]]), WAIT, new AbortController().signal);

const apply = (position: number) =>
  one.db.query({
    text: `insert into consumer_cursor (name, source, position) values ('copy', 'directory', $1)`,
    values: [position],
  });

test('an event that is published is awaited until it is applied', async () => {
  await one.start('relay');
  await one.grow({ tally: crypto.randomUUID() });
  const caughtUp = catchUp(1);
  expect(await Promise.race([caughtUp, setTimeout(700, 'waits')])).toBe('waits');
  await apply(1);
  expect(await caughtUp).toBe(true);
});

test('a position beyond the log is not awaited', async () => {
  await one.start('relay');
  await one.grow({ tally: crypto.randomUUID() });
  await apply(1);
  expect(await catchUp(1)).toBe(true);
  const started = Date.now();
  expect(await Promise.all(Array.from({ length: 20 }, () => catchUp(2)))).toEqual(Array(20).fill(false));
  expect(Date.now() - started).toBeLessThan(WAIT / 4);
});

test('nothing is awaited of a log that has no stream yet', async () => {
  const started = Date.now();
  expect(await catchUp(999_999_999_999_999)).toBe(false);
  expect(Date.now() - started).toBeLessThan(WAIT / 4);
});
