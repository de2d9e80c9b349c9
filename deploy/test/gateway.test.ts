import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { composeFile, doorNames, read, root } from './support/compose-file.ts';

const lines = (file: string) =>
  read(file)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
const routes = lines('deploy/gateway/routes.map').map((line) => line.split(' ') as [string, string]);
const services = lines('deploy/gateway/services.lst');
const configuration = read('deploy/gateway/haproxy.cfg');

test('every service of the contracts is routed to the service that has it', () => {
  const declared = globSync('proto/lienthong/*/v1/*.proto', { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(/^service (\w+) \{/gm)].map(([, name = '']) => ({
      name,
      path: `/lienthong.${file.split('/')[2]}.v1.${name}/`,
    })),
  );
  const owned = declared.filter(({ name }) => name !== 'OperationsService');
  expect(owned.length).toBeGreaterThan(15);
  for (const { name, path } of owned) {
    const owners = globSync('services/*/src/**/*.ts', { cwd: root })
      .filter((file) => !file.startsWith('services/standalone/') && !file.endsWith('.test.ts'))
      .filter((file) => read(file).includes(`rpcService(${name}Definition,`))
      .map((file) => file.split('/')[1]);
    const routed = routes.filter(([prefix]) => path.startsWith(prefix)).map(([, service]) => service);
    expect(routed, path).toEqual(owners);
  }
});

test('the gateway knows every service of the compose file, with room for its processes', () => {
  const { services: containers } = composeFile('deploy/compose/compose.yaml');
  const cluster = composeFile('deploy/compose/compose.cluster.yaml');
  const processes = Number(/^ {2}presetenv LIENTHONG_PROCESSES (\d+)$/m.exec(configuration)?.[1]);
  const named = Object.values(containers)
    .flatMap(({ environment }) => environment?.SERVICE ?? [])
    .filter((name) => !doorNames.includes(name));
  expect([...services].sort()).toEqual([...named].sort());
  for (const name of services) {
    const host = `\${LIENTHONG_BEFORE}${name}\${LIENTHONG_BEHIND}`;
    expect(configuration).toContain(
      `backend ${name}\n  server-template process "\${LIENTHONG_PROCESSES}" "${host}:50051" verifyhost "${host}"\n`,
    );
    expect(processes, name).toBeGreaterThanOrEqual(cluster.services[name]?.scale ?? 1);
  }
  expect([...configuration.matchAll(/^backend (\S+)$/gm)].map(([, name]) => name).sort()).toEqual(
    [...services, 'rest-gateway', 'console', 'unknown'].sort(),
  );
});

test('the gateway speaks TLS 1.3 alone, gives each call to a process, and repeats none that may have arrived', () => {
  expect(configuration).toMatch(/^ {2}ssl-default-bind-options ssl-min-ver TLSv1\.3/m);
  expect(configuration).toMatch(/^ {2}bind :50051 ssl crt "\$\{LIENTHONG_CERTIFICATE\}" alpn h2 /m);
  expect(configuration).toMatch(/^ {2}default-server proto h2 check /m);
  expect(configuration).toMatch(/^ {2}retry-on conn-failure$/m);
});

test('what a caller outside writes of addresses is dropped, also by the forms of the API over HTTP', () => {
  for (const name of ['grpc', 'rest', 'pages'])
    expect(configuration).toMatch(
      new RegExp(
        `^frontend ${name}\\n(  #.*\\n)*  bind .*\\n(  #.*\\n)*  http-request set-header x-forwarded-for %\\[src\\]$`,
        'm',
      ),
    );
  for (const [name, port] of [
    ['rest-gateway', 50080],
    ['console', 50090],
  ]) {
    const host = `\${LIENTHONG_BEFORE}${name}\${LIENTHONG_BEHIND}`;
    expect(configuration).toContain(
      `backend ${name}\n  server-template process "\${LIENTHONG_PROCESSES}" "${host}:${port}" proto h1 alpn http/1.1 verifyhost "${host}"\n`,
    );
  }
});

test('what a caller writes of certificates is dropped on every way to the services', () => {
  const frontends = configuration
    .split(/^(?=frontend )/m)
    .filter((part) => part.startsWith('frontend ') && part.includes('routes.map'));
  expect(frontends.map((part) => /^frontend (\S+)/.exec(part)?.[1])).toEqual(['grpc', 'inside']);
  for (const part of frontends) expect(part).toMatch(/^ {2}http-request del-header client-cert$/m);
  // What it has shown is written afterwards, and on the way from outside alone.
  expect(frontends[0]?.indexOf('set-header client-cert')).toBeGreaterThan(
    frontends[0]?.indexOf('del-header client-cert') ?? -1,
  );
  expect(configuration.match(/set-header client-cert/g)).toHaveLength(1);
});

test('haproxy accepts the configuration', (context) => {
  if (spawnSync('haproxy', ['-v']).status !== 0) {
    console.log('skipped: there is no haproxy on this machine; test/engine.test.ts runs it in a container');
    return context.skip();
  }
  const run = spawnSync('haproxy', ['-c', '-f', 'deploy/gateway/haproxy.cfg'], {
    cwd: root,
    encoding: 'utf8',
  });
  // The key and the folder of the container are not there; everything else must be right.
  const problems = run.stderr
    .split('\n')
    .filter(
      (line) =>
        line.startsWith('[ALERT]') && !/\/keys\/|\/etc\/lien-thong\/|Error\(s\) found|Fatal/.test(line),
    );
  expect(problems).toEqual([]);
});
