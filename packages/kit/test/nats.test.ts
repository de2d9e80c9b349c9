import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findNatsServer, startNats } from '@lienthong/embedded';
import { certificate, childEnvironment, freePort } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { connectNats, natsOptions } from '../src/index.ts';

test('user and password of the URL are used, decoded, for all servers', () => {
  expect(natsOptions({ url: 'nats://a%40b:p%2Fq@one:4222,two:4223', plain: true })).toEqual({
    servers: ['one:4222', 'two:4223'],
    user: 'a@b',
    pass: 'p/q',
  });
});

test('a URL without a login gives none; tls:// and files of certificates ask for TLS 1.3', () => {
  const minVersion = 'TLSv1.3';
  expect(natsOptions({ url: 'nats://localhost:4222' })).toEqual({ servers: ['localhost:4222'] });
  expect(natsOptions({ url: 'tls://one:4222' })).toEqual({ servers: ['one:4222'], tls: { minVersion } });
  expect(natsOptions({ url: 'nats://one:4222', caFile: '/ca.pem' })).toEqual({
    servers: ['one:4222'],
    tls: { caFile: '/ca.pem', minVersion },
  });
  const own = { certFile: '/cert.pem', keyFile: '/key.pem' };
  expect(natsOptions({ url: 'tls://one:4222', ...own, tlsFirst: true }).tls).toEqual({
    ...own,
    handshakeFirst: true,
    minVersion,
  });
});

test('plain text goes to this machine alone, unless a setting allows it', () => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]'])
    expect(natsOptions({ url: `nats://${host}:4222` }).tls).toBeUndefined();
  expect(() => natsOptions({ url: 'nats://localhost:4222,nats://one:4222' })).toThrow(
    'the way to NATS at one:4222 is not protected: write tls:// in its URL, or set NATS_TLS=off',
  );
  expect(natsOptions({ url: 'nats://one:4222', plain: true }).tls).toBeUndefined();
});

test('a key pair logs in instead of a password', () => {
  const nkeySeed = 'SUAM4VQYFBIUZDVZWHH24FJCYKGUQVTM3DBLRF2YJMO5QQIXW2PYDCAHEE';
  expect(natsOptions({ url: 'tls://one:4222', nkeySeed }).authenticator).toBeTypeOf('function');
});

test('TLS from the first byte, with a certificate to show, reaches a server that wants both', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-nats-'));
  const place = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const authority = certificate({ commonName: 'test authority' });
  const pair = certificate({ by: authority });
  const files = {
    caFile: place('ca.pem', authority.cert),
    certFile: place('cert.pem', pair.cert),
    keyFile: place('key.pem', pair.key),
  };
  const port = await freePort();
  const tls = [
    `ca_file: "${files.caFile}", cert_file: "${files.certFile}", key_file: "${files.keyFile}"`,
    'verify: true, handshake_first: true, min_version: "1.3"',
  ].join(', ');
  const configuration = place('nats.conf', `listen: "127.0.0.1:${port}"\ntls { ${tls} }\n`);
  const { path } = await findNatsServer();
  const server = spawn(path, ['-c', configuration], { env: childEnvironment(), stdio: 'ignore' });
  onTestFinished(() => {
    server.kill();
    rmSync(folder, { recursive: true });
  });
  const connection = await connectNats({ url: `tls://127.0.0.1:${port}`, ...files, tlsFirst: true }, 'test');
  await connection.flush();
  await connection.close();
});

test('a server that is not there is waited for; one that refuses the login ends the wait', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-nats-'));
  const port = await freePort();
  const conf = join(folder, 'nats.conf');
  writeFileSync(conf, `listen: "127.0.0.1:${port}"\nauthorization { user: someone, password: right }\n`);
  const url = (password: string) => `nats://someone:${password}@127.0.0.1:${port}`;
  const [good, bad] = ['right', 'wrong'].map((password) => connectNats({ url: url(password) }, 'test'));
  const refused = expect(bad).rejects.toThrow(/authorization/i);
  await sleep(600);
  const { path } = await findNatsServer();
  const server = spawn(path, ['-c', conf], { env: childEnvironment(), stdio: 'ignore' });
  onTestFinished(() => {
    server.kill();
    rmSync(folder, { recursive: true });
  });
  await (await good)?.close();
  await refused;
});

test('a server that falls silent is left, and the connection goes on when it speaks again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-nats-'));
  const { server, natsUrl } = await startNats({ dir: join(folder, 'nats') });
  onTestFinished(async () => {
    await server.kill('SIGKILL');
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  const connection = await connectNats({ url: natsUrl }, 'test');
  onTestFinished(() => connection.close());
  const events = connection.status()[Symbol.asyncIterator]();
  const comes = async (type: string) => {
    for (;;) if ((await events.next()).value.type === type) return;
  };
  await server.kill('SIGSTOP');
  await comes('staleConnection');
  await server.kill('SIGCONT');
  await comes('reconnect');
  await connection.flush();
}, 60_000);
