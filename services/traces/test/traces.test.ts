import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { SpanKind } from '@lienthong/contracts/traces';
import { createLog, LOOPBACK_ONLY } from '@lienthong/kit';
import { freePort, refusalOf, type TestWorld, testWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { receiver } from '../src/receive/receiver.ts';
import { spanQueue } from '../src/receive/span-queue.ts';
import { traces } from '../src/service.ts';
import { traceOf } from './support/spans.ts';

const NOW = Date.parse('2026-01-15T08:00:00+07:00');
const DAY = 86_400_000;
const WAIT = { timeout: 15_000, interval: 50 };
let world: TestWorld;
let url: string;

beforeAll(async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  url = `http://${listen}/v1/traces`;
  world = await testWorld(traces, {
    sources: ['directory'],
    env: {
      TRACES_LISTEN: listen,
      TRACES_KEEP_MIB: '1',
      TRACES_FORGET_CHECK_MS: '500',
    },
  });
});
afterAll(() => world.stop());

const post = (body: string | Buffer, headers: Record<string, string> = {}, to = url) =>
  fetch(to, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
const find = (request: Parameters<TestWorld['admin']['traces']['findTraces']>[0]) =>
  world.admin.traces.findTraces(request);
const kept = (traceId: string) =>
  vi.waitFor(() => world.admin.traces.getTrace({ traceId }).then(({ trace }) => trace), WAIT);

describe('spans', () => {
  test('from OpenTelemetry’s exporter are kept, with the documented attributes and no others', async () => {
    const dossier = `H61.1-260115-${randomUUID().slice(0, 4)}`;
    const attributes = {
      'lienthong.dossier': dossier,
      'lienthong.batch.size': 3,
      'db.statement': "select 'Nguyễn Thị Mẫu'",
      'user.list': ['a'],
    };
    const { traceId, linked, protobuf } = traceOf({ at: NOW, ms: 12, attributes, failed: true });
    expect((await post(protobuf)).status).toBe(200);
    const trace = await kept(traceId);
    expect(trace?.summary).toEqual({
      traceId,
      name: 'call',
      service: 'casework',
      startedAt: new Date(NOW),
      durationUs: 12_000n,
      spans: 2,
      failedSpans: 1,
    });
    const [first, second] = trace?.spans ?? [];
    expect(first).toMatchObject({ name: 'call', parentSpanId: '', kind: SpanKind.SERVER, failed: false });
    expect(second).toEqual({
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      parentSpanId: first?.spanId,
      name: 'commands',
      service: 'casework',
      kind: SpanKind.SERVER,
      startedAt: new Date(NOW + 1),
      offsetUs: 1_000n,
      durationUs: 11_000n,
      failed: true,
      attributes: { 'lienthong.dossier': dossier, 'lienthong.batch.size': '3' },
      links: [{ traceId: linked.traceId, spanId: linked.spanId }],
    });
  });

  test('sent again, zipped or not, are kept once', async () => {
    const { traceId, protobuf } = traceOf({ at: NOW });
    await post(protobuf);
    await kept(traceId);
    await post(gzipSync(protobuf), { 'content-encoding': 'gzip' });
    const marker = traceOf({ at: NOW });
    await post(marker.protobuf);
    await kept(marker.traceId);
    expect((await kept(traceId))?.summary?.spans).toBe(2);
  });

  test('as JSON are kept as well, and those without ids are rejected with words', async () => {
    const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const span = {
      name: 'gọi \u0000\ud800',
      kind: 2,
      startTimeUnixNano: String(BigInt(NOW) * 1_000_000n),
      endTimeUnixNano: String(BigInt(NOW) * 1_000_000n + 5_000n),
      attributes: [{ key: 'rpc.method', value: { stringValue: 'x'.repeat(900) } }],
    };
    const spans = [
      { ...span, traceId, spanId },
      { ...span, traceId: '00', spanId: 'zz' },
    ];
    const body = JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'feed' } }] },
          scopeSpans: [{ spans }],
        },
      ],
    });
    const response = await post(body, { 'content-type': 'application/json; charset=utf-8' });
    expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: 1 } });
    const [one] = (await kept(traceId))?.spans ?? [];
    expect(one).toMatchObject({ name: 'gọi \ufffd', service: 'feed', durationUs: 5n });
    expect(one?.attributes['rpc.method']).toHaveLength(200);
  });

  test.each<[string, () => Promise<Response>, number]>([
    ['a broken message', () => post(Buffer.from('0a05ff', 'hex')), 400],
    ['broken JSON', () => post('{"resourceSpans": 1}', { 'content-type': 'application/json' }), 400],
    ['another type', () => post('x', { 'content-type': 'text/plain' }), 415],
    ['another encoding', () => post('', { 'content-encoding': 'br' }), 400],
    ['too many bytes', () => post(Buffer.alloc(5 * 1024 * 1024)), 413],
    ['a bomb', () => post(gzipSync(Buffer.alloc(64 * 1024 * 1024)), { 'content-encoding': 'gzip' }), 400],
    ['another method', () => fetch(url), 405],
    ['another path', () => fetch(url.replace('traces', 'metrics'), { method: 'POST' }), 404],
  ])('%s is refused', async (_, send, status) => {
    expect((await send()).status).toBe(status);
  });
});

