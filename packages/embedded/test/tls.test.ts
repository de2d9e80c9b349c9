import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect as connectLine } from 'node:net';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { developmentAuthority } from '../src/index.ts';
import { issueAuthority, issueForServer } from '../src/tls/issue.ts';
import { query, running, temporaryDirectory } from './support/fixtures.ts';

test('an authority and its certificate are made once, for their owner alone, and again before they expire', async () => {
  const folder = join(temporaryDirectory(), 'tls');
  const first = await developmentAuthority(folder);
  onTestFinished(() => first.close());
  for (const file of ['ca.pem', 'ca-key.pem', 'cert.pem', 'key.pem'])
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  const read = () => ['ca.pem', 'cert.pem'].map((file) => readFileSync(join(folder, file), 'utf8'));
  const [ca, cert] = read();
  (await developmentAuthority(folder)).close();
  expect(read()).toEqual([ca, cert]);

  const short = issueForServer(
    { commonName: 'Lien Thong development authority', key: keyOf(folder) },
    ['localhost'],
    20,
  );
  writeFileSync(first.certFile, short.cert);
  writeFileSync(first.keyFile, short.key);
  (await developmentAuthority(folder)).close();
  const [sameCa, renewed] = read();
  expect(sameCa).toBe(ca);
  expect([cert, short.cert]).not.toContain(renewed);
});

test('a certificate is for the names that are given, and made again when they change', async () => {
  const folder = join(temporaryDirectory(), 'tls');
  const certOf = async (names: readonly string[]) => {
    const authority = await developmentAuthority(folder, { names });
    authority.close();
    return new X509Certificate(readFileSync(authority.certFile));
  };
  const first = await certOf(['lienthong.example.vn', 'localhost']);
  for (const name of ['lienthong.example.vn', 'localhost']) expect(first.checkHost(name)).toBe(name);
  expect(first.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect((await certOf(['localhost'])).raw).toEqual(first.raw);
  const second = await certOf(['api.example.vn']);
  expect(second.checkHost('api.example.vn')).toBe('api.example.vn');
  expect(second.checkIssued(new X509Certificate(readFileSync(join(folder, 'ca.pem'))))).toBe(true);
});

test('PostgreSQL and NATS speak TLS 1.3 alone with the certificate, and take a new one without a restart', async () => {
  const dataDir = temporaryDirectory();
  const tls = await developmentAuthority(join(dataDir, 'tls'));
  onTestFinished(() => tls.close());
  const stack = await running({ dataDir, tls });

  expect(
    await query(stack.databaseUrl, 'select version from pg_stat_ssl where pid = pg_backend_pid()'),
  ).toEqual([['TLSv1.3']]);
  const plain = new URL(stack.databaseUrl);
  plain.search = '';
  await expect(query(plain.href, 'select 1')).rejects.toThrow(/no encryption/);
  const stranger = join(dataDir, 'stranger.pem');
  writeFileSync(stranger, issueAuthority('stranger', 1).cert);
  const url = new URL(stack.databaseUrl);
  url.searchParams.set('sslrootcert', stranger);
  await expect(query(url.href, 'select 1')).rejects.toThrow(/signature|certificate/);

  const nats = await natsTo(stack.natsUrl, tls.caFile);
  await nats.close();
  await expect(natsTo(stack.natsUrl, stranger)).rejects.toThrow(/signature|certificate/);

  const ports = { postgres: stack.postgres.port, nats: stack.nats.port };
  const presented = async () => [
    await certificateOf(ports.postgres, SSL_REQUEST),
    await certificateOf(ports.nats),
  ];
  const before = readFileSync(tls.certFile, 'utf8');
  expect(await presented()).toEqual([before, before]);
  const held = new Client({ connectionString: stack.databaseUrl });
  await held.connect();
  onTestFinished(() => held.end());
  rmSync(tls.certFile);
  (await developmentAuthority(join(dataDir, 'tls'))).close();
  const after = readFileSync(tls.certFile, 'utf8');
  expect(after).not.toBe(before);
  stack.reloadTls();
  await vi.waitFor(async () => expect(await presented()).toEqual([after, after]), { timeout: 10_000 });
  expect(await query(stack.databaseUrl, 'select 1')).toEqual([[1]]);
  expect((await held.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

/** PostgreSQL's question for TLS. */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

/** The certificate (PEM) that a server presents after its first bytes, which NATS sends by itself. */
const certificateOf = (port: number, request?: Buffer) =>
  new Promise<string>((resolve, reject) => {
    const line = connectLine(port, '127.0.0.1', () => request && line.write(request));
    line.on('error', reject);
    line.once('data', () => {
      const socket = secure({ socket: line, rejectUnauthorized: false }, () => {
        resolve(String(socket.getPeerX509Certificate()));
        line.destroy();
      }).on('error', reject);
    });
  });

const keyOf = (folder: string) => createPrivateKey(readFileSync(join(folder, 'ca-key.pem')));

function natsTo(natsUrl: string, caFile: string) {
  const { host, username: user, password: pass } = new URL(natsUrl);
  return connect({ servers: host, user, pass, reconnect: false, tls: { caFile } });
}
