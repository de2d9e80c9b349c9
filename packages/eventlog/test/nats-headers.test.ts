import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connectNats } from '@lienthong/kit';
import { sharedServers } from '@lienthong/testkit';
import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, MsgHdrsImpl, type NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headerValues, rawHeaders, toMsgHdrs } from '../src/wire/nats-headers.ts';

const installed = (name: string): string =>
  JSON.parse(
    readFileSync(fileURLToPath(import.meta.resolve(name)).replace(/lib\/mod\.js$/, 'package.json'), 'utf8'),
  ).version;
/** What to do when a release of nats.js changes what src/wire/nats-headers.ts builds on. */
const why = (what: string) =>
  `nats.js ${installed('@nats-io/nats-core')} changed ${what}, which packages/eventlog/src/wire/nats-headers.ts uses. ` +
  'Adapt nats-headers.ts, or take the way back in docs/adr/0015-inner-parts-of-pg-and-nats.md.';

let nats: NatsConnection;
const stream = `H${randomUUID().replaceAll('-', '')}`;

beforeAll(async () => {
  nats = await connectNats({ url: sharedServers().natsUrl }, 'observer');
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
  expect(rawHeaders(message), why('where a message keeps its bytes')).toMatch(/^NATS\/1\.0\r\n/);
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

test('nats.js is pinned to one exact version, which is the installed one', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  for (const name of ['@nats-io/nats-core', '@nats-io/jetstream'])
    expect(dependencies[name], `pin ${name} exactly: nats-headers.ts uses inner parts (docs/adr/0015)`).toBe(
      installed(name),
    );
});

test('encoded headers arrive as nats.js would have sent them', async () => {
  expect(MsgHdrsImpl.prototype.encode, why('MsgHdrsImpl.encode')).toBeTypeOf('function');
  const expected = headers();
  expected.append('ce-type', 'lienthong.casework.v1.TaskClosed');
  expected.append('traceparent', '00-0af7-b7ad-01');
  const text =
    'NATS/1.0\r\nce-type: lienthong.casework.v1.TaskClosed\r\ntraceparent: 00-0af7-b7ad-01\r\n\r\n';
  const given = toMsgHdrs(text);
  expect(Buffer.from((given as MsgHdrsImpl).encode()).toString(), why('the form of encoded headers')).toBe(
    Buffer.from((expected as MsgHdrsImpl).encode()).toString(),
  );
  const { seq } = await jetstream(nats).publish(`${stream}.encoded`, 'payload', { headers: given });
  const message = await (await jetstream(nats).consumers.get(stream, { opt_start_seq: seq })).next();
  expect([...(message?.headers ?? [])], why('that publish calls encode')).toEqual([...expected]);
  expect(message?.string()).toBe('payload');
});