describe('an operator', () => {
  const dossier = 'H61.7-260115-0007';
  const [document, agency] = [randomUUID(), randomUUID()];
  const made: string[] = [];
  beforeAll(async () => {
    const wanted: Parameters<typeof traceOf>[0][] = [
      { at: NOW - 9 * DAY, attributes: { 'lienthong.dossier': dossier } },
      {
        at: NOW - 2 * DAY,
        ms: 3_000,
        attributes: { 'lienthong.dossier': dossier, 'lienthong.agency': agency },
      },
      {
        at: NOW - DAY,
        failed: true,
        attributes: { 'lienthong.document': document, 'lienthong.agency': agency },
      },
    ];
    for (const [n, one] of wanted.entries()) {
      const { traceId, protobuf } = traceOf(one);
      made[n] = traceId;
      await vi.waitFor(async () => expect((await post(protobuf)).status).toBe(200), WAIT);
      await kept(traceId);
    }
  });
  const ids = async (request: Parameters<typeof find>[0]) =>
    (await find(request)).traces.map(({ traceId }) => made.indexOf(traceId)).filter((n) => n >= 0);

  test('finds traces by dossier, document, agency, failure, duration and time, newest first', async () => {
    expect(await ids({ dossierCode: dossier })).toEqual([1, 0]);
    expect(await ids({ documentId: document })).toEqual([2]);
    expect(await ids({ agencyId: agency })).toEqual([2, 1]);
    expect(await ids({ agencyId: agency, failedOnly: true })).toEqual([2]);
    expect(await ids({ dossierCode: dossier, slowerThanUs: 1_000_000n })).toEqual([1]);
    expect(await ids({ from: new Date(NOW - 3 * DAY), to: new Date(NOW - 2 * DAY + 1) })).toEqual([1]);
    expect(await ids({ dossierCode: `${dossier}' or true` })).toEqual([]);
  });

  test('pages through them', async () => {
    const first = await find({ dossierCode: dossier, pageSize: 1 });
    const second = await find({ dossierCode: dossier, pageSize: 1, pageToken: first.nextPageToken });
    expect([...first.traces, ...second.traces].map(({ traceId }) => made.indexOf(traceId))).toEqual([1, 0]);
    expect(second.nextPageToken).toBe('');
  });

  test('reads the journey of a dossier over weeks, with the spans of each command', async () => {
    const { traces: journey } = await world.admin.traces.getJourney({ dossierCode: dossier });
    expect(journey.map(({ summary }) => made.indexOf(summary?.traceId ?? ''))).toEqual([0, 1]);
    expect(journey.map(({ spans }) => spans.map(({ name }) => name))).toEqual([
      ['call', 'commands'],
      ['call', 'commands'],
    ]);
  });

  test.each([
    ['no subject', () => world.admin.traces.getJourney({}), ['dossier_code FIELD_REQUIRED']],
    [
      'two subjects',
      () => world.admin.traces.getJourney({ dossierCode: dossier, documentId: document }),
      ['dossier_code FIELD_REQUIRED'],
    ],
    [
      'a period that ends first',
      () => find({ from: new Date(NOW), to: new Date(NOW - 1) }),
      ['to PERIOD_INVALID'],
    ],
    ['a negative duration', () => find({ slowerThanUs: -1n }), ['slower_than_us DURATION_INVALID']],
    ['a wrong id', () => world.admin.traces.getTrace({ traceId: 'x' }), ['trace_id TRACE_ID_INVALID']],
  ])('is refused %s', async (_, call, violations) => {
    expect((await refusalOf(call())).violations).toEqual(violations);
  });

  test('learns that a trace is not kept', async () => {
    const gone = world.admin.traces.getTrace({ traceId: randomBytes(16).toString('hex') });
    expect(await refusalOf(gone)).toMatchObject({ code: 'NOT_FOUND', reason: 'TRACE_UNKNOWN' });
  });

  test('is needed: nobody else sees traces', async () => {
    const officer = world.as({ agencyId: agency, officerId: 'văn thư', roles: ['clerk', 'leader'] });
    expect(await refusalOf(officer.traces.findTraces({}))).toMatchObject({ reason: 'ROLE_MISSING' });
    expect(await refusalOf(world.anybody.traces.findTraces({}))).toMatchObject({ reason: 'TOKEN_MISSING' });
  });
});

