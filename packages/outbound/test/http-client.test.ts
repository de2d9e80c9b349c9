import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, systemClock } from '@lienthong/kit';
import { type Certificate, certificate } from '@lienthong/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { addressRules, addressSettings, createHttpClient } from '../src/index.ts';

const TIMEOUT_MS = 400;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function clientOf(env: Record<string, string> = {}, timeoutMs = TIMEOUT_MS) {
  const rules = addressRules(
    readSettings(addressSettings, { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_ALLOW_HTTP: 'true', ...env }),
  );
  const client = createHttpClient({ clock: systemClock, rules, timeoutMs });
  closing.push(client.close);
  return client;
}

/** Posts to a receiver that answers like this. */
async function answered(listener: RequestListener) {
  const server = createServer(listener);
  closing.push(() => server.closeAllConnections());
  const port = await listening(server);
  return clientOf().send({ url: `http://127.0.0.1:${port}/hook`, headers: {}, body: '{"a":"ă"}' });
}

/** Posts to a receiver that writes these bytes once a byte of the request came. */
async function rawlyAnswered(write: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => write(socket));
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  const port = await listening(server);
  return clientOf().send({ url: `http://127.0.0.1:${port}/hook`, headers: {}, body: '{}' });
}

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%i is an answer like others, and is not followed', async (status) => {
    const paths: (string | undefined)[] = [];
    const result = await answered((request, answer) => {
      paths.push(request.url);
      answer.writeHead(status, { location: '/elsewhere' }).end('đi nơi khác');
    });
    expect(result).toEqual({
      status,
      text: 'đi nơi khác',
      bytes: Buffer.from('đi nơi khác'),
      retryAfterMs: undefined,
      cause: `HTTP_${status}`,
    });
    expect(paths).toEqual(['/hook']);
  });
});

