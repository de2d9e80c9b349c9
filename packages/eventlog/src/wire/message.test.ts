import { EVENT_KEYS } from '@lienthong/testkit';
import type { MsgHdrs, MsgHdrsImpl } from '@nats-io/nats-core';
import { expect, test } from 'vitest';
import type { LoggedEvent } from '../event.ts';
import { readEventLogSettings } from '../settings.ts';
import { eventMac } from './mac.ts';
import { isAuthentic, readEnvelope, type StreamMessage, toHeaders, toSliceHeaders } from './message.ts';

const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
const macWith = (keys: string, source = 'directory') =>
  eventMac(readEventLogSettings({ EVENT_MAC_KEYS: keys }).EVENT_MAC_KEYS, source);
const mac = macWith(EVENT_KEYS.EVENT_MAC_KEYS);

const event: LoggedEvent = {
  position: 17,
  event_id: '0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
  type: 'lienthong.directory.v1.AgencyEnded',
  aggregate_id: '0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
  version: '4',
  subject: 'lt.directory.agency.ended.H61',
  agency_id: 'agency',
  document_id: '',
  dossier_code: '',
  actor_agency_id: '',
  actor_officer_id: 'quản trị',
  occurred_at: '2026-01-15T01:00:00.000Z',
  traceparent: '',
  payload: Buffer.from('payload'),
};

const textOf = (headers: MsgHdrs) => Buffer.from((headers as MsgHdrsImpl).encode()).toString('latin1');

/** The message as the stream gives it to a reader. */
function published(by = mac): StreamMessage {
  const text = textOf(toHeaders(event, 'directory', by));
  const values = new Map(
    text
      .split('\r\n')
      .filter((line) => line.includes(': '))
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const),
  );
  return { values, seq: event.position, subject: event.subject, data: event.payload };
}

test('a message is authentic as it was published, and gives its envelope', () => {
  expect(isAuthentic(published(), mac)).toBe(true);
  expect(readEnvelope(published())).toMatchObject({
    type: event.type,
    envelope: { eventId: event.event_id, position: 17, version: 4, actor: { officerId: 'quản trị' } },
  });
});

test('no header, subject, place or byte of the payload can be changed', () => {
  const message = published();
  expect(isAuthentic({ ...message, seq: 18 }, mac)).toBe(false);
  expect(isAuthentic({ ...message, subject: 'lt.directory.agency.ended.H62' }, mac)).toBe(false);
  expect(isAuthentic({ ...message, data: Buffer.from('payloae') }, mac)).toBe(false);
  const unread = ['Nats-Expected-Last-Sequence', 'ce-specversion', 'content-type'];
  for (const name of [...message.values.keys()].filter((name) => !unread.includes(name))) {
    const changed = new Map(message.values).set(name, `${message.values.get(name)}x`);
    expect(isAuthentic({ ...message, values: changed }, mac), name).toBe(false);
    const without = new Map(message.values);
    without.delete(name);
    expect(isAuthentic({ ...message, values: without }, mac), name).toBe(false);
  }
  for (const name of ['ce-documentid', 'ce-dossiercode', 'ce-agencyid', 'traceparent']) {
    const added = new Map(message.values).set(name, 'x');
    expect(isAuthentic({ ...message, values: added }, mac), name).toBe(false);
  }
});

test('a value cannot move from one header, or from the payload, to the next', () => {
  const message = published();
  const moved = new Map(message.values).set('ce-id', `${event.event_id}\r\ndirectory`).set('ce-source', '');
  expect(isAuthentic({ ...message, values: moved }, mac)).toBe(false);
  const first = new Map(message.values).set('traceparent', '\r\npay');
  expect(isAuthentic({ ...message, values: first, data: Buffer.from('load') }, mac)).toBe(false);
});

test('a key counts for its source only', () => {
  expect(isAuthentic(published(macWith(EVENT_KEYS.EVENT_MAC_KEYS, 'casework')), mac)).toBe(false);
});

test('in a slice an event has the same attributes, with the cursor in place of the MAC', () => {
  const own = textOf(toHeaders(event, 'directory', mac)).split('\r\n');
  const slice = textOf(toSliceHeaders(event, 'directory', 4, 'AbC-_123')).split('\r\n');
  const unlike = /^(Nats-Expected-Last-Sequence|ce-mac|ce-cursor): /;
  expect(slice.filter((line) => !unlike.test(line))).toEqual(own.filter((line) => !unlike.test(line)));
  expect(slice.filter((line) => unlike.test(line))).toEqual([
    'Nats-Expected-Last-Sequence: 4',
    'ce-cursor: AbC-_123',
  ]);
});

test('keys replace each other: the first signs, all are accepted', () => {
  const [old, next] = [key('k1', 1), key('k2', 2)];
  const before = published(macWith(old));
  const after = published(macWith(`${next},${old}`));
  expect(isAuthentic(before, macWith(`${next},${old}`))).toBe(true);
  expect(isAuthentic(after, macWith(`${old},${next}`))).toBe(true);
  expect(isAuthentic(after, macWith(old))).toBe(false);
  expect(isAuthentic(before, macWith(next))).toBe(false);
  // Another key under the same id.
  expect(isAuthentic(before, macWith(key('k1', 3)))).toBe(false);
});

test('a wrong setting is named without its bytes', () => {
  expect(() => macWith('k1:c2VjcmV0')).toThrow(/EVENT_MAC_KEYS: the key "k1" must be the base64 of 32 bytes/);
  expect(() => macWith('k1:c2VjcmV0')).not.toThrow(/c2VjcmV0/);
  expect(() => readEventLogSettings({})).toThrow('EVENT_MAC_KEYS: is missing');
});