describe('traces', () => {
  const missing = (traceId: string) =>
    vi.waitFor(
      async () =>
        expect(await refusalOf(world.admin.traces.getTrace({ traceId }))).toMatchObject({
          reason: 'TRACE_UNKNOWN',
        }),
      WAIT,
    );

  test('are kept for their days, and as long as there is room', async () => {
    const old = traceOf({ at: NOW - 29 * DAY });
    await vi.waitFor(async () => expect((await post(old.protobuf)).status).toBe(200), WAIT);
    await kept(old.traceId);
    world.clock.advance(2 * DAY);
    await missing(old.traceId);
    // More than a mebibyte of newer ones.
    const first = traceOf({ at: NOW });
    await post(first.protobuf);
    await kept(first.traceId);
    const names = Array.from({ length: 1_500 }, (_, n) => `${'x'.repeat(180)} ${n}`);
    for (let n = 1; n <= 3; n += 1) {
      const { protobuf } = traceOf({ at: NOW + n, names });
      await vi.waitFor(async () => expect((await post(protobuf)).status).toBe(200), WAIT);
    }
    await missing(first.traceId);
    const rows = await world.db.query({
      text: 'select from span where trace_id not in (select trace_id from trace)',
    });
    expect(rows).toEqual([]);
  }, 60_000);
});

test('spans that come too fast are told to come later', async () => {
  let now = 0;
  const listen = `127.0.0.1:${await freePort()}`;
  const one = receiver({
    listen,
    tls: LOOPBACK_ONLY,
    log: createLog('test', 'silent'),
    queue: { offer: () => true },
    spansPerSecond: 1,
    now: () => now,
  });
  await one.start();
  onTestFinished(() => one.stop());
  const send = () => post(traceOf({ at: NOW }).protobuf, {}, `http://${listen}/v1/traces`);
  for (let n = 0; n < 5; n += 1) expect((await send()).status).toBe(200);
  const refused = await send();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
  now += 2_000;
  expect((await send()).status).toBe(200);
});

test('spans that find no room are left to their sender', () => {
  const queue = spanQueue({ db: world.db, log: createLog('test', 'silent'), maxBytes: 1_000 });
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentId: '',
    name: 'x',
    service: 'y',
    kind: 1,
    startedUs: NOW * 1_000,
    durationUs: 1,
    failed: false,
    attributes: {},
    links: [],
  };
  // One that is larger than all room is taken alone.
  expect(queue.offer(Array.from({ length: 100 }, () => span))).toBe(true);
  expect(queue.offer([span])).toBe(false);
});
