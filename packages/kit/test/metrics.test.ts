import { scrape, startCollector, testStack } from '@lienthong/testkit';
import { metrics } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { observeGauges, openDatabase, startTelemetry } from '../src/index.ts';
import { serve } from './support/server.ts';

const LISTEN = '127.0.0.1:0';

async function start(options: { metricsListen?: string; otlpEndpoint?: string } = { metricsListen: LISTEN }) {
  const telemetry = await startTelemetry({ service: 'kit-test', ...options });
  onTestFinished(() => telemetry.stop());
  return telemetry;
}

test('/metrics counts calls by method and code, and shows the process', async () => {
  const { metricsAddress = '' } = await start();
  const { client } = await serve({ unary: async () => ({}) });
  const call = { service: 'routing', consumer: 'inbox' };
  await client.operations.replayParkedEvents(call);
  await client.operations.replayParkedEvents(call);
  await client.routing.getDocument({}).catch(() => {});
  const metricsNow = await scrape(metricsAddress);
  const count = (rpc_method: string, rpc_response_status_code: string) =>
    metricsNow.value('rpc_server_call_duration_count', { rpc_method, rpc_response_status_code });
  expect(count('lienthong.operations.v1.OperationsService/ReplayParkedEvents', 'OK')).toBe(2);
  expect(count('lienthong.routing.v1.DocumentRoutingService/GetDocument', 'INTERNAL')).toBe(1);
  expect(metricsNow.type('rpc_server_call_duration')).toBe('histogram');
  const late = metricsNow.value('nodejs_eventloop_delay_p99');
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThanOrEqual(metricsNow.value('nodejs_eventloop_delay_max') ?? -1);
  expect(metricsNow.value('process_memory_usage')).toBeGreaterThan(1e6);
  expect(metricsNow.value('target_info', { service_name: 'kit-test' })).toBe(1);
});

test('a pool shows its connections in use and idle, and the calls that wait for one', async () => {
  const [stack, { metricsAddress = '' }] = await Promise.all([testStack(), start()]);
  onTestFinished(() => stack.close());
  const open = { url: stack.databaseUrl, schema: 'public', connections: 2, onError: () => {} };
  const db = openDatabase(open);
  const held = Promise.withResolvers<void>();
  const three = [1, 2, 3].map(() => db.transaction(() => held.promise));
  const pool = { db_client_connection_pool_name: 'public' };
  const read = async () => {
    const now = await scrape(metricsAddress);
    const count = (state: string) =>
      now.value('db_client_connection_count', { ...pool, db_client_connection_state: state });
    return [count('used'), count('idle'), now.value('db_client_connection_pending_requests', pool)];
  };
  await expect.poll(read).toEqual([2, 0, 1]);
  held.resolve();
  await Promise.all(three);
  await expect.poll(read).toEqual([0, 2, 0]);
  expect((await scrape(metricsAddress)).value('db_client_connection_max', pool)).toBe(2);
  await db.close();
  expect((await scrape(metricsAddress)).value('db_client_connection_max', pool)).toBeUndefined();
});

test('a failed reading leaves out its gauges, also those read before the failure', async () => {
  const { metricsAddress = '' } = await start();
  const gauge = { unit: '{event}', description: 'of a test' };
  onTestFinished(
    observeGauges('test', { 'lienthong.test.good': gauge }, (report) => report('lienthong.test.good', 7)),
  );
  let away = false;
  onTestFinished(
    observeGauges('test', { 'lienthong.test.bad': gauge }, async (report) => {
      if (away) throw new Error('the database is away');
      report('lienthong.test.bad', 1);
    }),
  );
  expect((await scrape(metricsAddress)).value('lienthong_test_bad')).toBe(1);
  away = true;
  const now = await scrape(metricsAddress);
  expect(now.value('lienthong_test_good')).toBe(7);
  expect(now.value('lienthong_test_bad')).toBeUndefined();
});

test('Prometheus and a collector can read at once', async () => {
  const collector = await startCollector();
  const telemetry = await start({ metricsListen: LISTEN, otlpEndpoint: collector.endpoint });
  metrics.getMeter('test').createCounter('lienthong.test.done').add(3);
  expect((await scrape(telemetry.metricsAddress ?? '')).value('lienthong_test_done_total')).toBe(3);
  await telemetry.stop();
  expect(collector.metrics).toContain('lienthong.test.done');
  await collector.close();
});

test('an address that is taken stops the start and names the setting', async () => {
  const { metricsAddress } = await start();
  await expect(startTelemetry({ service: 'second', metricsListen: metricsAddress })).rejects.toThrow(
    `cannot listen on ${metricsAddress} (METRICS_LISTEN)`,
  );
});

test('/health says whether the process serves', async () => {
  const { metricsAddress, setServing } = await start();
  const health = async () => (await fetch(`http://${metricsAddress}/health`)).status;
  expect(await health()).toBe(503);
  setServing(true);
  expect(await health()).toBe(200);
  setServing(false);
  expect(await health()).toBe(503);
});

test('it serves only GET of /metrics and /health', async () => {
  const { metricsAddress } = await start();
  expect((await fetch(`http://${metricsAddress}/`)).status).toBe(404);
  for (const path of ['metrics', 'health'])
    expect((await fetch(`http://${metricsAddress}/${path}`, { method: 'POST' })).status).toBe(404);
});
