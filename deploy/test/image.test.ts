import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { createLog, openListenTls, startGrpcServer } from '@lienthong/kit';
import { certificate, freePort } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createAdmission } from '../../packages/kit/src/limits/admission.ts';
import { admissionLimits, connectionLimits, limitSettings } from '../../packages/kit/src/limits/settings.ts';
import { read, root } from './support/compose-file.ts';

const image = join(root, 'deploy/image');

/** Runs a program of the image. */
async function run(file: string, env: Record<string, string>, args: readonly string[] = []) {
  const child = spawn(process.execPath, [join(image, file), ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

async function server(files: { TLS_CERT_FILE?: string; TLS_KEY_FILE?: string }) {
  const log = createLog('health', 'silent');
  const listenTls = await openListenTls({ TLS_AT_PROXY: false, ...files }, log);
  const limits = limitSettings.parse({});
  const running = await startGrpcServer({
    listen: '127.0.0.1:0',
    tls: listenTls,
    services: [],
    descriptors: fileDescriptorSet(),
    verifyToken: async () => {
      throw new Error('health needs no token');
    },
    admission: createAdmission(admissionLimits(limits)),
    addressOf: () => '127.0.0.1',
    connections: connectionLimits(limits),
    log,
  });
  onTestFinished(async () => {
    await running.stop(0);
    listenTls.certificate?.close();
  });
  return running;
}

test('the health check follows what the service says of itself, also over TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-health-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { cert, key } = certificate({ names: ['casework.example.vn'], loopback: false });
  const files = { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };
  writeFileSync(files.TLS_CERT_FILE, cert);
  writeFileSync(files.TLS_KEY_FILE, key);
  for (const [tls, env] of [
    [{}, {}],
    [files, files],
  ] as const) {
    const { address, setServing } = await server(tls);
    const check = () => run('health.ts', { LISTEN: address, ...env });
    expect((await check()).err).toContain('not serving');
    expect((await check()).code).toBe(1);
    setServing(true);
    expect(await check()).toEqual({ code: 0, out: '', err: '' });
  }
});

test('the health check fails when nobody listens, or something else does', async () => {
  const absent = await run('health.ts', { LISTEN: `127.0.0.1:${await freePort()}` });
  expect(absent).toMatchObject({ code: 1, err: expect.stringContaining('ECONNREFUSED') });
  const other = createServer((_, response) => response.end('hello'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const found = await run('health.ts', { LISTEN: `127.0.0.1:${(other.address() as AddressInfo).port}` });
  expect(found).toMatchObject({ code: 1, err: expect.stringContaining('not serving') });
});

test.each([
  ['rest-gateway', 'REST_LISTEN', '/health'],
  ['console', 'CONSOLE_LISTEN', '/health'],
  ['edxml-gateway', 'METRICS_LISTEN', '/metrics'],
])('the health check of the %s follows %s%s', async (SERVICE, setting, path) => {
  let status = 503;
  const gateway = createPlainServer((request, response) => {
    response.writeHead(request.url === path ? status : 404).end();
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  onTestFinished(() => void gateway.close());
  const check = () =>
    run('health.ts', { SERVICE, [setting]: `127.0.0.1:${(gateway.address() as AddressInfo).port}` });
  expect(await check()).toMatchObject({
    code: 1,
    err: expect.stringContaining('not serving: HTTP status 503'),
  });
  status = 200;
  expect(await check()).toEqual({ code: 0, out: '', err: '' });
});

test('the image runs the service that SERVICE names, and says which there are', async () => {
  const names = readdirSync(join(root, 'services')).filter((name) => name !== 'standalone');
  for (const SERVICE of ['', 'standalone', '../bench', 'caseworks']) {
    const { code, err } = await run('start.ts', { SERVICE });
    expect(code, SERVICE).toBe(1);
    for (const name of names) expect(err).toContain(name);
  }
  const started = await run('start.ts', { SERVICE: 'casework' });
  expect(started.err).toContain('DATABASE_URL: is missing');
});

test('the list of modules has each one that is installed, and is the same whenever it is made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-sbom-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules'));
  const packages = {
    'services/casework': { version: '0.1.0' },
    'node_modules/@lienthong/casework': { link: true },
    'node_modules/@grpc/grpc-js': { version: '1.14.7', license: 'Apache-2.0', integrity: 'sha512-/w==' },
    'node_modules/a/node_modules/pg': { version: '8.23.1' },
  };
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  const { code, out } = await run('sbom.ts', {}, [folder]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    components: [
      {
        type: 'library',
        'bom-ref': 'node_modules/@grpc/grpc-js',
        name: '@grpc/grpc-js',
        version: '1.14.7',
        purl: 'pkg:npm/%40grpc/grpc-js@1.14.7',
        licenses: [{ expression: 'Apache-2.0' }],
        hashes: [{ alg: 'SHA-512', content: 'ff' }],
      },
      {
        type: 'library',
        'bom-ref': 'node_modules/a/node_modules/pg',
        name: 'pg',
        version: '8.23.1',
        purl: 'pkg:npm/pg@8.23.1',
      },
    ],
  });
});

test('the image has the runtime that everything is tested with, and only what it needs', () => {
  const dockerfile = read('Dockerfile');
  const { node } = JSON.parse(read('package.json')).devDependencies;
  expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${node}-trixie-slim\n`);
  expect(dockerfile.match(/^FROM \S+/gm)).toEqual(Array(4).fill(['FROM $', '{NODE_IMAGE}'].join('')));
  expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  expect(dockerfile).toMatch(/^HEALTHCHECK .* CMD \["node", "\/app\/deploy\/image\/health\.ts"\]$/m);
  const compose = parse(read('deploy/compose/compose.yaml'), { merge: true });
  const { version } = JSON.parse(read('package.json'));
  expect(dockerfile).toContain(`ARG VERSION=${version}\n`);
  expect(compose.services.casework.image).toBe(`\${LIENTHONG_IMAGE:-lien-thong:${version}}`);
});

test('a loaded machine has time for the health check, which says itself that nobody replied', () => {
  const [, timeout, start] =
    /^HEALTHCHECK .*--timeout=(\d+)s --start-period=(\d+)s/m.exec(read('Dockerfile')) ?? [];
  const [, own = ''] = /TIMEOUT_MS = ([\d_]+)/.exec(read('deploy/image/serving.ts')) ?? [];
  expect(Number(timeout) * 1_000).toBeGreaterThan(Number(own.replaceAll('_', '')) + 2_000);
  expect(Number(start)).toBeGreaterThanOrEqual(180);
});

test('the context of the build has neither modules nor generated code nor anything that is not listed', () => {
  const [first, ...rest] = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  expect(rest).toContain('packages/contracts/src/gen');
  expect(rest).toContain('**/node_modules');
});
