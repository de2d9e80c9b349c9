import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { type ClientTls, connectAgency } from '@lienthong/client';
import { certificate, type Certificate as Pair } from '@lienthong/testkit';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createLog, httpServer, openListenTls, startTelemetry } from '../src/index.ts';
import { clerk, issuer, serve } from './support/server.ts';

const authority = certificate({ commonName: 'test authority' });
const stranger = certificate({ commonName: 'another authority' });
const silent = createLog('kit-test', 'silent');

/** Files of a certificate that can be replaced. */
function files(pair: Pick<Pair, 'cert' | 'key'> = certificate({ by: authority })) {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const TLS_CERT_FILE = join(folder, 'cert.pem');
  const TLS_KEY_FILE = join(folder, 'key.pem');
  const write = ({ cert, key }: Pick<Pair, 'cert' | 'key'>) => {
    writeFileSync(TLS_CERT_FILE, cert);
    writeFileSync(TLS_KEY_FILE, key);
  };
  write(pair);
  return { settings: { TLS_CERT_FILE, TLS_KEY_FILE, TLS_AT_PROXY: false }, write };
}

/** TLS from files, which follows them until the test ends. */
async function tlsOf(settings: ReturnType<typeof files>['settings'], log = silent) {
  const tls = await openListenTls(settings, log);
  onTestFinished(() => tls.certificate?.close());
  return tls;
}

const unary = async () => ({ replayed: 1n, stillParked: 0n });

/** How a call over a new connection ends: its reply, or the words of its error. */
async function call(address: string, tls?: ClientTls): Promise<unknown> {
  const client = connectAgency({ address, tls, token: () => issuer.issue(clerk), timeoutMs: 2_000 });
  try {
    return await client.operations.replayParkedEvents({ service: 'a', consumer: 'b' });
  } catch (error) {
    return (error as Error).message;
  } finally {
    client.close();
  }
}

/** What OpenSSL sees of a server. It runs beside this process, which is the server. */
const openssl = (address: string, ca: string, ...args: string[]) =>
  new Promise<{ ok: boolean; output: string }>((resolve) => {
    const command = ['s_client', '-connect', address, '-CAfile', ca, '-verify_return_error', ...args];
    const child = execFile('openssl', command, { timeout: 10_000 }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    );
    child.stdin?.end();
  });

let caFile: string;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-tls-ca-'));
  caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.cert);
  return () => rmSync(folder, { recursive: true });
});

test('a server with a certificate speaks TLS to clients that trust its authority, and to no others', async () => {
  const { settings } = files();
  const { address } = await serve({ unary, tls: await tlsOf(settings) });
  expect(await call(address, { ca: authority.cert })).toMatchObject({ replayed: 1n });
  expect(await call(address, { ca: stranger.cert })).toMatch(/certificate/i);
  expect(await call(address, {})).toMatch(/certificate/i);
  expect(await call(address)).toMatch(/UNAVAILABLE|connection/i);
});

test('a certificate for another host is refused by clients', async () => {
  const other = certificate({
    by: authority,
    commonName: 'other',
    names: ['other.example'],
    loopback: false,
  });
  const { address } = await serve({ unary, tls: await tlsOf(files(other).settings) });
  expect(await call(address, { ca: authority.cert })).toMatch(/certificate's altnames|altnames/i);
});

test('OpenSSL verifies the chain and gets TLS 1.3; TLS 1.2 is refused', async (context) => {
  if (spawnSync('openssl', ['version']).status !== 0) {
    console.log('skipped: there is no openssl on this machine');
    return context.skip();
  }
  const { address } = await serve({ unary, tls: await tlsOf(files().settings) });
  const good = await openssl(address, caFile, '-alpn', 'h2');
  expect(good).toMatchObject({ ok: true, output: expect.stringMatching(/Verification: OK/) });
  expect(good.output).toMatch(/TLSv1\.3/);
  expect(good.output).toMatch(/ALPN protocol: h2/);
  const old = await openssl(address, caFile, '-tls1_2');
  expect(old).toMatchObject({ ok: false, output: expect.stringMatching(/alert protocol version/) });
});

test('new connections get a new certificate, and no call is lost while it is replaced', async () => {
  const { settings, write } = files();
  const { address } = await serve({ unary, tls: await tlsOf(settings) });
  const client = connectAgency({ address, tls: { ca: authority.cert }, token: () => issuer.issue(clerk) });
  onTestFinished(() => client.close());
  let over = false;
  let calls = 0;
  const load = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (!over) {
        await client.operations.replayParkedEvents({ service: 'a', consumer: 'b' });
        calls += 1;
      }
    }),
  );
  await vi.waitFor(() => expect(calls).toBeGreaterThan(0));
  write(certificate({ by: stranger }));
  await vi.waitFor(
    async () => expect(await call(address, { ca: stranger.cert })).toMatchObject({ replayed: 1n }),
    {
      timeout: 10_000,
    },
  );
  expect(await call(address, { ca: authority.cert })).toMatch(/certificate/i);
  // The old connection goes on.
  const before = calls;
  await vi.waitFor(() => expect(calls).toBeGreaterThan(before));
  over = true;
  await load;
});

