import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Container,
  composeFile,
  doorNames,
  read,
  root,
  serviceNames,
  variablesOf,
} from './support/compose-file.ts';
import { settings } from './support/settings.ts';

const BASE = 'deploy/compose/compose.yaml';
const CLUSTER = 'deploy/compose/compose.cluster.yaml';
const TRIAL = 'deploy/compose/compose.trial.yaml';
const base = composeFile(BASE);
const cluster = composeFile(CLUSTER);
const trial = composeFile(TRIAL);

/** Every service of the platform; standalone composes them. */
const names = serviceNames;
const containers = Object.entries(base.services);
const ofOurImage = containers.filter(([, { image }]) => image === base.services.casework?.image);

/** Read by the image's own programs. */
const OF_THE_IMAGE = ['SERVICE', 'LIENTHONG_NAME', 'TRIAL_ISSUER'];

test('every service runs, after the migrations, with its own keys and no others', () => {
  for (const name of names) {
    const container = base.services[name];
    expect(container?.environment?.SERVICE, name).toBe(name);
    expect(container?.depends_on, name).toEqual({
      migrate: { condition: 'service_completed_successfully' },
      nats: { condition: 'service_started' },
    });
    const keys = container?.volumes?.filter((volume) => volume.startsWith('./keys/')) ?? [];
    expect(keys, name).toEqual([
      `./keys/${name}:/keys:ro`,
      ...(name === 'audit' ? ['./keys/audit-log:/audit-log'] : []),
    ]);
  }
  const started = ofOurImage.flatMap(([, { environment }]) => environment?.SERVICE ?? []);
  expect(started.sort()).toEqual([...names, ...doorNames].sort());
});

test('the API in other forms reaches the gateway alone, and has no secret of another service', () => {
  for (const name of doorNames) {
    const container = base.services[name];
    expect(container?.environment, name).toMatchObject({ SERVICE: name, PLATFORM_ADDRESS: 'gateway:50052' });
    expect(container?.networks, name).toEqual(['edge']);
    expect(container?.depends_on, name).toEqual({ gateway: { condition: 'service_started' } });
    const keys = container?.volumes?.filter((volume) => volume.startsWith('./keys/')) ?? [];
    expect(keys, name).toEqual(name === 'console' ? ['./keys/console:/keys:ro'] : []);
    expect(container?.profiles, name).toEqual(name === 'edxml-gateway' ? ['edxml'] : undefined);
  }
});

test('services believe what the gateway says of certificates, and no other container has its address', () => {
  const address = '172.31.250.2';
  expect(base.services.gateway?.networks).toEqual({ edge: { ipv4_address: address } });
  expect(base.networks?.edge?.ipam?.config).toEqual([
    { subnet: '172.31.250.0/24', ip_range: '172.31.250.128/25' },
  ]);
  const fixed = containers.filter(([, { networks }]) =>
    JSON.stringify(networks ?? []).includes('ipv4_address'),
  );
  expect(fixed.map(([name]) => name)).toEqual(['gateway']);
  for (const [name, { environment }] of containers)
    expect(environment?.CERTIFICATE_PROXIES, name).toBe(names.includes(name) ? address : undefined);
});

