import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { agencyDirectory } from '@lienthong/agency-directory';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type RunningConsole, startConsole } from '@lienthong/console';
import { sessionCookie } from '@lienthong/console/testing';
import { Tier } from '@lienthong/contracts/directory';
import { documentRouting } from '@lienthong/document-routing';
import { feed } from '@lienthong/feed';
import {
  type Caller,
  createLog,
  createSealer,
  type DevelopmentIssuer,
  developmentIssuer,
  LOOPBACK_ONLY,
} from '@lienthong/kit';
import { type RunningServices, runTestServices, type TestStack, testStack } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { administrator } from '../src/administrator.ts';
import { type EventLine, openEventLine } from './support/event-line.ts';

/** Keys of the tests alone. */
const KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`;
const sealer = createSealer(KEYS);
const PAGES = 200;
/** More than a session has lines. */
const STREAMS_PER_OFFICER = 8;
const PER_SESSION = 4;
const WAIT = { timeout: 60_000, interval: 50 };
const closing: (() => unknown)[] = [];

let stack: TestStack;
let issuer: DevelopmentIssuer;
let running: RunningServices;
let web: RunningConsole;
let admin: AgencyClient;
let sender: AgencyClient;
/** Agencies: one sends letters to another, and the third has nothing to do with it. */
let ids: Record<'sender' | 'recipient' | 'stranger', string>;

const startPlatform = () =>
  runTestServices([agencyDirectory, documentRouting, feed], stack, {
    issuer,
    env: {
      LIENTHONG_SEALING_KEYS: KEYS,
      TRUSTED_PROXIES: '127.0.0.1',
      STREAMS_PER_OFFICER: String(STREAMS_PER_OFFICER),
    },
  });

beforeAll(async () => {
  stack = await testStack();
  issuer = await developmentIssuer();
  running = await startPlatform();
  const address = await forward(() => running.address);
  web = await startConsole({
    listen: '127.0.0.1:0',
    tls: LOOPBACK_ONLY,
    platform: { address },
    provider: { issuer: 'http://127.0.0.1:1', clientId: 'lienthong-console', scope: 'openid' },
    sealer,
    connections: { CONNECTIONS: 1_000, CONNECTIONS_PER_ADDRESS: 1_000, TRUSTED_PROXIES: [] },
    liveTimes: { heartbeatMs: 1_000, stalledMs: 10_000 },
    log: createLog('test', process.env.TEST_LOG_LEVEL ?? 'silent'),
  });
  const client = (caller: Caller, after?: string) => {
    const made = connectAgency({ address, after, token: () => issuer.issue(caller) });
    closing.push(() => made.close());
    return made;
  };
  admin = client(administrator);
  ids = {
    sender: await establish('H61.1'),
    recipient: await establish('H61.2'),
    stranger: await establish('H61.3'),
  };
  sender = client(clerkOf(ids.sender), admin.written());
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await web.stop();
  await running.stop();
  await stack.close();
});

async function establish(code: string): Promise<string> {
  const { agency } = await admin.directory.establishAgency({
    part: { codes: [{ code }], name: `Xã ${code}`, tier: Tier.COMMUNE },
    legalBasis: 'QĐ 1/QĐ-UBND',
  });
  return agency?.id ?? expect.fail('no agency in the reply');
}

/** A port whose connections go to whichever address the platform has at the time. */
async function forward(target: () => string): Promise<string> {
  const server = createServer((from) => {
    const [host = '', port] = target().split(':');
    const to = connect(Number(port), host);
    from.pipe(to).pipe(from);
    for (const socket of [from, to]) {
      socket.on('error', () => {});
      socket.on('close', () => (socket === from ? to : from).destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clerkOf = (agencyId: string): Caller => ({ agencyId, officerId: 'văn thư', roles: ['clerk'] });

interface Person {
  caller: Caller;
  sessionMs?: number;
  /** By default the one that the platform believes. */
  tokenIssuer?: DevelopmentIssuer;
  refreshToken?: string;
}

async function cookieOf({
  caller,
  sessionMs = 3_600_000,
  tokenIssuer = issuer,
  refreshToken,
}: Person): Promise<string> {
  return sessionCookie(sealer, {
    id: randomUUID(),
    accessToken: await tokenIssuer.issue(caller),
    ...(refreshToken && { refreshToken }),
    expiresAt: Date.now() + sessionMs,
    fullName: 'Nguyễn Văn Mẫu',
  });
}

/** Opens a line and leaves it when the test ends; lines that were left may hold their places for a moment. */
async function open(cookie: string, { lastEventId = '', query = '' } = {}): Promise<EventLine> {
  const line = await vi.waitFor(async () => {
    const opened = await openEventLine(`${web.url}/api/live${query}`, {
      cookie,
      ...(lastEventId !== '' && { 'last-event-id': lastEventId }),
    });
    expect(opened.status).not.toBe(429);
    return opened;
  }, WAIT);
  onTestFinished(() => line.leave());
  return line;
}

async function openReady(cookie: string, more: { lastEventId?: string } = {}): Promise<EventLine> {
  const line = await open(cookie, more);
  await line.first('ready');
  return line;
}

/** Sends a letter; resolves with the document's id. */
async function send(subject: string): Promise<string> {
  const { document } = await sender.routing.issueDocument({
    type: 'KH',
    notation: 'KH-UBND',
    subject,
    signer: { competence: 'TM. UBND', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
    recipients: [{ recipient: { $case: 'agencyId', value: ids.recipient } }],
  });
  return document?.id ?? expect.fail('no document in the reply');
}

const news = (line: EventLine) => line.events.filter(({ event }) => event === 'event');
const documentsIn = (line: EventLine) =>
  news(line).flatMap(({ data }) =>
    data.type === 'lienthong.routing.v1.DeliverySent' ? [data.documentId] : [],
  );

test('a page learns what concerns its agency, and nothing else', async () => {
  const page = await openReady(await cookieOf({ caller: clerkOf(ids.recipient) }));
  const strange = await openReady(await cookieOf({ caller: clerkOf(ids.stranger) }));
  const documentId = await send('Kế hoạch <script>');
  // All agencies get this one, after the letter.
  const later = await establish('H61.9');
  for (const line of [page, strange])
    await vi.waitFor(
      () => expect(news(line).map(({ data }) => data.subject)).toContain(`agency/${later}`),
      WAIT,
    );
  expect(documentsIn(page)).toEqual([documentId]);
  expect(strange.events.some(({ data }) => JSON.stringify(data).includes(documentId))).toBe(false);
  const [sent] = news(page).filter(({ data }) => data.documentId === documentId);
  expect(sent?.data).toMatchObject({ sequence: '1', actor: { agencyId: ids.sender } });
  // What happened is read through the API, by somebody who may.
  expect(JSON.stringify(sent)).not.toContain('script');
});

test('a line that breaks at any event goes on with the next one, without loss or doubling', async () => {
  const cookie = await cookieOf({ caller: clerkOf(ids.recipient) });
  let line = await openReady(cookie);
  const seen: unknown[] = [];
  let lastEventId = line.events[0]?.id;
  const sent: string[] = [];
  const writing = (async () => {
    for (let n = 0; n < 12; n += 1) sent.push(await send(`Kế hoạch ${n}`));
  })();
  while (seen.length < 12) {
    await vi.waitFor(() => expect(documentsIn(line).length).toBeGreaterThan(0), WAIT);
    const [next] = news(line).filter(({ data }) => documentsIn(line)[0] === data.documentId);
    seen.push(next?.data.documentId);
    lastEventId = next?.id;
    line.leave();
    line = await open(cookie, { lastEventId });
  }
  await writing;
  expect(seen).toEqual(sent);
});

test('a page whose cursor the feed does not know is sent to read everything again, and goes on', async () => {
  const cookie = await cookieOf({ caller: clerkOf(ids.recipient) });
  for (const cursor of ['cũ', 'x'.repeat(2_000), 'AAAAAAAAAAAAAAAA']) {
    const line = await open(cookie, { query: `?cursor=${encodeURIComponent(cursor)}` });
    const { id } = await line.first('reload');
    expect(line.events.map(({ event }) => event)).not.toContain('ready');
    const documentId = await send('Sau khi đọc lại');
    await vi.waitFor(() => expect(documentsIn(line)).toEqual([documentId]), WAIT);
    line.leave();
    const again = await openReady(cookie, { lastEventId: id ?? '' });
    await vi.waitFor(() => expect(documentsIn(again)).toEqual([documentId]), WAIT);
  }
});

test('a session that ends says so, and opens no line any more', async () => {
  const cookie = await cookieOf({ caller: clerkOf(ids.recipient), sessionMs: 5_000 });
  const line = await openReady(cookie);
  await line.ended;
  expect(line.events.at(-1)).toEqual({ event: 'signed-out', id: undefined, data: {} });
  const later = await open(cookie);
  expect(later.status).toBe(401);
});

test('a token that the platform does not take any more signs the person out too', async () => {
  const stranger = await developmentIssuer();
  const cookie = await cookieOf({ caller: clerkOf(ids.recipient), tokenIssuer: stranger });
  const line = await open(cookie);
  await line.ended;
  expect(line.events).toEqual([{ event: 'signed-out', id: undefined, data: {} }]);
});

test('a session that can be renewed ends its line in time, without words: the next one renews it', async () => {
  const line = await openReady(
    await cookieOf({ caller: clerkOf(ids.recipient), sessionMs: 65_000, refreshToken: 'r' }),
  );
  await line.ended;
  expect(line.events.map(({ event }) => event)).not.toContain('signed-out');
});

test('who may follow nothing is refused with the reason', async () => {
  const line = await open(
    await cookieOf({ caller: { agencyId: '', officerId: 'kiểm toán', roles: ['auditor'] } }),
  );
  await line.ended;
  expect(line.events).toMatchObject([{ event: 'refused', data: { status: 403, reason: 'ROLE_MISSING' } }]);
});

test('without a session there is no line', async () => {
  for (const headers of [{}, { cookie: 'lienthong=s1.test.AAAA' }]) {
    const response = await fetch(`${web.url}/api/live`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ reason: 'SIGNED_OUT' });
  }
});

test('a session has a few lines at once, and a line that is left makes room', async () => {
  const cookie = await cookieOf({ caller: clerkOf(ids.recipient) });
  const lines = await Promise.all(Array.from({ length: PER_SESSION }, () => openReady(cookie)));
  const refused = await fetch(`${web.url}/api/live`, { headers: { cookie } });
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ reason: 'TOO_MANY_LINES' });
  expect((await fetch(`${web.url}/api/live`, { method: 'HEAD', headers: { cookie } })).status).toBe(405);
  lines[0]?.leave();
  await openReady(cookie);
});

test('200 pages at once all learn of a letter', async () => {
  const cookies = await Promise.all(
    Array.from({ length: PAGES / PER_SESSION }, (_, n) =>
      cookieOf({ caller: { ...clerkOf(ids.recipient), officerId: `văn thư ${n}` } }),
    ),
  );
  const lines = await Promise.all(
    cookies.flatMap((cookie) => Array.from({ length: PER_SESSION }, () => openReady(cookie))),
  );
  const documentId = await send('Gửi tất cả');
  await vi.waitFor(() => {
    for (const line of lines) expect(documentsIn(line)).toEqual([documentId]);
  }, WAIT);
}, 180_000);

test('a page that leaves ends its stream', async () => {
  const caller = { ...clerkOf(ids.recipient), officerId: 'văn thư hay đi' };
  const cookie = await cookieOf({ caller });
  // Far more than one officer may have open: each line that leaves makes room for the next one.
  for (let n = 0; n < 3 * STREAMS_PER_OFFICER; n += 1) {
    const line = await openReady(cookie);
    line.leave();
  }
}, 180_000);

test('a platform that restarts costs a page nothing', async () => {
  const cookie = await cookieOf({ caller: clerkOf(ids.recipient) });
  const line = await openReady(cookie);
  const before = await send('Trước');
  await running.stop();
  running = await startPlatform();
  const after = await send('Sau');
  await vi.waitFor(() => expect(documentsIn(line)).toEqual([before, after]), WAIT);
  expect(line.events.map(({ event }) => event)).not.toContain('reload');
}, 180_000);

test('a console that stops ends its lines, so that pages go to another process', async () => {
  const other = await startConsole({
    listen: '127.0.0.1:0',
    tls: LOOPBACK_ONLY,
    platform: { address: running.address },
    provider: { issuer: 'http://127.0.0.1:1', clientId: 'lienthong-console', scope: 'openid' },
    sealer,
    connections: { CONNECTIONS: 1_000, CONNECTIONS_PER_ADDRESS: 1_000, TRUSTED_PROXIES: [] },
    log: createLog('test', 'silent'),
  });
  const cookie = await cookieOf({ caller: clerkOf(ids.recipient) });
  const line = await openEventLine(`${other.url}/api/live`, { cookie });
  const { id = '' } = await line.first('ready');
  await Promise.all([other.stop(), line.ended]);
  const documentId = await send('Ở tiến trình khác');
  const moved = await open(cookie, { lastEventId: id });
  await vi.waitFor(() => expect(documentsIn(moved)).toEqual([documentId]), WAIT);
});
