import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { connectAgency } from '@lienthong/client';
import { believing, certificate, type Certificate as Pair, refusalOf } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Caller,
  type CallerDirectory,
  createLog,
  failure,
  fingerprintOf,
  openListenTls,
  type Refusal,
  success,
} from '../src/index.ts';
import { clerk, type Handlers, issuer, serve } from './support/server.ts';

const authority = certificate({ commonName: 'test authority' });
const CALL = { service: 'routing', consumer: 'inbox' };
const REPLY = { replayed: 1n, stillParked: 0n };

const revoked: Refusal = { kind: 'unauthenticated', reason: 'CERTIFICATE_REVOKED', message: 'revoked' };
const unknown: Refusal = { kind: 'unauthenticated', reason: 'CERTIFICATE_UNKNOWN', message: 'unknown' };

/** A directory in which systems of the clerk's agency can be registered. */
function directoryOf() {
  const known = new Map<string, string | Refusal>();
  const directory: CallerDirectory = {
    ...believing,
    certified(fingerprint) {
      const found = known.get(fingerprint);
      if (found === undefined) return failure(unknown);
      if (typeof found !== 'string') return failure(found);
      return success({
        agency: { id: clerk.agencyId },
        officerId: found,
        roles: [],
        granted: ['system'],
        agencies: undefined,
        expiresAt: Date.now() + 3600_000,
      });
    },
  };
  const nameOf = ({ cert }: Pair) => fingerprintOf(new X509Certificate(cert));
  return {
    directory,
    register: (pair: Pair, system = 'e-office') => void known.set(nameOf(pair), system),
    revoke: (pair: Pair) => void known.set(nameOf(pair), revoked),
  };
}

/** A server over TLS; `callers` are those of the calls that it has taken. */
async function serveTls(handlers: Handlers, clientCa?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-mtls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const place = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const { cert, key } = certificate({ by: authority });
  const settings = {
    TLS_CERT_FILE: place('cert.pem', cert),
    TLS_KEY_FILE: place('key.pem', key),
    TLS_CLIENT_CA_FILE: clientCa && place('client-ca.pem', clientCa),
    TLS_AT_PROXY: false,
  };
  const tls = await openListenTls(settings, createLog('kit-test', 'silent'));
  onTestFinished(() => tls.certificate?.close());
  const callers: Caller[] = [];
  const unary: Handlers['unary'] = async (_, { caller }) => {
    callers.push(caller);
    return REPLY;
  };
  const { address } = await serve({ unary, policy: { anyOf: ['system', 'clerk'] }, ...handlers, tls });
  const as = (pair?: Pair, token?: Caller) => {
    const client = connectAgency({
      address,
      tls: { ca: authority.cert, ...(pair && { cert: pair.cert, key: pair.key }) },
      ...(token && { token: () => issuer.issue(token) }),
    });
    onTestFinished(() => client.close());
    return client;
  };
  return { as, callers, address };
}

const callOf = (client: ReturnType<typeof connectAgency>) => client.operations.replayParkedEvents(CALL);

test('a registered certificate without a token is its agency’s system', async () => {
  const { directory, register } = directoryOf();
  const { as, callers } = await serveTls({ directory });
  const pair = certificate();
  register(pair);
  expect(await callOf(as(pair))).toMatchObject(REPLY);
  expect(callers).toEqual([{ agencyId: clerk.agencyId, officerId: 'e-office', roles: ['system'] }]);
  expect(await refusalOf(callOf(as()))).toMatchObject({ reason: 'TOKEN_MISSING' });
});

test('one that is not registered is refused, also with a token and where no token is needed', async () => {
  const { directory } = directoryOf();
  const strict = await serveTls({ directory });
  const open = await serveTls({ directory, policy: 'public' });
  const refused = { code: 'UNAUTHENTICATED', reason: 'CERTIFICATE_UNKNOWN' };
  expect(await refusalOf(callOf(strict.as(certificate())))).toMatchObject(refused);
  expect(await refusalOf(callOf(strict.as(certificate(), clerk)))).toMatchObject(refused);
  expect(await refusalOf(callOf(open.as(certificate())))).toMatchObject(refused);
  expect(await callOf(strict.as(undefined, clerk))).toMatchObject(REPLY);
  expect([...strict.callers, ...open.callers]).toEqual([clerk]);
});

