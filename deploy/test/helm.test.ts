import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CASES, goldenOf, type Manifest, matches, podsOf } from './support/chart.ts';
import { doorNames, read, serviceNames } from './support/compose-file.ts';
import { settings } from './support/settings.ts';

const CHART = 'deploy/helm/lien-thong';
const owners = serviceNames;
/** Without the gateway of edXML packages, which is off by default. */
const byDefault = [...owners, 'rest-gateway', 'console'];
const names = [...owners, ...doorNames];
const golden = Object.fromEntries(CASES.map((name) => [name, goldenOf(name)]));
const [smallest, everything, fewer] = CASES.map((name) => golden[name] as Manifest[]) as [
  Manifest[],
  Manifest[],
  Manifest[],
];
const all = Object.entries(golden);
const of = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind);
const componentOf = ({ metadata }: Manifest) => metadata.labels['app.kubernetes.io/component'];
/** The components that have an object of a kind. */
const having = (manifests: readonly Manifest[], kind: string) => of(manifests, kind).map(componentOf).sort();

test('every service has its Deployment, names for its pods and a budget, unless it is switched off', () => {
  const all = (manifests: readonly Manifest[], kind: string) => [...new Set(having(manifests, kind))];
  for (const [manifests, running] of [
    [smallest, byDefault],
    [everything, names],
  ] as const)
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget'])
      expect(all(manifests, kind), kind).toEqual([...running, 'gateway'].sort());
  const left = byDefault.filter((name) => !['feed', 'notification', 'audit', 'console'].includes(name));
  for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget'])
    expect(all(fewer, kind), kind).toEqual([...left, 'gateway'].sort());
  expect(having(fewer, 'ServiceMonitor')).toEqual([...left].sort());
  expect(of(fewer, 'PersistentVolumeClaim')).toEqual([]);
  for (const { spec } of of(everything, 'Deployment'))
    for (const { name, env } of spec.template?.spec.containers ?? [])
      if (names.includes(name)) expect(env?.find((one) => one.name === 'SERVICE')?.value).toBe(name);
});

test('autoscaling takes the place of a number of pods', () => {
  expect(having(everything, 'HorizontalPodAutoscaler')).toEqual([...byDefault].sort());
  const fixed: Readonly<Record<string, number>> = { gateway: 3, 'edxml-gateway': 1 };
  for (const manifest of of(everything, 'Deployment'))
    expect(manifest.spec.replicas, componentOf(manifest)).toBe(fixed[componentOf(manifest) ?? '']);
  for (const manifest of of(smallest, 'Deployment'))
    expect(manifest.spec.replicas, componentOf(manifest)).toBe(componentOf(manifest) === 'audit' ? 1 : 2);
});

test('the versions of chart, image and migration are those of the platform', () => {
  const { version } = JSON.parse(read('package.json'));
  const chart = parse(read(`${CHART}/Chart.yaml`));
  expect([chart.version, chart.appVersion]).toEqual([version, version]);
  const [job] = of(smallest, 'Job');
  expect(job?.metadata.name).toBe(`lien-thong-migrate-${version.replaceAll('.', '-')}`);
  expect(job?.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
  const images = podsOf(smallest).flatMap(({ spec }) => spec.containers.map(({ image }) => image));
  const compose = parse(read('deploy/compose/compose.yaml'), { merge: true });
  const haproxy = /:-(.*)\}/.exec(compose.services.gateway.image)?.[1];
  expect([...new Set(images)].sort()).toEqual([haproxy, `lien-thong:${version}`].sort());
});

test.each(all)('%s: containers change nothing of themselves and have no rights', (_, manifests) => {
  const pods = podsOf(manifests);
  expect(pods.length).toBeGreaterThan(5);
  for (const { spec } of pods) {
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    for (const { name, securityContext } of spec.containers)
      expect(securityContext, name).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
  }
});

test.each(all)('%s: selectors find the pods that they mean, and ports exist there', (_, manifests) => {
  const pods = podsOf(manifests);
  const found = (selector: Readonly<Record<string, string>>) =>
    pods.filter(({ labels }) => matches(selector, labels));
  for (const manifest of manifests) {
    const { kind, spec } = manifest;
    const what = `${kind} ${manifest.metadata.name}`;
    if (kind === 'Service') {
      const [pod, ...others] = found(spec.selector);
      expect(others, what).toEqual([]);
      const ports = pod?.spec.containers.flatMap(({ ports }) => ports ?? []) ?? [];
      for (const { targetPort } of spec.ports ?? [])
        expect(ports.map(({ name }) => name)).toContain(targetPort);
    }
    if (kind === 'Deployment' || kind === 'PodDisruptionBudget')
      expect(
        found(spec.selector.matchLabels).map(({ manifest }) => componentOf(manifest)),
        what,
      ).toEqual([componentOf(manifest)]);
    if (kind === 'NetworkPolicy' && spec.podSelector)
      expect(found(spec.podSelector.matchLabels).length, what).toBeGreaterThan(0);
  }
});

test.each(all)('%s: what pods mount is mounted from something that they have', (_, manifests) => {
  const configMaps = of(manifests, 'ConfigMap').map(({ metadata }) => metadata.name);
  for (const { spec } of podsOf(manifests)) {
    const volumes = spec.volumes.map(({ name }) => name);
    for (const { volumeMounts } of spec.containers)
      for (const { name } of volumeMounts) expect(volumes).toContain(name);
    for (const { configMap } of spec.volumes) if (configMap) expect(configMaps).toContain(configMap.name);
  }
  expect(of(manifests, 'Secret')).toEqual([]);
});

