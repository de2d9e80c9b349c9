import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startCollector, testStack } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { clerk, connectAs, issuer } from './support/server.ts';

const MAIN = fileURLToPath(new URL('support/sample-main.ts', import.meta.url));

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'inherit', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const heard = createInterface(child.stderr).on('line', (line) => lines.push(line));
  /** The first line with this message. */
  const line = async (msg: string): Promise<Record<string, unknown>> => {
    const find = () => lines.find((line) => line.includes(`"msg":"${msg}"`));
    while (find() === undefined) await once(heard, 'line');
    return JSON.parse(find() ?? '');
  };
  const exited = once(child, 'close') as Promise<[number | null, string | null]>;
  return { child, line, lines, exited };
}

test('a service’s process serves, and after SIGTERM drains, sends its traces and ends by itself', async () => {
  const [stack, collector] = await Promise.all([testStack(), startCollector()]);
  const folder = await mkdtemp(join(tmpdir(), 'main-'));
  onTestFinished(async () => {
    await rm(folder, { recursive: true });
    await collector.close();
    await stack.close();
  });
  const { child, line, lines, exited } = start({
    DATABASE_URL: stack.databaseUrl,
    NATS_URL: stack.natsUrl,
    LISTEN: '127.0.0.1:0',
    TOKEN_ISSUERS: await issuer.publish(folder),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
  });
  const { address } = await line('serving');
  const client = connectAs(String(address), clerk);
  const slow = client.audit.countEntries({ filter: { officerId: 'slow' } });
  await client.audit.countEntries({});
  child.kill('SIGTERM');
  expect((await slow).count).toBe(1n);
  expect(await exited).toEqual([0, null]);
  expect(lines.join('\n')).not.toContain('"level":50');
  const calls = collector.spans.filter(({ name }) => name === 'lienthong.audit.v1.AuditService/CountEntries');
  expect(calls).toHaveLength(2);
  expect(collector.metrics).toContain('rpc.server.call.duration');
  expect([...collector.services]).toEqual(['sample']);
});

test('a process without its settings ends at once and names them all', async () => {
  const { lines, exited } = start({ LISTEN: 'nowhere' });
  expect((await exited)[0]).toBe(1);
  const output = lines.join('\n');
  for (const name of [
    'DATABASE_URL: is missing',
    'NATS_URL: is missing',
    'LISTEN: must be',
    'TOKEN_ISSUERS:',
  ])
    expect(output).toContain(name);
});