test('migrations wait for a healthy PostgreSQL, and calls for all services', () => {
  expect(base.services.postgres?.depends_on).toEqual({
    keys: { condition: 'service_completed_successfully' },
  });
  expect(base.services.migrate?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  expect(base.services.gateway?.depends_on).toEqual(
    Object.fromEntries(names.map((name) => [name, { condition: 'service_healthy' }])),
  );
});

test.each([
  [BASE, base],
  [CLUSTER, cluster],
  [TRIAL, trial],
])('%s sets only what the platform reads', (_, { services }) => {
  const given = Object.entries(services)
    .filter(([name]) => [...names, ...doorNames, 'keys', 'migrate', 'watch'].includes(name))
    .flatMap(([name, { environment = {} }]) =>
      Object.keys(environment).map((variable) => `${name}: ${variable}`),
    );
  expect(given.length).toBeGreaterThan(7);
  const unknown = given.filter((one) => {
    const variable = one.slice(one.indexOf(' ') + 1);
    return !settings.has(variable) && !OF_THE_IMAGE.includes(variable);
  });
  expect(unknown).toEqual([]);
});

test('a setting that no program reads is noticed', () => {
  for (const name of ['DATABASE_URL', 'TLS_AT_PROXY', 'STREAM_REPLICAS', 'SMTP_URL', 'TRUSTED_PROXIES'])
    expect(settings, name).toContain(name);
  expect(settings).not.toContain('NATS_URLS');
});

test('ports are published on this machine alone, unless the operator says otherwise, and no service has one', () => {
  const published = Object.entries({ ...base.services, ...cluster.services }).flatMap(
    ([name, { ports = [] }]) => ports.map((port) => [name, port] as const),
  );
  for (const [name, port] of published) expect(port, name).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  expect([...new Set(published.map(([name]) => name))].sort()).toEqual([
    'gateway',
    'grafana',
    'mail',
    'prometheus',
  ]);
  // What writes whose call it is comes from containers alone.
  for (const [name, port] of published) expect(port, name).not.toMatch(/50052/);
});

test('databases are on a network without a way out', () => {
  expect(base.networks?.data).toEqual({ internal: true });
  for (const name of ['postgres', 'nats', 'migrate'])
    expect(base.services[name]?.networks, name).toEqual(['data']);
  for (const name of ['nats-2', 'nats-3']) expect(cluster.services[name]?.networks, name).toEqual(['data']);
});

test('in a trial every service accepts the tokens of its issuer, and one container loads the sample data', () => {
  const { keys, sample, ...services } = trial.services;
  expect(Object.keys(services).sort()).toEqual([...names].sort());
  for (const [name, service] of Object.entries(services))
    expect(service, name).toEqual({
      environment: { TOKEN_ISSUERS: '/issuer/issuers.json' },
      volumes: ['./keys/issuer:/issuer:ro'],
    });
  expect(keys?.environment).toEqual({ TRIAL_ISSUER: 'true' });
  expect(sample).toMatchObject({ image: base.services.casework?.image, read_only: true, cap_drop: ['ALL'] });
  expect(sample?.user).toBeUndefined();
});

test('every image has its version', () => {
  for (const [name, { image }] of [...containers, ...Object.entries(cluster.services)])
    if (image !== undefined) expect(image, name).toMatch(/^[a-z/-]+:v?\d+(\.\d+){1,2}(-trixie)?$/);
});

test('containers change nothing of themselves and have no rights that they do not need', () => {
  const hardened = [...containers, ...Object.entries(cluster.services).filter(([, { image }]) => image)];
  for (const [name, container] of hardened as [string, Container][]) {
    // The database's own start prepares its folder as root, then gives up its rights.
    if (name === 'postgres') continue;
    expect(container.read_only, name).toBe(true);
    expect(container.cap_drop, name).toEqual(['ALL']);
    expect(container.security_opt, name).toEqual(['no-new-privileges:true']);
    expect(container.cap_add ?? [], name).toEqual(name === 'keys' ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] : []);
  }
  const asRoot = ofOurImage.filter(([, { user }]) => user !== undefined).map(([name]) => name);
  expect(asRoot).toEqual(['keys']);
});

test('files that containers mount are in the repository or made by keys', () => {
  const folder = join(root, 'deploy/compose');
  const mounted = [...containers, ...Object.entries(cluster.services)]
    .flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] as string))
    .filter((source) => source.startsWith('.'));
  const missing = mounted.filter(
    (source) => !/^\.\/(keys|config|metrics|edxml)(\/|$)/.test(source) && !existsSync(join(folder, source)),
  );
  expect(missing).toEqual([]);
  const volumes = [...containers, ...Object.entries(cluster.services)]
    .flatMap(([, container]) => container.volumes ?? [])
    .flatMap((volume) => /^([a-z0-9-]+):/.exec(volume)?.[1] ?? []);
  expect([...new Set(volumes)].sort()).toEqual(Object.keys({ ...base.volumes, ...cluster.volumes }).sort());
});

describe('the cluster', () => {
  test('has three NATS servers that know each other, and two processes of every service', () => {
    const servers = ['nats', 'nats-2', 'nats-3'];
    for (const name of servers) expect(cluster.services[name]?.environment).toEqual({ NATS_NAME: name });
    const routes = /routes: \[(.*)\]/.exec(read('deploy/compose/nats.cluster.conf'))?.[1];
    expect(routes).toBe(servers.map((name) => `"nats://${name}:6222"`).join(', '));
    for (const name of names)
      expect(cluster.services[name], name).toEqual({
        scale: 2,
        environment: {
          NATS_URL: servers.map((server) => `nats://${server}:4222`).join(','),
          STREAM_REPLICAS: '3',
        },
      });
    const doors = ['rest-gateway', 'console'];
    for (const name of doors) expect(cluster.services[name], name).toEqual({ scale: 2 });
    expect(Object.keys(cluster.services).sort()).toEqual([...servers, ...names, ...doors].sort());
  });
});

test('the example of settings names only variables of the compose files, with their defaults', () => {
  const lines = read('deploy/compose/.env.example').matchAll(/^(#?)([A-Z_]+)=(.*)$/gm);
  const variables = new Set([...variablesOf(BASE), ...variablesOf(CLUSTER)]);
  const named = [...lines].map(([, comment, name = '', value]) => ({ name, value, set: comment === '' }));
  expect(named.length).toBeGreaterThan(5);
  for (const { name, value, set } of named) {
    // Docker Compose reads these itself.
    if (name.startsWith('COMPOSE_')) continue;
    expect(variables, name).toContain(name);
    if (set) expect(read(BASE), name).toContain(`\${${name}:-${value}}`);
  }
});