describe('answers', () => {
  test('are read to their end or 4 KiB', async () => {
    const endless = await answered((_, answer) => {
      answer.writeHead(200);
      const more = setInterval(() => answer.write('không dừng '.repeat(500)), 5);
      answer.on('close', () => clearInterval(more));
    });
    expect(endless.status).toBe(200);
    expect(Buffer.byteLength(endless.text)).toBeLessThanOrEqual(4_098);
    const huge = await answered((_, answer) => void answer.writeHead(500).end('x'.repeat(20_000_000)));
    expect(huge).toMatchObject({ status: 500, text: 'x'.repeat(4_096) });
  });

  test('of bytes that are not text are kept as text', async () => {
    const result = await answered(
      (_, answer) => void answer.writeHead(200).end(Buffer.of(0, 0xff, 0xfe, 0x41)),
    );
    expect(result.text).toBe('\ufffd\ufffd\ufffdA');
  });

  test.each([
    ['nothing at all', () => {}],
    ['half a status line', (socket) => socket.write('HTTP/1.1 20')],
    ['a body that never ends', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')],
    ['one byte after another', (socket) => void drip(socket)],
    ['interim answers only', (socket) => socket.write('HTTP/1.1 102 Processing\r\n\r\n')],
  ] as [string, (socket: Socket) => void][])('%s: none within the time there is', async (_, write) => {
    expect(await rawlyAnswered(write)).toEqual({
      status: 0,
      text: `no complete response within ${TIMEOUT_MS} ms`,
      cause: 'TIMEOUT',
    });
  });

  test.each([
    ['closes at once', (socket) => socket.destroy(), 'ECONNRESET'],
    [
      'closes half-way through the head',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nserv'),
      'ECONNRESET|HPE_',
    ],
    [
      'closes half-way through the body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
      'ECONNRESET',
    ],
    ['speaks something else', (socket) => socket.end('220 mail.example ESMTP\r\n'), 'HPE_'],
    [
      'has a head without end',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`),
      'HPE_HEADER_OVERFLOW',
    ],
  ] as [string, (socket: Socket) => void, string][])(
    'a receiver that %s has not answered',
    async (_, write, why) => {
      const { status, text, cause } = await rawlyAnswered(write);
      expect(status).toBe(0);
      expect(text).toMatch(new RegExp(why));
      expect(cause).toMatch(new RegExp(why));
    },
  );
});

function drip(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
  const more = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(more));
}

describe('a connection that was kept open', () => {
  /** A server whose n-th request (from 1) on a connection is answered by `answer`; counts connections and requests. */
  async function keeping(answer: (socket: Socket, n: number) => void) {
    const seen = { connections: 0, requests: 0 };
    const sockets = new Set<Socket>();
    const server = createRawServer((socket) => {
      let n = 0;
      seen.connections += 1;
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', () => {
        n += 1;
        seen.requests += 1;
        answer(socket, n);
      });
    });
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
    });
    const port = await listening(server);
    const client = clientOf();
    const send = (signal?: AbortSignal) =>
      client.send({
        url: `http://127.0.0.1:${port}/`,
        headers: {},
        body: '{}',
        ...(signal && { signal }),
      });
    return { send, seen };
  }
  const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

  test('and closed by the receiver is replaced at once: the request succeeds', async () => {
    const { send, seen } = await keeping((socket, n) => void (n === 1 ? socket.write(OK) : socket.destroy()));
    expect(await send()).toMatchObject({ status: 200 });
    expect(await send()).toMatchObject({ status: 200, text: 'ok' });
    expect(seen).toEqual({ connections: 2, requests: 3 });
  });

  test('is replaced once: a receiver that closes each connection has failed', async () => {
    let first = true;
    const { send, seen } = await keeping((socket) => {
      if (first) socket.write(OK);
      else socket.destroy();
      first = false;
    });
    expect(await send()).toMatchObject({ status: 200 });
    expect(await send()).toMatchObject({ status: 0, cause: 'ECONNRESET' });
    expect(seen).toEqual({ connections: 2, requests: 3 });
  });

  test('and over which a response began is not replaced: the receiver has the request', async () => {
    const { send, seen } = await keeping(
      (socket, n) => void (n === 1 ? socket.write(OK) : socket.end('HTTP/1.1 200 OK\r\ncontent-le')),
    );
    await send();
    expect(await send()).toMatchObject({ status: 0 });
    expect(seen).toEqual({ connections: 1, requests: 2 });
  });

  test('and on which the receiver is silent is waited for, and not replaced', async () => {
    const { send, seen } = await keeping((socket, n) => void (n === 1 && socket.write(OK)));
    await send();
    expect(await send()).toMatchObject({ status: 0, cause: 'TIMEOUT' });
    expect(await send(AbortSignal.abort())).toMatchObject({ status: 0, cause: 'TIMEOUT' });
    expect(seen).toEqual({ connections: 1, requests: 2 });
  });

  test('a new connection that is closed is a failed attempt', async () => {
    const { send, seen } = await keeping((socket) => void socket.destroy());
    expect(await send()).toMatchObject({ status: 0, cause: 'ECONNRESET' });
    expect(seen).toEqual({ connections: 1, requests: 1 });
  });
});

describe('TLS', () => {
  const authority = certificate({ commonName: 'Trung tâm chứng thực nội bộ' });
  const good = certificate({ by: authority });

  /** Posts to https://localhost with a certificate; how many requests came through. */
  async function over(given: Certificate, trusted?: string) {
    let requests = 0;
    const server = createHttpsServer({ key: given.key, cert: given.cert }, (_, answer) => {
      requests += 1;
      answer.end('đã nhận');
    });
    closing.push(() => server.closeAllConnections());
    const port = await listening(server);
    const folder = mkdtempSync(join(tmpdir(), 'ca-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    if (trusted !== undefined) writeFileSync(file, trusted);
    // On a busy machine a handshake takes long; its result is what is tested.
    const client = clientOf(trusted === undefined ? {} : { WEBHOOK_CA: file }, 20_000);
    return {
      ...(await client.send({ url: `https://localhost:${port}/`, headers: {}, body: '{}' })),
      requests,
    };
  }

  test('a receiver under an authority of the settings is trusted', async () => {
    const other = certificate({ commonName: 'another' });
    expect(await over(good, `${other.cert}${authority.cert}`)).toMatchObject({
      status: 200,
      text: 'đã nhận',
      requests: 1,
    });
  });

  test.each([
    ['of an unknown authority', good, undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['signed by itself', certificate(), authority.cert, 'SELF_SIGNED'],
    [
      'for another name',
      certificate({ by: authority, names: ['xa.example.vn'] }),
      authority.cert,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['that has expired', certificate({ by: authority, days: [-3, -1] }), authority.cert, 'CERT_HAS_EXPIRED'],
    ['not valid yet', certificate({ by: authority, days: [1, 3] }), authority.cert, 'CERT_NOT_YET_VALID'],
  ] as [string, Certificate, string | undefined, string][])(
    'a certificate %s is the cause of the failure, and nothing is sent',
    async (_, given, trusted, why) => {
      const result = await over(given, trusted);
      expect(result).toMatchObject({ status: 0, requests: 0 });
      expect(result.text).toContain(why);
    },
  );

  test('a receiver without TLS is a failure with a cause', async () => {
    const port = await listening(createServer((_, answer) => void answer.end()));
    const result = await clientOf().send({ url: `https://127.0.0.1:${port}/`, headers: {}, body: '{}' });
    expect(result).toMatchObject({ status: 0, text: expect.stringMatching(/EPROTO|ERR_SSL/) });
  });

  test('a file of authorities that is missing or empty fails the start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ca-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    const reading = () => readSettings(addressSettings, { WEBHOOK_CA: file });
    expect(reading).toThrow(/WEBHOOK_CA.*ENOENT/s);
    writeFileSync(file, 'no certificate');
    expect(reading).toThrow(/WEBHOOK_CA.*no certificate in PEM/s);
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(reading).toThrow(/WEBHOOK_CA/);
  });
});
