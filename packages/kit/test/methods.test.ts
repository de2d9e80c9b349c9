import { Status } from '@lienthong/client';
import { AuditServiceDefinition, type Entry, EntryKind } from '@lienthong/contracts/audit';
import { refusalOf } from '@lienthong/testkit';
import { ClientError, createClient, Metadata } from 'nice-grpc';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type AdmissionLimits,
  MAX_MESSAGE_BYTES,
  methodsWith,
  type Policy,
  refuse,
  rpcService,
} from '../src/index.ts';
import { clerk, connectAs, issuer, PRINCIPAL, serve } from './support/server.ts';

interface Deps {
  rows: readonly { id: number; size: number }[];
  count: (officerId: string) => Promise<number>;
}

const { query, list } = methodsWith<Deps>();
const { listEntries: listDefinition, countEntries: countDefinition } = AuditServiceDefinition.methods;
const definition = {
  ...AuditServiceDefinition,
  methods: { listEntries: listDefinition, countEntries: countDefinition },
} as const;
const entry = ({ id, size }: { id: number; size: number }): Entry => ({
  source: '',
  position: BigInt(id),
  eventId: '',
  type: '',
  occurredAt: undefined,
  recordedAt: undefined,
  actor: undefined,
  aggregateId: '',
  aggregateVersion: 0n,
  documentId: '',
  dossierCode: '',
  agencyId: '',
  traceId: '',
  payload: new Uint8Array(size),
  index: 0n,
  kind: EntryKind.EVENT,
  part: 0,
});

const filter = z.object({
  officerId: z.string().superRefine((text, context) => {
    if (text.length > 5)
      context.addIssue({ code: 'custom', message: 'is too long', params: { reason: 'LONG' } });
  }),
  dossierCode: z.string(),
});

const listEntries = list(listDefinition, {
  policy: 'authenticated',
  request: z.object({ filter: filter.optional() }),
  cursor: z.number(),
  handle: ({ page }, _, { rows }) => {
    const after = page.after ?? 0;
    return page.cut(
      rows.filter(({ id }) => id > after).slice(0, page.limit),
      ({ id }) => id,
      (rows, nextPageToken) => ({ entries: rows.map(entry), nextPageToken }),
    );
  },
});

const countWith = (options: { policy?: Policy; maxBytes?: number; maxValues?: number } = {}) =>
  query(countDefinition, {
    policy: 'authenticated',
    request: z.object({ filter: filter.optional() }),
    rules: ({ filter }, { caller }) =>
      filter?.dossierCode === caller.officerId
        ? [
            { field: 'filter.dossier_code', description: 'must not be you', reason: 'SELF' },
            { field: 'filter.officer_id', description: 'is wrong twice', reason: 'TWICE' },
          ]
        : [],
    cost: ({ filter }) => (filter?.dossierCode === 'dear' ? 3 : 1),
    ...options,
    handle: async ({ filter }, _, { count }) => ({ count: BigInt(await count(filter?.officerId ?? '')) }),
  });

async function start(
  deps: Partial<Deps> = {},
  options: {
    count?: ReturnType<typeof countWith>;
    limits?: { perProcess: number; perAgency: AdmissionLimits['perAgency'] };
  } = {},
) {
  const all: Deps = { rows: [], count: async () => 1, ...deps };
  const service = rpcService(definition, all, [listEntries, options.count ?? countWith()]);
  return serve({ services: [service], limits: options.limits });
}

test('one refusal has every violation, each field once: those of the wire first, then the schema, then the rules', async () => {
  const { client } = await start();
  const filter = {
    officerId: 'too long',
    dossierCode: clerk.officerId,
    documentId: 'a\u0000',
    from: new Date(-1e14),
  };
  expect(await refusalOf(client.audit.countEntries({ filter }))).toEqual({
    code: 'INVALID_ARGUMENT',
    reason: 'FIELD_INVALID',
    violations: [
      'filter.document_id FIELD_INVALID',
      'filter.from TIMESTAMP_INVALID',
      'filter.officer_id LONG',
      'filter.dossier_code SELF',
    ],
  });
});

