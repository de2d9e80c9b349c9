import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { read, root } from './support/compose-file.ts';

interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

const alerts: Alert[] = parse(read('deploy/telemetry/alerts.yaml')).groups.flatMap(
  ({ rules }: { rules: Alert[] }) => rules,
);
const services = read('deploy/gateway/services.lst').trim().split('\n');

/** The metrics of docs/observability.md, which a test of the running platform compares with what is there. */
const documented = [
  ...read('docs/observability.md').matchAll(/^\| `([a-z_.0-9]+)` \| (gauge|counter|histogram),/gm),
].map(([, name = '', kind]) => {
  const plain = name.replaceAll('.', '_');
  return kind === 'counter' ? `${plain}_total` : kind === 'histogram' ? `${plain}_count` : plain;
});

/** Names of metrics in PromQL: those with an underscore that are neither labels nor functions. */
const metricsIn = (expr: string) =>
  [
    ...expr
      .replace(/\{[^}]*\}/g, '')
      .replace(/\bby \([^)]*\)/g, '')
      .replace(/\b\w+\s*\(/g, '(')
      .matchAll(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g),
  ].map(([name]) => name);

test('every metric of an alert is one that the platform emits', () => {
  expect(documented.length).toBeGreaterThan(30);
  expect(metricsIn('max by (lienthong_service) (min_over_time(lienthong_relay_lag[5m])) > 0')).toEqual([
    'lienthong_relay_lag',
  ]);
  const used = alerts.flatMap(({ alert, expr }) => metricsIn(expr).map((metric) => ({ alert, metric })));
  expect(used.length).toBeGreaterThan(15);
  expect(used.filter(({ metric }) => !documented.includes(metric))).toEqual([]);
});

test('every alert has a name of its own, a severity and a summary', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  for (const { alert, labels, annotations } of alerts) {
    expect(['page', 'ticket'], alert).toContain(labels.severity);
    expect(annotations.summary, alert).toMatch(/\.$|\?$/);
  }
});

test('Prometheus reads every service, and an alert counts them all', () => {
  const { scrape_configs, rule_files } = parse(read('deploy/telemetry/prometheus.yaml'));
  expect(scrape_configs[0].dns_sd_configs[0].names).toEqual(services);
  expect(rule_files).toEqual(['alerts.yaml']);
  expect(alerts.find(({ alert }) => alert === 'ServiceDown')?.expr).toMatch(
    new RegExp(`< ${services.length}$`),
  );
});

test('the collector keeps traces with errors and slow ones', () => {
  const { processors, service } = parse(read('deploy/telemetry/collector.yaml'));
  const types = processors.tail_sampling.policies.map(({ type }: { type: string }) => type);
  expect(types).toEqual(['status_code', 'latency', 'probabilistic']);
  expect(service.pipelines.traces.processors).toEqual(['memory_limiter', 'tail_sampling', 'batch']);
});

test('promtool accepts the alerts and the configuration', (context) => {
  if (spawnSync('promtool', ['--version']).status !== 0) {
    console.log('skipped: there is no promtool on this machine');
    return context.skip();
  }
  const run = spawnSync('promtool', ['check', 'config', 'deploy/telemetry/prometheus.yaml'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(run.stdout).toContain(`${alerts.length} rules found`);
});
