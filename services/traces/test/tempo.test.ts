import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusalOf, type TestWorld, testWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { traces } from '../src/service.ts';

// A peer that speaks Tempo's HTTP API, as its documentation has it: ids of spans in base64, those of traces without
// zeros in front.

const NOW = Date.parse('2026-01-15T08:00:00+07:00');
const MINUTE = 60_000;
const ID = (n: number) => String(n).padStart(32, '0');
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

interface Stored {
  traceId: string;
  at: number;
  ms: number;
  failed?: boolean;
  dossier: string;
}
const stored: Stored[] = [
  { traceId: ID(1), at: NOW - 30 * MINUTE, ms: 10, dossier: 'H61.1' },
  { traceId: ID(2), at: NOW - 20 * MINUTE, ms: 900, dossier: 'H61.1' },
  { traceId: ID(3), at: NOW - 10 * MINUTE, ms: 10, failed: true, dossier: 'H61.2' },
];
let answer: { status: number; body: string } | undefined;
let server: Server;
let world: TestWorld;

const whole = ({ traceId, at, ms, failed = false, dossier }: Stored) => {
  const span = (n: number) => ({
    traceId: base64(traceId),
    spanId: base64(String(n + 1).padStart(16, '0')),
    ...(n > 0 && { parentSpanId: base64('1'.padStart(16, '0')) }),
    name: `call ${n}`,
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: String(BigInt(at) * 1_000_000n),
    endTimeUnixNano: String(BigInt(at + ms) * 1_000_000n),
    attributes: [
      { key: 'lienthong.dossier', value: { stringValue: dossier } },
      { key: 'db.statement', value: { stringValue: 'select 1' } },
    ],
    status: failed ? { code: 'STATUS_CODE_ERROR' } : {},
  });
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'casework' } }] };
  return { trace: { resourceSpans: [{ resource, scopeSpans: [{ spans: [span(0), span(1)] }] }] } };
};

function respond(url: URL): { status: number; body: string } {
  if (answer !== undefined) return answer;
  const id = /^\/api\/v2\/traces\/(\w+)$/.exec(url.pathname)?.[1];
  if (id !== undefined) {
    const one = stored.find(({ traceId }) => traceId === id);
    return one ? { status: 200, body: JSON.stringify(whole(one)) } : { status: 404, body: '' };
  }
  const query = (name: string) => url.searchParams.get(name) ?? '';
  const dossier = /span\.lienthong\.dossier = "([^"]*)"/.exec(query('q'))?.[1];
  const slower = Number(/traceDuration > (\d+)us/.exec(query('q'))?.[1] ?? 0) / 1_000;
  const found = stored.filter(
    (one) =>
      (dossier === undefined || one.dossier === dossier) &&
      (!query('q').includes('status = error') || one.failed) &&
      one.ms >= slower &&
      one.at / 1_000 >= Number(query('start')) &&
      one.at / 1_000 <= Number(query('end')),
  );
  const summaries = found.map(({ traceId, at, ms }) => ({
    traceID: traceId.replace(/^0+/, ''),
    rootServiceName: 'casework',
    startTimeUnixNano: String(BigInt(at) * 1_000_000n),
    durationMs: ms,
  }));
  return { status: 200, body: JSON.stringify({ traces: summaries.slice(0, Number(query('limit'))) }) };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, body } = respond(new URL(request.url ?? '', 'http://localhost'));
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  world = await testWorld(traces, {
    sources: ['directory'],
    env: { TRACES_TEMPO_URL: `http://127.0.0.1:${port}`, TRACES_LISTEN: '127.0.0.1:1' },
  });
});
beforeEach(() => {
  answer = undefined;
});
afterAll(async () => {
  await world.stop();
  server.closeAllConnections();
  server.close();
});

const find = (request: object) => world.admin.traces.findTraces(request);
const ids = async (request: object) => (await find(request)).traces.map(({ traceId }) => Number(traceId));

test('traces are found by what a search says, newest first, page by page', async () => {
  expect(await ids({})).toEqual([3, 2, 1]);
  expect(await ids({ dossierCode: 'H61.1' })).toEqual([2, 1]);
  expect(await ids({ failedOnly: true })).toEqual([3]);
  expect(await ids({ slowerThanUs: 500_000n })).toEqual([2]);
  expect(await ids({ from: new Date(NOW - 25 * MINUTE), to: new Date(NOW - 15 * MINUTE) })).toEqual([2]);
  const first = await find({ pageSize: 2 });
  const second = await find({ pageSize: 2, pageToken: first.nextPageToken });
  expect([...first.traces, ...second.traces].map(({ traceId }) => Number(traceId))).toEqual([3, 2, 1]);
});

test('the journey of a dossier is read page by page, oldest first, with its spans', async () => {
  const journey = (more: object) => world.admin.traces.getJourney({ dossierCode: 'H61.1', ...more });
  const first = await journey({ pageSize: 1 });
  const second = await journey({ pageSize: 1, pageToken: first.nextPageToken });
  const found = [...first.traces, ...second.traces];
  expect(found.map(({ summary, spans }) => [Number(summary?.traceId), spans.length])).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

test('a trace has its kinds, failures and documented attributes, and an unknown one is not found', async () => {
  const { trace } = await world.admin.traces.getTrace({ traceId: ID(3) });
  expect(trace?.summary).toMatchObject({ service: 'casework', spans: 2, failedSpans: 2 });
  expect(trace?.spans[0]).toMatchObject({ kind: 2, attributes: { 'lienthong.dossier': 'H61.2' } });
  expect(await refusalOf(world.admin.traces.getTrace({ traceId: ID(9) }))).toMatchObject({
    reason: 'TRACE_UNKNOWN',
  });
});

test.each([
  ['is away', { status: 503, body: '' }, 'TRACE_STORE_UNAVAILABLE'],
  ['gives no JSON', { status: 200, body: '<html>' }, 'TRACE_STORE_UNREADABLE'],
  ['gives other JSON', { status: 200, body: '{"traces":1,"trace":2}' }, 'TRACE_STORE_UNREADABLE'],
])('a Tempo that %s is a refusal with a reason', async (_, broken, reason) => {
  answer = broken;
  // Shorter than the time after which the client would try again.
  const once = { timeoutMs: 9_000 };
  expect(await refusalOf(world.admin.traces.findTraces({}, once))).toMatchObject({ reason });
  expect(await refusalOf(world.admin.traces.getTrace({ traceId: ID(1) }, once))).toMatchObject({ reason });
});