describe('a request', () => {
  test('with more bytes than its method takes is refused before it is decoded', async () => {
    const { client } = await start({}, { count: countWith({ maxBytes: 1000 }) });
    const count = (n: number) => client.audit.countEntries({ filter: { documentId: 'x'.repeat(n) } });
    expect(await refusalOf(count(1000))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_TOO_LARGE',
    });
    expect(await count(900)).toEqual({ count: 1n });
  });

  test('with more values than its method takes is refused while it is decoded', async () => {
    const { client } = await start({}, { count: countWith({ maxValues: 100 }) });
    const count = (n: number) => client.audit.countEntries({ filter: { types: Array(n).fill('') } });
    // The filter is a value too.
    expect(await count(99)).toEqual({ count: 1n });
    expect(await refusalOf(count(100))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'REQUEST_TOO_LARGE',
    });
  });

  test('with text that is not UTF-8 is malformed', async () => {
    const { channel } = await start();
    const raw = { encode: (bytes: Uint8Array) => ({ finish: () => bytes }), decode: () => new Uint8Array() };
    const definition = {
      ...AuditServiceDefinition,
      methods: { countEntries: { ...countDefinition, requestType: raw } },
    } as const;
    const metadata = Metadata({ authorization: `Bearer ${await issuer.issue(clerk)}` });
    // filter.document_id: half of a surrogate pair, as an encoder that does not look writes it.
    const bytes = Uint8Array.of(0x0a, 5, 0x0a, 3, 0xed, 0xa0, 0x80);
    const refused = createClient(definition, channel).countEntries(bytes, { metadata });
    await expect(refused).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT });
    await expect(refused).rejects.toBeInstanceOf(ClientError);
  });

  test('of a caller without an agency is refused where one is needed', async () => {
    const policy: Policy = { anyOf: ['clerk'], ofAgency: true };
    const { address } = await start({}, { count: countWith({ policy }) });
    const count = (agencyId: string) => connectAs(address, { ...clerk, agencyId }).audit.countEntries({});
    expect(await refusalOf(count(''))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'AGENCY_REQUIRED',
    });
    expect(await count(clerk.agencyId)).toEqual({ count: 1n });
  });

  test('of 64 KiB of combining marks does not block the process', async () => {
    const { client } = await start();
    const marks = '\u0301'.repeat(30_000);
    expect(await refusalOf(client.audit.countEntries({ filter: { dossierCode: marks } }))).toMatchObject({
      violations: ['filter.dossier_code FIELD_INVALID'],
    });
  });
});

