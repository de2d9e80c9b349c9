import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AuditRecord, canonicalBytes, commit, createSalts, entryOf, SALT_BYTES } from '../src/index.ts';

const record: AuditRecord = {
  version: 1,
  kind: 'event',
  source: 'routing',
  position: 7,
  eventId: '01990000-0000-7000-8000-000000000001',
  type: 'lienthong.routing.v1.DocumentIssued',
  occurredAt: '2026-01-05T01:40:00.000Z',
  actor: { agencyId: '01990000-0000-7000-8000-00000000000a', officerId: 'nguyễn.văn.a' },
  aggregateId: '01990000-0000-7000-8000-000000000002',
  aggregateVersion: 1,
  agencyId: '',
  documentId: '01990000-0000-7000-8000-000000000002',
  dossierCode: '',
  payload: commit(Buffer.from('nội dung'), Buffer.alloc(SALT_BYTES, 1)),
};

/** RFC 8785, section 3.2.3, word for word: members sorted by UTF-16 code units, everything else as ECMAScript. */
const reference = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `{${Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, member]) => `${JSON.stringify(name)}:${reference(member)}`)
        .join(',')}}`
    : JSON.stringify(value);

test('the canonical form of a record is fixed: a log that was signed depends on it', () => {
  expect(canonicalBytes(record).toString()).toBe(
    '{"actor":{"agencyId":"01990000-0000-7000-8000-00000000000a","officerId":"nguyễn.văn.a"},"agencyId":"",' +
      '"aggregateId":"01990000-0000-7000-8000-000000000002","aggregateVersion":1,' +
      '"documentId":"01990000-0000-7000-8000-000000000002","dossierCode":"",' +
      '"eventId":"01990000-0000-7000-8000-000000000001","kind":"event","occurredAt":"2026-01-05T01:40:00.000Z",' +
      `"payload":"${record.payload}","position":7,"source":"routing",` +
      '"type":"lienthong.routing.v1.DocumentIssued","version":1}',
  );
  expect(entryOf(record)).toEqual(createHash('sha256').update(canonicalBytes(record)).digest());
  expect(canonicalBytes({ ...record, index: 0 }).toString()).toContain('"index":0,"kind"');
});

test('RFC 8785, section 3.2.2.2: the characters of its example are written as there', () => {
  const officerId = '€$\u000f\nA\'B"\\\\"/';
  const written = canonicalBytes({ ...record, actor: { agencyId: '', officerId } }).toString();
  expect(written).toContain(String.raw`"officerId":"€$\u000f\nA'B\"\\\\\"/"}`);
});

test('members in any order, and members that are not of a record, change nothing', () => {
  const text = fc.string({ unit: 'grapheme' });
  const number = fc.maxSafeNat();
  fc.assert(
    fc.property(
      fc.record({ position: number, aggregateVersion: number, officerId: text, dossierCode: text }),
      fc.option(number, { nil: undefined }),
      ({ officerId, ...members }, index) => {
        const one = { ...record, ...members, index, actor: { agencyId: '', officerId } };
        expect(canonicalBytes(one).toString()).toBe(reference(one));
        const reversed = Object.fromEntries(Object.entries({ ...one, note: 'x' }).reverse());
        expect(canonicalBytes(reversed as unknown as AuditRecord)).toEqual(canonicalBytes(one));
      },
    ),
  );
});

test('numbers that JSON cannot carry exactly, and halves of surrogate pairs, are refused', () => {
  for (const position of [-1, 0.5, 2 ** 53, Number.NaN])
    expect(() => canonicalBytes({ ...record, position })).toThrow(RangeError);
  for (const half of ['\ud800', '\udfff', '\\\ud800'])
    expect(() => canonicalBytes({ ...record, source: half })).toThrow('well-formed');
  for (const good of ['\\ud800', '\\\\ud800', '😀', '\\'])
    expect(canonicalBytes({ ...record, source: good }).toString()).toContain(JSON.stringify(good));
});

test('a commitment is an HMAC of the payload under its salt', () => {
  const [salt, other] = createSalts(2) as [Buffer, Buffer];
  expect(salt).toHaveLength(SALT_BYTES);
  const payload = Buffer.from('nội dung');
  expect(commit(payload, salt)).toBe(createHmac('sha256', salt).update(payload).digest('hex'));
  expect(commit(payload, other)).not.toBe(commit(payload, salt));
});