test.each(all)('%s sets only what the platform reads', (_, manifests) => {
  const given = podsOf(manifests).flatMap(({ spec }) =>
    spec.containers
      .filter(({ name }) => names.includes(name))
      .flatMap(({ env }) => env?.map(({ name }) => name) ?? []),
  );
  expect(given.length).toBeGreaterThanOrEqual(40);
  expect(given.filter((name) => name !== 'SERVICE' && !settings.has(name))).toEqual([]);
});

test('services are probed over TLS without a start of a program, and audit keeps its checkpoints beside its key', () => {
  for (const { spec, manifest } of podsOf(smallest)) {
    const [container] = spec.containers;
    if (!names.includes(container?.name ?? '')) continue;
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const)
      expect(container?.[probe]?.httpGet).toEqual({ path: '/health', port: 'metrics', scheme: 'HTTPS' });
    const log = container?.volumeMounts.filter(({ mountPath }) => mountPath.startsWith('/audit-log'));
    expect(log?.map(({ mountPath, subPath }) => [mountPath, subPath]) ?? []).toEqual(
      componentOf(manifest) === 'audit'
        ? [
            ['/audit-log', undefined],
            ['/audit-log/signing-key', 'signing-key'],
          ]
        : [],
    );
  }
});

test('the gateway knows the names of the services in the cluster, which their certificates have', () => {
  const pod = podsOf(smallest).find(({ manifest }) => componentOf(manifest) === 'gateway');
  const env = Object.fromEntries(pod?.spec.containers[0]?.env?.map(({ name, value }) => [name, value]) ?? []);
  const named = new Set([...read('deploy/gateway/haproxy.cfg').matchAll(/\bLIENTHONG_[A-Z_]+/g)].map(String));
  expect(Object.keys(env).sort()).toEqual([...named].sort());
  const monitors = of(everything, 'ServiceMonitor') as unknown as {
    spec: { endpoints: { tlsConfig: { serverName: string } }[] };
  }[];
  const hosts = monitors.map(({ spec }) => spec.endpoints[0]?.tlsConfig.serverName);
  expect(hosts.sort()).toEqual(
    names.map((name) => `${env.LIENTHONG_BEFORE}${name}${env.LIENTHONG_BEHIND}`).sort(),
  );
  const { properties } = JSON.parse(read(`${CHART}/values.schema.json`)).definitions.service;
  expect(properties.replicas.maximum).toBe(Number(env.LIENTHONG_PROCESSES));
  expect(properties.autoscaling.properties.maxReplicas.maximum).toBe(Number(env.LIENTHONG_PROCESSES));
});

test('the API in other forms is a caller of the gateway, at a Service that only pods of the release reach', () => {
  const inside = of(everything, 'Service').find(
    ({ metadata }) => metadata.name === 'lien-thong-gateway-inside',
  );
  expect(inside?.spec).toMatchObject({ type: 'ClusterIP', ports: [{ port: 50052, targetPort: 'inside' }] });
  for (const { metadata, spec } of of(everything, 'Service'))
    if (metadata.name !== 'lien-thong-gateway-inside')
      expect(
        spec.ports?.map(({ port }) => port),
        metadata.name,
      ).not.toContain(50052);
  for (const { spec } of podsOf(everything)) {
    const [container] = spec.containers;
    if (!doorNames.includes(container?.name ?? '')) continue;
    const set = new Map(container?.env?.map(({ name, value }) => [name, value]));
    expect(set.get('PLATFORM_ADDRESS')).toBe('lien-thong-gateway-inside.platform.svc.cluster.local:50052');
    expect(set.has('NATS_URL'), container?.name).toBe(false);
  }
});

test('certificates are for the names by which pods and agencies are reached', () => {
  const certificates = of(everything, 'Certificate') as unknown as {
    spec: { dnsNames: string[]; secretName: string };
  }[];
  const byName = Object.fromEntries(certificates.map(({ spec }) => [spec.dnsNames[0], spec.secretName]));
  expect(byName).toEqual({
    'lienthong.example.vn': 'lien-thong-gateway-tls',
    'lien-thong-gateway-inside.platform.svc.cluster.local': 'lien-thong-gateway-inside-tls',
    ...Object.fromEntries(
      names.map((name) => [`lien-thong-${name}.platform.svc.cluster.local`, `lien-thong-${name}-tls`]),
    ),
  });
  expect(of(smallest, 'Certificate')).toEqual([]);
});

test('every value is explained and has a default', () => {
  const schema = JSON.parse(read(`${CHART}/values.schema.json`));
  const values = parse(read(`${CHART}/values.yaml`));
  const unexplained: string[] = [];
  const visit = (node: Record<string, never>, path: string) => {
    const at = (node.$ref ? schema.definitions[String(node.$ref).split('/')[2] as string] : node) as {
      description?: string;
      properties?: Record<string, Record<string, never>>;
    };
    if (at.properties) for (const [name, one] of Object.entries(at.properties)) visit(one, `${path}.${name}`);
    else if (!at.description) unexplained.push(path);
  };
  visit(schema, '');
  expect(unexplained).toEqual([]);
  const keys = (object: object) => Object.keys(object).sort();
  expect(keys(values)).toEqual(keys(schema.properties).filter((name) => name !== 'global'));
  for (const [name, value] of Object.entries(values)) {
    const { properties } = schema.properties[name];
    if (properties && name !== 'tls') expect(keys(value as object), name).toEqual(keys(properties));
  }
});