describe('a page', () => {
  const rows = Array.from({ length: 5 }, (_, i) => ({ id: i + 1, size: 10 }));
  const ids = (entries: { position: bigint }[]) => entries.map(({ position }) => Number(position));

  test('goes on where the one before ended', async () => {
    const { client } = await start({ rows });
    const first = await client.audit.listEntries({ pageSize: 3 });
    expect(ids(first.entries)).toEqual([1, 2, 3]);
    const second = await client.audit.listEntries({ pageSize: 3, pageToken: first.nextPageToken });
    expect(ids(second.entries)).toEqual([4, 5]);
    expect(second.nextPageToken).toBe('');
  });

  test('is cut to the size that a default client reads, and no row is lost', async () => {
    const { client } = await start({
      rows: [...rows, ...[6, 7, 8, 9].map((id) => ({ id, size: 1_500_000 }))],
    });
    const seen: number[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const reply = await client.audit.listEntries({ pageSize: 200, pageToken });
      expect(reply.entries.length).toBeGreaterThan(0);
      seen.push(...ids(reply.entries));
      pageToken = reply.nextPageToken || undefined;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('with one row larger than a client reads is refused', async () => {
    const { client } = await start({ rows: [{ id: 1, size: MAX_MESSAGE_BYTES }] });
    expect(await refusalOf(client.audit.listEntries({}))).toMatchObject({
      code: 'OUT_OF_RANGE',
      reason: 'REPLY_TOO_LARGE',
    });
  });

  test('belongs to its list, filter and caller, and its token reveals nothing', async () => {
    // A number so long that random bytes do not contain it by chance.
    const far = rows.map((row) => ({ ...row, id: row.id + 1_000_000_000 }));
    const { client, address } = await start({ rows: far });
    const { nextPageToken: pageToken } = await client.audit.listEntries({ pageSize: 3 });
    expect(Buffer.from(pageToken, 'base64url').toString('latin1')).not.toContain('1000000003');
    const wrong = { reason: 'PAGE_TOKEN_INVALID', violations: ['page_token PAGE_TOKEN_INVALID'] };
    for (const another of [
      { agencyId: '018f0000-0000-7000-8000-000000000002' },
      { officerId: 'officer-2' },
    ]) {
      const other = connectAs(address, { ...clerk, ...another });
      expect(await refusalOf(other.audit.listEntries({ pageToken }))).toMatchObject(wrong);
    }
    const filtered = client.audit.listEntries({ pageToken, filter: { officerId: 'x' } });
    expect(await refusalOf(filtered)).toMatchObject(wrong);
    const changed = `${pageToken.startsWith('A') ? 'B' : 'A'}${pageToken.slice(1)}`;
    for (const forged of ['%%%', 'AAAA', changed, 'A'.repeat(60_000)])
      expect(await refusalOf(client.audit.listEntries({ pageToken: forged }))).toMatchObject(wrong);
  });
});

describe('the cost of calls that run at once', () => {
  function blocking() {
    const gate = Promise.withResolvers<number>();
    let running = 0;
    const count = async (officerId: string) => {
      if (officerId !== 'wait') return 1;
      running += 1;
      return gate.promise;
    };
    const until = async (n: number) => {
      while (running < n) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    return { count, until, finish: () => gate.resolve(2) };
  }
  const wait = { filter: { officerId: 'wait' } };

  test('is bounded for each agency, so that other agencies still get replies', async () => {
    const { count, until, finish } = blocking();
    const { client, address } = await start(
      { count },
      { limits: { perProcess: 10, perAgency: { ...PRINCIPAL, atOnce: 2 } } },
    );
    const running = [client.audit.countEntries(wait), client.audit.countEntries(wait)];
    await until(2);
    const busy = await client.audit.countEntries({}, { timeoutMs: 500 }).catch((error) => error);
    expect(busy).toMatchObject({ code: Status.RESOURCE_EXHAUSTED, reason: 'CALLER_BUSY' });
    const other = connectAs(address, { ...clerk, agencyId: '018f0000-0000-7000-8000-000000000002' });
    expect(await other.audit.countEntries({})).toEqual({ count: 1n });
    finish();
    await Promise.all(running);
    expect(await client.audit.countEntries({})).toEqual({ count: 1n });
  });

  test('is bounded for the process, and a call that ends makes room', async () => {
    const { count, until, finish } = blocking();
    const { client, address } = await start(
      { count },
      { limits: { perProcess: 3, perAgency: { ...PRINCIPAL, atOnce: 2 } } },
    );
    const ofAgency = (n: number) =>
      connectAs(address, { ...clerk, agencyId: `018f0000-0000-7000-8000-00000000000${n}` }).audit;
    const [second, third] = [ofAgency(2), ofAgency(3)];
    const fails = (call: Promise<unknown>) => call.catch((error) => error);
    const running = [client.audit.countEntries(wait), client.audit.countEntries(wait)];
    await until(2);
    // The first agency has its share; the place that is left is for the others.
    expect(await fails(client.audit.countEntries({}, { timeoutMs: 500 }))).toMatchObject({
      reason: 'CALLER_BUSY',
    });
    expect(await second.countEntries({})).toEqual({ count: 1n });
    running.push(second.countEntries(wait));
    await until(3);
    expect(await fails(third.countEntries({}, { timeoutMs: 500 }))).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      reason: 'SERVER_BUSY',
      retryAfterMs: 1000,
    });
    finish();
    await Promise.all(running);
    expect(await third.countEntries({})).toEqual({ count: 1n });
  });

  test('lets a call run alone that costs more than the bounds', async () => {
    const { count, until, finish } = blocking();
    const { client } = await start(
      { count },
      { limits: { perProcess: 2, perAgency: { ...PRINCIPAL, atOnce: 2 } } },
    );
    const dear = { filter: { dossierCode: 'dear' } };
    expect(await client.audit.countEntries(dear)).toEqual({ count: 1n });
    const running = client.audit.countEntries(wait);
    await until(1);
    const busy = await client.audit.countEntries(dear, { timeoutMs: 500 }).catch((error) => error);
    expect(busy).toMatchObject({ code: Status.RESOURCE_EXHAUSTED, reason: 'CALLER_BUSY' });
    finish();
    await running;
  });
});

describe('a service', () => {
  test('that lacks a method or lists one twice does not start', () => {
    const deps = { rows: [], count: async () => 1 };
    // @ts-expect-error a method of the service is missing
    expect(() => rpcService(definition, deps, [listEntries])).toThrow(
      'lienthong.audit.v1.AuditService: CountEntries is missing',
    );
    const twice = [listEntries, countWith(), countWith()] as const;
    expect(() => rpcService(definition, deps, twice)).toThrow('CountEntries is listed twice');
  });
});

test('a handler’s own refusal reaches the caller', async () => {
  const { client } = await start({
    count: async () => refuse({ kind: 'not-found', reason: 'NOTHING', message: 'there is nothing' }),
  });
  expect(await refusalOf(client.audit.countEntries({}))).toMatchObject({ code: 'NOT_FOUND' });
});
