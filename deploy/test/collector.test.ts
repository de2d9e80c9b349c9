import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTelemetry } from '@lienthong/kit';
import { freePort } from '@lienthong/testkit';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { read, root } from './support/compose-file.ts';
import { whyWithout } from './support/program.ts';

const FILE = join(root, 'deploy/telemetry/collector.yaml');
const without = whyWithout('otelcol', 'deploy/test/otelcol.yaml says how to build it from its Go modules');
if (without !== undefined) console.log(`skipped: ${without}`);

test('the collector keeps the attributes that the page lists, and whole traces with errors and slow ones', () => {
  const { processors, service } = parse(read('deploy/telemetry/collector.yaml'));
  const [, page = ''] = read('docs/observability.md').split('## Span attributes');
  const [section = ''] = page.split('\n## ');
  const listed = new Set([...section.matchAll(/`([a-z._]+)`/g)].map(([, name]) => name));
  const kept: string[] = processors.redaction.allowed_keys;
  expect(kept).toEqual(
    expect.arrayContaining(['lienthong.dossier', 'lienthong.document', 'lienthong.agency']),
  );
  expect(kept.filter((key) => !listed.has(key))).toEqual([]);
  const types = processors.tail_sampling.policies.map(({ type }: { type: string }) => type);
  expect(types).toEqual(['status_code', 'latency', 'probabilistic']);
  expect(service.pipelines.traces.processors).toEqual([
    'memory_limiter',
    'redaction',
    'tail_sampling',
    'batch',
  ]);
});

test('the tests have the version of the compose file', () => {
  const [, version] = /collector-contrib:(\S+)\}/.exec(read('deploy/compose/compose.yaml')) ?? [];
  const modules = parse(read('deploy/test/otelcol.yaml')) as Record<string, { gomod: string }[]>;
  for (const { gomod } of [
    ...(modules.receivers ?? []),
    ...(modules.processors ?? []),
    ...(modules.exporters ?? []),
  ])
    expect(gomod).toMatch(new RegExp(` v${version}$`));
});

test.skipIf(without)('the collector accepts its configuration', () => {
  const { status, stderr } = spawnSync('otelcol', ['validate', `--config=${FILE}`], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.skipIf(without)(
  'it keeps what failed and what was slow, with the dossier and without what is not listed',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-collector-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [port, file] = [await freePort(), join(folder, 'traces.json')];
    const ours = {
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      processors: {
        tail_sampling: {
          decision_wait: '1s',
          policies: parse(read('deploy/telemetry/collector.yaml')).processors.tail_sampling.policies.slice(
            0,
            2,
          ),
        },
      },
      exporters: { file: { path: file } },
    };
    const child = spawn('otelcol', [`--config=${FILE}`, `--config=yaml:${JSON.stringify(ours)}`]);
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    onTestFinished(async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    });
    await vi.waitFor(() => expect(output).toContain('Everything is ready'), { timeout: 20_000 });
    const telemetry = await startTelemetry({
      service: 'collector-test',
      otlpEndpoint: `http://127.0.0.1:${port}`,
    });
    const tracer = trace.getTracer('test');
    const now = Date.now();
    const send = (name: string, ms: number, code: SpanStatusCode) => {
      const attributes = { 'lienthong.dossier': `H61-${name}`, 'enduser.name': 'Nguyễn Văn Mẫu' };
      const span = tracer.startSpan(name, { startTime: now - ms, root: true, attributes });
      span.setStatus({ code });
      span.end(now);
    };
    send('failed', 5, SpanStatusCode.ERROR);
    send('slow', 1_500, SpanStatusCode.UNSET);
    send('ordinary', 5, SpanStatusCode.UNSET);
    await telemetry.stop();
    const kept = await vi.waitFor(
      () => {
        const text = readFileSync(file, 'utf8');
        for (const name of ['failed', 'slow']) expect(text).toContain(`H61-${name}`);
        return text;
      },
      { timeout: 30_000, interval: 500 },
    );
    expect(kept).toContain('collector-test');
    expect(kept).not.toContain('ordinary');
    expect(kept).not.toContain('Nguyễn');
  },
);
