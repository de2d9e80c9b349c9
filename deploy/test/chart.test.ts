import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildGo } from '../../packages/transparency-log/test/go.ts';
import { CASES, type Manifest, manifestsOf } from './support/chart.ts';
import { read, root } from './support/compose-file.ts';

const CHART = 'deploy/helm/lien-thong';
const folder = mkdtempSync(join(tmpdir(), 'lienthong-chart-'));
afterAll(() => rmSync(folder, { recursive: true }));
/** Helm's own engine with the types of Kubernetes; test/chart/main.go says what it does. */
const program = await buildGo(join(import.meta.dirname, 'chart'), '.', join(folder, 'chart'));

const run = (args: readonly string[], input = '') =>
  spawnSync(program as string, args, { cwd: root, input, encoding: 'utf8' });
const render = (name: string) => run([CHART, `deploy/helm/golden/${name}.values.yaml`]);

/** Files of other folders stay out of the golden files, so that their changes change none of them. */
const withoutLinked = (objects: string) =>
  objects
    .replace(/^( {2}(?:haproxy\.cfg|routes\.map|services\.lst): \|\n)(?: {4}.*\n|\n)+/gm, '$1')
    .replace(/^(kind: PrometheusRule\n[\s\S]*?\nspec:\n)(?: .*\n)+/gm, '$1')
    .replace(/(checksum\/config: )\w+/, '$1none');

/** What the chart says to the smallest values with some changed. */
function refusal(change: (values: Record<string, never>) => void): string {
  const values = parse(read('deploy/helm/golden/smallest.values.yaml'));
  change(values);
  const file = join(folder, 'values.yaml');
  writeFileSync(file, stringify(values));
  const { status, stderr } = run([CHART, file]);
  expect(status).toBe(1);
  return stderr;
}

describe.skipIf(program === undefined)('the chart', { timeout: 120_000 }, () => {
  test.each(CASES)('gives the objects of the golden file %s, which Kubernetes takes', async (name) => {
    const { stdout, stderr, status } = render(name);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    await expect(withoutLinked(stdout)).toMatchFileSnapshot(join(root, `deploy/helm/golden/${name}.yaml`));
  });

  test('gives the gateway the configuration of the one machine', () => {
    const { data } = manifestsOf(render('smallest').stdout).find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'lien-thong-gateway',
    ) as Manifest;
    for (const file of ['haproxy.cfg', 'routes.map', 'services.lst'])
      expect(data?.[file]).toBe(read(`deploy/gateway/${file}`));
  });

  test('gives Prometheus the alerts of the one machine, which count the services that run', () => {
    const alerts = (name: string) =>
      manifestsOf(render(name).stdout)
        .find(({ kind }) => kind === 'PrometheusRule')
        ?.spec.groups?.flatMap(({ rules }) => rules) ?? [];
    const here = parse(read('deploy/telemetry/alerts.yaml')).groups.flatMap(
      ({ rules }: { rules: { alert: string }[] }) => rules,
    );
    expect(alerts('everything')).toEqual(here);
    expect(alerts('fewer-services').find(({ alert }) => alert === 'ServiceDown')?.expr).toMatch(/< 6$/);
  });

  test('files beside the chart are taken by Kubernetes and cert-manager', () => {
    const { extraResources } = parse(read('deploy/helm/nats-values.yaml'));
    const objects = [
      read('deploy/helm/internal-authority.yaml'),
      ...extraResources.map((one: object) => stringify(one)),
    ];
    expect(run(['-'], objects.join('---\n')).stderr).toBe('');
  });

  test('a field that Kubernetes does not have is noticed', () => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicsa: 2 } };
    expect(run(['-'], stringify(deployment)).stderr).toContain('unknown field "spec.replicsa"');
  });

  test.each<[string, (values: Record<string, never>) => void, string]>([
    ['no issuer', (v) => delete v.issuers, 'issuers is empty: say whose tokens are accepted'],
    ['no blocks of pods', (v) => delete v.podAddresses, 'podAddresses is empty: give the cluster'],
    ['no host', (v) => delete v.gateway, 'gateway.host is empty: give the name'],
    [
      'no place of PostgreSQL',
      (v) => delete v.networkPolicies,
      'networkPolicies.postgresql.peers is empty: say where PostgreSQL is',
    ],
    [
      'NATS in plain text',
      (v) => Object.assign(v, { nats: { url: 'tls://a:4222,nats://b:4222' } }),
      'nats.url has nats://b:4222: it must begin with tls://',
    ],
    [
      'a secret among settings',
      (v) => Object.assign(v, { services: { casework: { settings: { LIENTHONG_SEALING_KEYS: 'k1:' } } } }),
      'services.casework.settings has LIENTHONG_SEALING_KEYS, which is a secret',
    ],
    [
      'a setting of the chart',
      (v) => Object.assign(v, { settings: { TLS_AT_PROXY: 'true' } }),
      'settings has TLS_AT_PROXY, which the chart sets itself',
    ],
    [
      'a listener among settings',
      (v) => Object.assign(v, { services: { audit: { settings: { AUDIT_LISTEN: '0.0.0.0:80' } } } }),
      'services.audit.settings has AUDIT_LISTEN: give its port',
    ],
    [
      'two pods on one volume',
      (v) => Object.assign(v, { services: { audit: { replicas: 2 } } }),
      'services.audit has more than one pod, and its volume',
    ],
    [
      'fewer pods than the fewest',
      (v) =>
        Object.assign(v, {
          services: { feed: { autoscaling: { enabled: true, minReplicas: 4, maxReplicas: 3 } } },
        }),
      'services.feed.autoscaling has minReplicas 4 above maxReplicas 3',
    ],
    [
      'folders of document systems that are nowhere',
      (v) => Object.assign(v, { services: { 'edxml-gateway': { enabled: true } } }),
      'services.edxml-gateway is on, but edxml.existingClaim is empty',
    ],
    [
      'two doors at one port',
      (v) => Object.assign(v, { gateway: { host: 'a.example.vn', service: { port: 443 } } }),
      'gateway.service has the same port twice',
    ],
    [
      'nothing that runs',
      (v) => Object.assign(v, { service: { enabled: false } }),
      'every service is switched off',
    ],
    ['an unknown service', (v) => Object.assign(v, { services: { caseworks: {} } }), 'caseworks'],
    ['an unknown value', (v) => Object.assign(v, { podAdresses: ['10.0.0.0/8'] }), 'podAdresses'],
    [
      'a number as a setting',
      (v) => Object.assign(v, { settings: { FEED_KEEP_DAYS: 1_000_000 } }),
      'FEED_KEEP_DAYS',
    ],
    ['more pods than the gateway knows', (v) => Object.assign(v, { service: { replicas: 21 } }), 'replicas'],
  ])('%s is refused with words', (_, change, words) => {
    expect(refusal(change)).toContain(words);
  });
});
