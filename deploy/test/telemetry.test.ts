import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { read, root } from './support/compose-file.ts';
import { whyWithout } from './support/program.ts';
import { alerts, dashboards, expressions, labelsIn, metricsIn } from './support/promql.ts';

const services = read('deploy/gateway/services.lst').trim().split('\n');
const without = whyWithout('promtool', 'it is part of Prometheus');
if (without !== undefined) console.log(`skipped: ${without}`);

// services/standalone/test/observability.test.ts compares them with a running platform.
test('metrics and labels are found in a query', () => {
  const expr =
    'max by (lienthong_service) (min_over_time(lienthong_relay_lag{job="services"}[5m])) > 0 or absent(up)';
  expect(metricsIn(expr)).toEqual(['lienthong_relay_lag']);
  expect(labelsIn(expr)).toEqual(['job', 'lienthong_service']);
  expect(expressions.flatMap(({ expr }) => metricsIn(expr)).length).toBeGreaterThan(50);
});

test('every alert has a name of its own, a severity and a summary', () => {
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  for (const { alert, labels, annotations } of alerts) {
    expect(['page', 'ticket'], alert).toContain(labels.severity);
    expect(annotations.summary, alert).toMatch(/\.$|\?$/);
  }
});

test('the runbook has a section for every alert, and no other', () => {
  const headings = [...read('docs/runbook.md').matchAll(/^## ([A-Z]\w+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(alerts.map(({ alert }) => alert));
});

test('the tests of the rules show for every alert when it fires and when it does not', () => {
  interface Case {
    alertname: string;
    exp_alerts: object[];
  }
  const { tests } = parse(read('deploy/telemetry/alerts.test.yaml')) as {
    tests: { alert_rule_test: Case[] }[];
  };
  const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
  const named = (fires: boolean) =>
    [
      ...new Set(cases.filter((one) => one.exp_alerts.length > 0 === fires).map((one) => one.alertname)),
    ].sort();
  const names = alerts.map(({ alert }) => alert).sort();
  expect(named(true)).toEqual(names);
  expect(named(false)).toEqual(names);
});

test('Prometheus reads every service, and an alert counts them all', () => {
  // The gateway of edXML packages runs only where it is wanted.
  const counted = [...services, 'rest-gateway', 'console'];
  const { scrape_configs, rule_files } = parse(read('deploy/telemetry/prometheus.yaml'));
  expect(scrape_configs[0].dns_sd_configs[0].names).toEqual(counted);
  expect(rule_files).toEqual(['alerts.yaml']);
  expect(alerts.find(({ alert }) => alert === 'ServiceDown')?.expr).toMatch(
    new RegExp(`< ${counted.length}$`),
  );
});

test('dashboards are those of a file: their own id, queries of Prometheus, and a title for each panel', () => {
  expect(dashboards.length).toBeGreaterThan(2);
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
  for (const { file, uid, panels } of dashboards) {
    expect(`deploy/telemetry/dashboards/${uid}.json`).toBe(file);
    expect(new Set(panels.map(({ title }) => title)).size, file).toBe(panels.length);
    for (const { title, type, targets = [] } of panels)
      if (type !== 'row') expect(targets.length, `${file}: ${title}`).toBeGreaterThan(0);
  }
  const { datasources } = parse(read('deploy/telemetry/grafana/datasource.yaml'));
  for (const { file } of dashboards)
    for (const [, uid] of read(file).matchAll(/"datasource": \{[^}]*"uid": "(\w+)"/g))
      expect(uid, file).toBe(datasources[0].uid);
});

test.skipIf(without)('promtool accepts the configuration, and the alerts fire as their tests say', () => {
  const promtool = (...args: string[]) =>
    spawnSync('promtool', args, { cwd: join(root, 'deploy/telemetry'), encoding: 'utf8' });
  const checked = promtool('check', 'config', 'prometheus.yaml');
  expect(checked.stderr).toBe('');
  expect(checked.stdout).toContain(`${alerts.length} rules found`);
  const { status, stdout, stderr } = promtool('test', 'rules', 'alerts.test.yaml');
  expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 });
});

test.skipIf(without)('promtool accepts every query of the dashboards', () => {
  const rules = expressions.map(({ expr }, i) => ({
    record: `query_${i}`,
    // What Grafana puts in.
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$service', '.*'),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-queries-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'queries.yaml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=none', file], {
    encoding: 'utf8',
  });
  expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 });
});
