import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusalOf, type TestWorld, testWorld } from '@lienthong/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { traces } from '../src/service.ts';

// A peer that speaks Jaeger's query API v3 over HTTP, as its own snapshots have it.

const NOW = Date.parse('2026-01-15T08:00:00+07:00');
const MINUTE = 60_000;
const ID = (n: number) => String(n).padStart(32, '0');

interface Stored {
  traceId: string;
  service: string;
  at: number;
  ms: number;
  failed?: boolean;
  attributes: Record<string, string>;
}
const stored: Stored[] = [
  {
    traceId: ID(1),
    service: 'casework',
    at: NOW - 30 * MINUTE,
    ms: 10,
    attributes: { 'lienthong.dossier': 'H61.1' },
  },
  {
    traceId: ID(2),
    service: 'feed',
    at: NOW - 20 * MINUTE,
    ms: 900,
    attributes: { 'lienthong.dossier': 'H61.1' },
  },
  {
    traceId: ID(3),
    service: 'casework',
    at: NOW - 10 * MINUTE,
    ms: 10,
    failed: true,
    attributes: { 'lienthong.agency': 'a', 'db.statement': 'select 1' },
  },
];
let answer: { status: number; body: string } | undefined;
let server: Server;
let world: TestWorld;

const spanOf = ({ traceId, at, ms, failed = false, attributes }: Stored, n: number) => ({
  traceId,
  spanId: String(n + 1).padStart(16, '0'),
  name: `call ${n}`,
  kind: 2,
  startTimeUnixNano: String(BigInt(at) * 1_000_000n),
  endTimeUnixNano: String(BigInt(at + ms) * 1_000_000n),
  attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  ...(failed && { status: { code: 2 } }),
});
const resourceOf = (one: Stored) => ({
  resource: { attributes: [{ key: 'service.name', value: { stringValue: one.service } }] },
  scopeSpans: [{ scope: {}, spans: [spanOf(one, 0), spanOf(one, 1)] }],
});
const result = (found: readonly Stored[]) =>
  JSON.stringify({ result: { resourceSpans: found.map(resourceOf) } });

function respond(url: URL): { status: number; body: string } {
  if (answer !== undefined) return answer;
  if (url.pathname === '/api/v3/services') return { status: 200, body: '{"services":["casework","feed"]}' };
  const id = /^\/api\/v3\/traces\/(\w+)$/.exec(url.pathname)?.[1];
  if (id !== undefined) {
    const found = stored.filter(({ traceId }) => traceId === id);
    return found.length === 0 ? { status: 404, body: '{"error":{}}' } : { status: 200, body: result(found) };
  }
  const query = (name: string) => url.searchParams.get(`query.${name}`) ?? '';
  const [from, to] = [Date.parse(query('start_time_min')), Date.parse(query('start_time_max'))];
  const wanted = Object.entries(JSON.parse(query('attributes')) as Record<string, string>);
  const least = Number(/^(\d+)us$/.exec(query('duration_min'))?.[1] ?? 0) / 1_000;
  const found = stored.filter(
    ({ service, at, ms, attributes }) =>
      service === query('service_name') &&
      at >= from &&
      at <= to &&
      ms >= least &&
      wanted.every(([key, value]) => attributes[key] === value),
  );
  return { status: 200, body: result(found.slice(-Number(query('search_depth')))) };
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
    env: { TRACES_JAEGER_URL: `http://127.0.0.1:${port}/`, TRACES_LISTEN: '127.0.0.1:1' },
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

test('the journey of a dossier has the traces of all processes, oldest first', async () => {
  const { traces: journey } = await world.admin.traces.getJourney({ dossierCode: 'H61.1' });
  expect(journey.map(({ summary, spans }) => [summary?.service, spans.length])).toEqual([
    ['casework', 2],
    ['feed', 2],
  ]);
  const { traces: one, nextPageToken } = await world.admin.traces.getJourney({
    dossierCode: 'H61.1',
    pageSize: 1,
  });
  const { traces: other } = await world.admin.traces.getJourney({
    dossierCode: 'H61.1',
    pageSize: 1,
    pageToken: nextPageToken,
  });
  expect([...one, ...other].map(({ summary }) => Number(summary?.traceId))).toEqual([1, 2]);
});

test('a trace has the documented attributes and no others, and an unknown one is not found', async () => {
  const { trace } = await world.admin.traces.getTrace({ traceId: ID(3) });
  expect(trace?.spans.map(({ attributes }) => attributes)).toEqual([
    { 'lienthong.agency': 'a' },
    { 'lienthong.agency': 'a' },
  ]);
  expect(await refusalOf(world.admin.traces.getTrace({ traceId: ID(9) }))).toMatchObject({
    reason: 'TRACE_UNKNOWN',
  });
});

test.each([
  ['is away', { status: 503, body: '' }, 'TRACE_STORE_UNAVAILABLE'],
  ['gives no JSON', { status: 200, body: '<html>' }, 'TRACE_STORE_UNREADABLE'],
  ['gives other JSON', { status: 200, body: '{"result":1,"services":2}' }, 'TRACE_STORE_UNREADABLE'],
])('a Jaeger that %s is a refusal with a reason', async (_, broken, reason) => {
  answer = broken;
  // Shorter than the time after which the client would try again.
  const once = { timeoutMs: 9_000 };
  expect(await refusalOf(world.admin.traces.findTraces({}, once))).toMatchObject({ reason });
  expect(await refusalOf(world.admin.traces.getTrace({ traceId: ID(1) }, once))).toMatchObject({ reason });
});

test('nothing is received or kept', async () => {
  await find({});
  expect(await world.db.query({ text: 'select from trace' })).toEqual([]);
});