test('a token beside a certificate is the caller, when both are of one agency', async () => {
  const { directory, register } = directoryOf();
  const { as, callers } = await serveTls({ directory });
  const pair = certificate();
  register(pair);
  await callOf(as(pair, clerk));
  expect(callers).toEqual([clerk]);
  const other = { ...clerk, agencyId: '018f0000-0000-7000-8000-000000000002' };
  for (const token of [other, { ...clerk, agencyId: '' }])
    expect(await refusalOf(callOf(as(pair, token)))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'CERTIFICATE_OF_OTHER_AGENCY',
    });
});

test('a revoked certificate ends the streams and connections of its system, and no others', async () => {
  const { directory, register, revoke } = directoryOf();
  const open = new Set<string>();
  const { as } = await serveTls({
    directory,
    async *download(_, { caller, signal }) {
      open.add(caller.officerId);
      yield { chunk: Buffer.from('x') };
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      open.delete(caller.officerId);
    },
  });
  const [old, next] = [certificate(), certificate()];
  register(old, 'old');
  register(next, 'next');
  const [oldClient, nextClient] = [as(old), as(next)];
  const download = (client: typeof oldClient) =>
    client.attachments.downloadAttachment({ sha256: 'ab'.repeat(32) })[Symbol.asyncIterator]();
  const [ending, going] = [download(oldClient), download(nextClient)];
  await Promise.all([ending.next(), going.next()]);
  revoke(old);
  expect(await refusalOf(ending.next() as Promise<unknown>)).toMatchObject({ reason: 'CERTIFICATE_REVOKED' });
  expect([...open]).toEqual(['next']);
  expect(await refusalOf(callOf(oldClient))).toMatchObject({ reason: 'CERTIFICATE_REVOKED' });
  expect(await callOf(nextClient)).toMatchObject(REPLY);
  await going.return?.();
});

