import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate, freePort } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
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

/** A server of GET /health, which replies what `state` has. */
async function healthServer(files?: { cert: string; key: string }) {
  const state = { status: 503 };
  const onRequest = ({ url }: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(url === '/health' ? state.status : 404).end();
  const server = files ? createSecureServer(files, onRequest) : createServer(onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { state, METRICS_LISTEN: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('the health check follows what the process says of itself, also over TLS', async () => {
  const files = certificate({ names: ['casework.example.vn'], loopback: false });
  for (const [tls, env] of [
    [undefined, {}],
    [files, { TLS_CERT_FILE: 'cert.pem' }],
  ] as const) {
    const { state, METRICS_LISTEN } = await healthServer(tls);
    const check = () => run('health.cjs', { METRICS_LISTEN, ...env });
    expect(await check()).toMatchObject({ code: 1, err: 'not serving: HTTP status 503\n' });
    state.status = 200;
    expect(await check()).toEqual({ code: 0, out: '', err: '' });
  }
});

test('the health check fails when nobody listens', async () => {
  const absent = await run('health.cjs', { METRICS_LISTEN: `127.0.0.1:${await freePort()}` });
  expect(absent).toMatchObject({ code: 1, err: expect.stringContaining('ECONNREFUSED') });
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
  const bases = dockerfile.match(/(?<=^FROM )\S+/gm);
  // A stage may begin where another one ends.
  expect(new Set(bases)).toEqual(new Set([['$', '{NODE_IMAGE}'].join(''), 'contracts']));
  expect(dockerfile).toMatch(/^USER 1000:1000$/m);
  expect(dockerfile).toMatch(/^ {2}CMD \["node", "\/app\/deploy\/image\/health\.cjs"\]$/m);
  const compose = parse(read('deploy/compose/compose.yaml'), { merge: true });
  const { version } = JSON.parse(read('package.json'));
  expect(dockerfile).toContain(`ARG VERSION=${version}\n`);
  expect(compose.services.casework.image).toBe(`\${LIENTHONG_IMAGE:-lien-thong:${version}}`);
});

test('a loaded machine has time for the health check, which says itself that nobody replied', () => {
  const [, timeout, start] =
    /^HEALTHCHECK .*--timeout=(\d+)s --start-period=(\d+)s/m.exec(read('Dockerfile')) ?? [];
  const [, own = ''] = /TIMEOUT_MS = ([\d_]+)/.exec(read('deploy/image/health.cjs')) ?? [];
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
