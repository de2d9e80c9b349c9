import { randomUUID } from 'node:crypto';
import { sharedServers } from '@lienthong/testkit';
import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headerValues, rawHeaders } from '../src/consume/header-values.ts';

let nats: NatsConnection;
const stream = `H${randomUUID().replaceAll('-', '')}`;

beforeAll(async () => {
  nats = await connect({ servers: sharedServers().natsUrl });
  await (await jetstreamManager(nats)).streams.add({ name: stream, subjects: [`${stream}.>`] });
});
afterAll(async () => {
  await (await jetstreamManager(nats)).streams.delete(stream);
  await nats.close();
});

/** The message as a reader of the stream receives it. */
async function received(values: [string, string][], payload = 'payload'): Promise<JsMsg> {
  const given = headers();
  for (const [name, value] of values) given.append(name, value);
  const { seq } = await jetstream(nats).publish(`${stream}.x`, payload, { headers: given });
  const consumer = await jetstream(nats).consumers.get(stream, { opt_start_seq: seq });
  const message = await consumer.next();
  if (!message) throw new Error('no message');
  return message;
}

test.each<[what: string, values: [string, string][]]>([
  [
    'attributes',
    [
      ['ce-type', 'lienthong.casework.v1.TaskClosed'],
      ['ce-time', '2026-01-15T01:00:00.000Z'],
    ],
  ],
  ['a value with colons and blanks', [['traceparent', '00: a b :c']]],
  [
    'an empty value',
    [
      ['ce-id', ''],
      ['ce-type', 'x'],
    ],
  ],
  [
    'a name twice',
    [
      ['ce-id', 'first'],
      ['ce-id', 'second'],
    ],
  ],
])('%s are read as nats.js reads them, from where it keeps them', async (_, values) => {
  const message = await received(values);
  expect(rawHeaders(message)).toMatch(/^NATS\/1\.0\r\n/);
  const expected = [...(message.headers ?? [])].map(([name, [value]]) => [name, value]);
  expect([...headerValues(message)]).toEqual(expected);
  expect(message.string()).toBe('payload');
});

test('where nats.js keeps them elsewhere, it reads them itself', async () => {
  const message = await received([['ce-type', 'x']]);
  const elsewhere = { headers: message.headers } as JsMsg;
  expect(rawHeaders(elsewhere)).toBeUndefined();
  expect(headerValues(elsewhere).get('ce-type')).toBe('x');
});

test('a message without headers has no values', async () => {
  await jetstream(nats).publish(`${stream}.bare`, 'payload');
  const consumer = await jetstream(nats).consumers.get(stream, { filter_subjects: [`${stream}.bare`] });
  const message = await consumer.next();
  if (!message) throw new Error('no message');
  expect([...headerValues(message)]).toEqual([]);
});