/** A connection of a client that is not gRPC's own; the session that it can resume comes with the first data. */
async function connectRaw(address: string, { cert, key }: Pair, resumed?: Buffer) {
  const socket = secure({
    ...{ host: '127.0.0.1', port: Number(address.split(':')[1]), ALPNProtocols: ['h2'] },
    ...{ ca: authority.cert, cert, key },
    ...(resumed && { session: resumed }),
  });
  const session = once(socket, 'session');
  await once(socket, 'secureConnect');
  const client = connect('https://localhost', { createConnection: () => socket });
  onTestFinished(() => client.destroy());
  const request = client.request({
    ':method': 'POST',
    ':path': '/lienthong.operations.v1.OperationsService/ReplayParkedEvents',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  // An empty message: not compressed, no bytes.
  request.end(Buffer.alloc(5));
  // A refusal has its status in the header.
  let status: unknown;
  for (const part of ['response', 'trailers'])
    request.on(part, (headers) => {
      status = headers['grpc-status'] ?? status;
    });
  const closed = once(client, 'close');
  await once(request.resume(), 'close');
  return { socket, session, status, closed };
}

test('a resumed session has the certificate of its handshake; after a revocation both connections end', async () => {
  const { directory, register, revoke } = directoryOf();
  const { callers, address } = await serveTls({ directory });
  const pair = certificate();
  register(pair);
  const first = await connectRaw(address, pair);
  const [ticket] = await first.session;
  const second = await connectRaw(address, pair, ticket);
  expect([first, second].map(({ socket }) => socket.isSessionReused())).toEqual([false, true]);
  expect([first.status, second.status]).toEqual(['0', '0']);
  expect(callers.map(({ officerId }) => officerId)).toEqual(['e-office', 'e-office']);
  revoke(pair);
  await Promise.all([first.closed, second.closed]);
  // UNAUTHENTICATED.
  expect((await connectRaw(address, pair, ticket)).status).toBe('16');
});

test('with TLS_CLIENT_CA_FILE a registered certificate of another authority is refused', async () => {
  const { directory, register } = directoryOf();
  const agencies = certificate({ commonName: 'authority of agencies' });
  const { as, callers } = await serveTls({ directory }, agencies.cert);
  const [good, foreign] = [certificate({ by: agencies }), certificate()];
  for (const pair of [good, foreign]) register(pair);
  expect(await callOf(as(good))).toMatchObject(REPLY);
  expect(await refusalOf(callOf(as(foreign)))).toMatchObject({
    code: 'UNAUTHENTICATED',
    reason: 'CERTIFICATE_UNTRUSTED',
  });
  expect(callers).toHaveLength(1);
});

test('a key of another certificate is refused before anything is sent', async () => {
  const { as, callers } = await serveTls(directoryOf());
  expect(() => as({ ...certificate(), key: certificate().key })).toThrow(/key values mismatch/);
  expect(callers).toEqual([]);
});

/** A client of a server in plain text that sends headers of RFC 9440. */
async function serveBehind(certificateProxies: readonly string[], handlers: Handlers) {
  const callers: Caller[] = [];
  const unary: Handlers['unary'] = async (_, { caller }) => {
    callers.push(caller);
    return REPLY;
  };
  const policy = { anyOf: ['system', 'clerk'] } as const;
  const { address } = await serve({ unary, policy, ...handlers, certificateProxies });
  const as = (header?: string, token?: Caller) => {
    const client = connectAgency({
      address,
      ...(header !== undefined && { metadata: { 'client-cert': header } }),
      ...(token && { token: () => issuer.issue(token) }),
    });
    onTestFinished(() => client.close());
    return client;
  };
  return { as, callers };
}
const headerOf = ({ cert }: Pair) => `:${new X509Certificate(cert).raw.toString('base64')}:`;

test('what a proxy says of a certificate counts as if it were shown here', async () => {
  const { directory, register, revoke } = directoryOf();
  const { as, callers } = await serveBehind(['127.0.0.0/8'], { directory });
  const pair = certificate();
  register(pair);
  expect(await callOf(as(headerOf(pair)))).toMatchObject(REPLY);
  await callOf(as(headerOf(pair), clerk));
  expect(callers).toEqual([{ agencyId: clerk.agencyId, officerId: 'e-office', roles: ['system'] }, clerk]);
  revoke(pair);
  expect(await refusalOf(callOf(as(headerOf(pair))))).toMatchObject({ reason: 'CERTIFICATE_REVOKED' });
  expect(await refusalOf(callOf(as(headerOf(certificate()), clerk)))).toMatchObject({
    reason: 'CERTIFICATE_UNKNOWN',
  });
});

test('the header says nothing on a connection from elsewhere', async () => {
  const { directory, register } = directoryOf();
  const pair = certificate();
  register(pair);
  for (const proxies of [[], ['127.0.0.2'], ['10.0.0.0/8', '::1']]) {
    const { as, callers } = await serveBehind(proxies, { directory });
    expect(await refusalOf(callOf(as(headerOf(pair))))).toMatchObject({ reason: 'TOKEN_MISSING' });
    await callOf(as(headerOf(pair), clerk));
    expect(callers).toEqual([clerk]);
  }
});

test('a header that is no certificate, or two of them, is refused like one that is not registered', async () => {
  const { directory, register } = directoryOf();
  const [pair, other] = [certificate(), certificate()];
  register(pair);
  register(other);
  const { as } = await serveBehind(['127.0.0.1'], { directory });
  const header = headerOf(pair);
  for (const text of [
    'x',
    '::',
    header.slice(1),
    header.slice(0, -1),
    `${header}, ${headerOf(other)}`,
    `${header};a`,
  ])
    expect(await refusalOf(callOf(as(text, clerk))), text).toMatchObject({ reason: 'CERTIFICATE_UNKNOWN' });
});

test('certificates of a proxy and authorities of the process do not go together', async () => {
  const { directory } = directoryOf();
  await expect(serveTls({ directory, certificateProxies: ['127.0.0.1'] }, authority.cert)).rejects.toThrow(
    'CERTIFICATE_PROXIES and TLS_CLIENT_CA_FILE do not go together',
  );
});
