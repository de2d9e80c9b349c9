import { ReadsRecorded } from '@lienthong/contracts/audit';
import type { RawEvent } from '@lienthong/eventlog';
import { expect, test } from 'vitest';
import { entriesOf } from '../src/domain/entries.ts';

const eventWith = (bytes: Uint8Array, type = 'lienthong.future.v1.ReadsRecorded'): RawEvent => ({
  type,
  bytes,
  envelope: {
    eventId: crypto.randomUUID(),
    position: 1,
    occurredAt: new Date(0),
    actor: { agencyId: '', officerId: '' },
    aggregateId: crypto.randomUUID(),
    version: 1,
    documentId: '',
    dossierCode: '',
    agencyId: '',
    traceparent: '',
  } as RawEvent['envelope'],
});
const encode = (methods: string[]) =>
  ReadsRecorded.encode(ReadsRecorded.fromPartial({ reads: methods.map((method) => ({ method })) })).finish();

test('reads of a service that this program does not know are split too, and their bytes stay as they are', () => {
  // A member of a later contract, within the first read.
  const bytes = Buffer.concat([Buffer.from([10, 5, 0x9a, 0x06, 2, 104, 105]), encode(['b', 'c'])]);
  const entries = entriesOf(eventWith(bytes));
  expect(entries.map(({ kind, part }) => [kind, part])).toEqual([0, 1, 2].map((part) => ['read', part]));
  expect(Buffer.concat(entries.map(({ payload }) => payload))).toEqual(bytes);
});

test.each([
  ['no reads', new Uint8Array()],
  ['a read that is cut short', encode(['a', 'b']).subarray(0, -1)],
  ['bytes that are no message', Buffer.from([255, 255, 255])],
  ['a member beside the reads', Buffer.concat([encode(['a']), Buffer.from([18, 1, 65])])],
])('an event with %s stays one entry with all of its bytes', (_, bytes) => {
  expect(entriesOf(eventWith(bytes))).toMatchObject([{ kind: 'event', part: 0, payload: bytes }]);
});

test('an event of another type is one entry', () => {
  const bytes = encode(['a', 'b']);
  expect(entriesOf(eventWith(bytes, 'lienthong.routing.v1.DocumentIssued'))).toMatchObject([
    { kind: 'event', part: 0, payload: bytes },
  ]);
});