test.each([
  [
    'a key of another certificate',
    () => ({ ...certificate({ by: authority }), key: stranger.key }),
    /does not belong/,
  ],
  ['an expired certificate', () => certificate({ by: authority, days: [-2, -1] }), /has expired/],
  ['a certificate of tomorrow', () => certificate({ by: authority, days: [1, 2] }), /is valid from/],
  [
    'no certificate at all',
    () => ({ cert: 'nothing', key: authority.key }),
    /does not begin with a certificate/,
  ],
])('%s stops the start; later it is logged, and the one before stays', async (_, make, words) => {
  await expect(openListenTls(files(make()).settings, silent)).rejects.toThrow(words);

  const errors: string[] = [];
  const log = Object.assign(createLog('kit-test', 'silent'), {
    error: ({ err }: { err: Error }) => void errors.push(err.message),
  });
  const telemetry = await startTelemetry({ service: 'kit-test', metricsListen: '127.0.0.1:0' });
  onTestFinished(() => telemetry.stop());
  const { settings, write } = files();
  const tls = await tlsOf(settings, log);
  onTestFinished(tls.certificate?.observe() ?? (() => {}));
  const metrics = async () => (await fetch(`http://${telemetry.metricsAddress}/metrics`)).text();
  expect(await metrics()).toMatch(/^lienthong_tls_certificate_unusable\S* 0$/m);
  const { address } = await serve({ unary, tls });
  write(make());
  await vi.waitFor(() => expect(errors.join()).toMatch(words), { timeout: 5_000 });
  expect(await call(address, { ca: authority.cert })).toMatchObject({ replayed: 1n });
  expect(await metrics()).toMatch(/^lienthong_tls_certificate_unusable\S* 1$/m);
  expect(await metrics()).toMatch(/^lienthong_tls_certificate_valid\S* 0\.99/m);
});

test('without a certificate no listener is opened that other machines reach', async () => {
  const open = { unary, listen: '0.0.0.0:0' };
  await expect(serve(open)).rejects.toThrow(/0\.0\.0\.0:0 would speak plain text to other machines/);
  const http = { name: 'test', listen: '0.0.0.0:0', serve: async () => {} };
  await expect(httpServer({ ...http, tls: { atProxy: false } }).start()).rejects.toThrow(/TLS_CERT_FILE/);
  await expect(startTelemetry({ service: 'test', metricsListen: '0.0.0.0:0' })).rejects.toThrow(
    /METRICS_LISTEN/,
  );
  await serve({ ...open, tls: { atProxy: true } });
  await serve({ ...open, tls: await tlsOf(files().settings) });
});

test('silent connections are closed, and one that has made its handshake stays', async () => {
  const { address } = await serve({ unary, tls: await tlsOf(files().settings) });
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  const silent = connect({ port, host: '127.0.0.1' });
  const speaking = secure({ port, host: '127.0.0.1', ca: authority.cert, ALPNProtocols: ['h2'] });
  onTestFinished(() => void speaking.destroy());
  await once(speaking, 'secureConnect');
  await once(silent.resume(), 'close');
  expect(speaking.destroyed).toBe(false);
}, 20_000);

test('one of the two files alone stops the start', async () => {
  const { settings } = files();
  await expect(openListenTls({ ...settings, TLS_KEY_FILE: undefined }, silent)).rejects.toThrow(
    /TLS_CERT_FILE and TLS_KEY_FILE go together/,
  );
});

test('a server for HTTP has the same certificate', async () => {
  const { settings } = files();
  const telemetry = await startTelemetry({
    service: 'kit-test',
    metricsListen: '127.0.0.1:0',
    tls: await tlsOf(settings),
  });
  onTestFinished(() => telemetry.stop());
  const get = (ca: string, maxVersion?: 'TLSv1.2') =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { ca, ...(maxVersion && { maxVersion }) };
      request(`https://${telemetry.metricsAddress}/metrics`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  expect(await get(authority.cert)).toBe(200);
  await expect(get(stranger.cert)).rejects.toThrow(/signature|certificate/);
  await expect(get(authority.cert, 'TLSv1.2')).rejects.toThrow(/protocol version/);
});
