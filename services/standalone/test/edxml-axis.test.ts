import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { type DocumentPackage, type EdxmlPackage, readPackage, writePackage } from '@lienthong/edxml';
import { type EdxmlGateway, startEdxmlGateway } from '@lienthong/edxml-gateway';
import { readSystems } from '@lienthong/edxml-gateway/config';
import { type Caller, createLog, LOOPBACK_ONLY } from '@lienthong/kit';
import {
  type AxisEntry,
  type DocumentAxis,
  documentAxis,
  type Fault,
  freePort,
  type RunningServices,
  randomFrom,
  runTestServices,
  testStack,
} from '@lienthong/testkit';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { services } from '../src/services.ts';
import { DEPARTMENT, organization, PROVINCE, plan, status } from './support/edxml.ts';

const log = createLog('edxml-axis-test', process.env.TEST_LOG_LEVEL ?? 'silent');
const folder = mkdtempSync(join(tmpdir(), 'lienthong-edxml-axis-'));
const systemsFile = join(folder, 'systems.json');
const CODES = [PROVINCE, DEPARTMENT];
const PUSH_SECRET = randomUUID();
const BOUND = { timeout: 60_000, interval: 20 };

let running: RunningServices;
let gateway: EdxmlGateway;
let stopStack: () => Promise<unknown>;
let pushListen: string;
const axes = new Map<string, DocumentAxis>();
const agencies = new Map<string, string>();
const clients: AgencyClient[] = [];

const axisOf = (code: string): DocumentAxis => axes.get(code) as DocumentAxis;

const systemOf = (code: string): Caller => ({
  agencyId: agencies.get(code) ?? '',
  officerId: 'hệ thống',
  roles: ['system'],
});

function connect(caller: Caller): AgencyClient {
  const client = connectAgency({ address: running.address, token: () => running.issuer.issue(caller) });
  clients.push(client);
  return client;
}

const start = (): Promise<EdxmlGateway> =>
  startEdxmlGateway({
    systems: readSystems(systemsFile),
    platform: { address: running.address },
    checkMs: 60_000,
    push: { listen: pushListen, tls: LOOPBACK_ONLY },
    log,
  });

beforeAll(async () => {
  const stack = await testStack();
  stopStack = () => stack.close();
  await createSigningKey(join(folder, 'signing-key'), 'lienthong.test/audit');
  running = await runTestServices(services, stack, {
    env: {
      LIENTHONG_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
      AUDIT_SIGNING_KEY: join(folder, 'signing-key'),
    },
  });
  const admin = connect({ agencyId: '', officerId: 'administrator', roles: ['admin'] });
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const systems = [];
  for (const code of CODES) {
    const { agency } = await admin.directory.establishAgency({
      part: { name: `Cơ quan ${code}`, kind: '', tier: 3, codes: [{ scheme: 'QD20', code }] },
      effectiveOn: '2016-01-01',
      legalBasis: 'QĐ 20',
    });
    agencies.set(code, agency?.id ?? '');
    const axis = await documentAxis();
    axes.set(code, axis);
    systems.push({
      name: code.toLowerCase(),
      agencyId: agency?.id,
      folder: join(folder, code),
      tokenFile: file(`${code}.token`, await running.issuer.issue(systemOf(code))),
      axis: {
        url: axis.url,
        tokenFile: file(`${code}.axis-token`, axis.token),
        pushTokenFile: file('push-token', PUSH_SECRET),
        checkSeconds: 0.1,
        timeoutSeconds: 4,
      },
    });
  }
  file('systems.json', JSON.stringify(systems));
  pushListen = `127.0.0.1:${await freePort()}`;
  gateway = await start();
});
beforeEach(() => {
  for (const axis of axes.values()) {
    axis.fault = () => undefined;
    axis.arrange = (entries) => entries;
  }
});
afterAll(async () => {
  await gateway?.stop();
  for (const axis of axes.values()) await axis.goDown();
  for (const client of clients) client.close();
  await running?.stop();
  await stopStack?.();
  rmSync(folder, { recursive: true });
});

const offer = (code: string, edxml: EdxmlPackage, more: Partial<AxisEntry> = {}): AxisEntry =>
  axisOf(code).offer(writePackage(edxml), more);

/** What the gateway answered to a package. */
const answered = (entry: AxisEntry) =>
  vi.waitFor(() => {
    expect(entry.acknowledgements).not.toEqual([]);
    return entry.acknowledgements[0] as Record<string, unknown>;
  }, BOUND);

function sentTo(code: string): EdxmlPackage[] {
  return axisOf(code).sent.map(({ bytes }) => {
    const read = readPackage(bytes);
    if (!read.ok) throw new Error(JSON.stringify(read.violations));
    return read.package;
  });
}
const sentDocuments = (code: string, ids: readonly string[]): string[] =>
  sentTo(code).flatMap((one) =>
    one.kind === 'document' && ids.includes(one.documentId) ? one.documentId : [],
  );
const sentStatuses = (code: string, documentId: string): number[] =>
  sentTo(code).flatMap((one) =>
    one.kind === 'status' && one.responseFor.documentId === documentId ? one.statusCode : [],
  );
const arrived = (code: string, ids: readonly string[]) =>
  vi.waitFor(() => expect(sentDocuments(code, ids).toSorted()).toEqual([...ids].toSorted()), BOUND);

const numbersIssued = async (documents: readonly DocumentPackage[]): Promise<string[]> => {
  const numbers = documents.map(({ code }) => code.codeNumber);
  const issued = await Array.fromAsync(connect(systemOf(PROVINCE)).outbox({}));
  return issued.flatMap(({ document }) =>
    document && numbers.includes(document.number) ? document.number : [],
  );
};
/** The platform has each of them once, and the department's axis too. */
async function expectOnce(documents: readonly DocumentPackage[]): Promise<void> {
  await arrived(
    DEPARTMENT,
    documents.map(({ documentId }) => documentId),
  );
  expect((await numbersIssued(documents)).toSorted()).toEqual(
    documents.map(({ code }) => code.codeNumber).toSorted(),
  );
}

test('a package goes from axis to axis with every field, is acknowledged, and its statuses come back', async () => {
  const sent = plan();
  expect(await answered(offer(PROVINCE, sent))).toMatchObject({
    status: 'done',
    accepted: true,
    repeated: false,
    leniencies: [],
  });
  await arrived(DEPARTMENT, [sent.documentId]);
  expect(sentTo(DEPARTMENT)).toContainEqual(sent);
  await vi.waitFor(() => expect(sentStatuses(PROVINCE, sent.documentId)).toEqual([1]), BOUND);
  const done = offer(DEPARTMENT, status(6, sent.documentId, '2026-01-10T09:00:00'));
  expect(await answered(done)).toMatchObject({ status: 'done', leniencies: [{ reason: 'STATUS_SKIPPED' }] });
  // In the order in which they were reported.
  await vi.waitFor(() => expect(sentStatuses(PROVINCE, sent.documentId)).toEqual([1, 3, 6]), BOUND);
  expect(axisOf(DEPARTMENT).sent.map(({ messageType }) => messageType)).toContain('edoc');
  expect(axisOf(PROVINCE).sent.map(({ messageType }) => messageType)).toContain('status');
});

test('packages that the axis lists twice, offers twice and in another order count once', async () => {
  const documents = Array.from({ length: 8 }, () => plan());
  axisOf(PROVINCE).arrange = (entries) => [...entries, ...entries].reverse();
  const entries = [...documents, ...documents].map((one) => offer(PROVINCE, one));
  const answers = await Promise.all(entries.map(answered));
  expect(answers.every(({ status }) => status === 'done')).toBe(true);
  expect(new Set(answers.map(({ documentId }) => documentId)).size).toBe(documents.length);
  await expectOnce(documents);
});

test('a recall that comes before its document waits for it, and after an hour it is refused', async () => {
  const sent = plan();
  const recall = {
    ...status(13, sent.documentId, '2026-01-10'),
    from: organization(PROVINCE),
    description: 'gửi nhầm',
  };
  const early = offer(PROVINCE, recall);
  const lost = offer(
    PROVINCE,
    { ...recall, responseFor: { ...recall.responseFor, documentId: 'mất' } },
    {
      sentAt: new Date(Date.now() - 2 * 3_600_000),
    },
  );
  expect(await answered(lost)).toMatchObject({ status: 'fail', reason: 'DOCUMENT_UNKNOWN' });
  expect(early.acknowledgements).toEqual([]);
  offer(PROVINCE, sent);
  expect(await answered(early)).toMatchObject({ status: 'done' });
});

const LIST = /^\/edocs\/received$/;
const PACKAGE = /^\/edocs\/(?!received)[^/]+$/;
const FAULTS: readonly (readonly [path: RegExp, Fault])[] = [
  [LIST, { status: 200, body: '{"edocs":7}' }],
  [LIST, { status: 200, body: '<html>', type: 'text/html' }],
  [LIST, { status: 429, headers: { 'retry-after': '1' } }],
  [LIST, 'silent'],
  // A page of a proxy, and half a package, are not refused in place of the package.
  [PACKAGE, { status: 200, body: '<html>', type: 'text/html' }],
  [PACKAGE, { status: 200, body: '<edXML', type: 'application/xml' }],
  [PACKAGE, { status: 404 }],
  [/\/status$/, 'cut after'],
  [/\/status$/, { status: 500, body: 'oops', type: 'text/plain' }],
  [/^\/edocs$/, 'cut after'],
  [/^\/edocs$/, { status: 422, body: 'no reason', type: 'text/plain' }],
];

test('an axis that fails in every way gets and gives each package once', async () => {
  const documents = Array.from({ length: 4 }, () => plan());
  const left = [...FAULTS];
  for (const axis of axes.values())
    axis.fault = ({ path }) => {
      const at = left.findIndex(([hit]) => hit.test(path));
      return at < 0 ? undefined : left.splice(at, 1)[0]?.[1];
    };
  for (const one of documents) offer(PROVINCE, one);
  await expectOnce(documents);
  for (const { documentId } of documents)
    await vi.waitFor(() => expect(sentStatuses(PROVINCE, documentId)).toEqual([1]), BOUND);
  expect(left).toEqual([]);
});

test('an axis that is down loses nothing in either direction, and packages of a document keep their order', async () => {
  await axisOf(DEPARTMENT).goDown();
  const documents = Array.from({ length: 70 }, () => plan());
  const entries = documents.map((one) => offer(PROVINCE, one));
  for (const answer of await Promise.all(entries.map(answered)))
    expect(answer).toMatchObject({ status: 'done' });
  const recalled = documents[0] as DocumentPackage;
  const recall = offer(PROVINCE, {
    ...status(13, recalled.documentId, '2026-01-10'),
    from: organization(PROVINCE),
    description: 'gửi nhầm',
  });
  expect(await answered(recall)).toMatchObject({ status: 'done' });
  const waiting = offer(DEPARTMENT, status(3, (documents[1] as DocumentPackage).documentId, '2026-01-10'));
  // More wait than the gateway takes at once, and it stops all the same; the next one goes on where it was.
  await gateway.stop();
  gateway = await start();
  await axisOf(DEPARTMENT).comeUp();
  await expectOnce(documents.slice(1));
  expect(await answered(waiting)).toMatchObject({ status: 'done' });
}, 240_000);

test('a package that the axis refuses is set aside with the reason, and holds up no other', async () => {
  const refused = plan();
  axisOf(DEPARTMENT).fault = ({ path }) =>
    path === '/edocs' ? { status: 422, body: '{"reason":"TOO_OLD","message":"gói tin quá cũ"}' } : undefined;
  offer(PROVINCE, refused);
  const failed = join(folder, DEPARTMENT, 'failed');
  const answer = await vi.waitFor(async () => {
    const name = (await readdir(failed)).find((one) => one.endsWith('.json'));
    return JSON.parse(readFileSync(join(failed, name ?? ''), 'utf8'));
  }, BOUND);
  expect(answer).toEqual({ reason: 'TOO_OLD', message: 'gói tin quá cũ' });
  axisOf(DEPARTMENT).fault = () => undefined;
  const next = plan();
  offer(PROVINCE, next);
  await expectOnce([next]);
});

/** The status of the reply to a package of this length whose bytes are not sent. */
async function pushUnread(length: number): Promise<number | undefined> {
  const sent = request(`http://${pushListen}/edxml/${PROVINCE.toLowerCase()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PUSH_SECRET}`, 'content-length': length },
    timeout: 20_000,
  });
  sent.flushHeaders();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  sent.on('error', () => {}).destroy();
  return response.statusCode;
}

test('packages are pushed with the secret, and the reply is the answer', async () => {
  const push = (body: Buffer, more: { token?: string; path?: string } = {}) =>
    fetch(`http://${pushListen}${more.path ?? `/edxml/${PROVINCE.toLowerCase()}`}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${more.token ?? PUSH_SECRET}` },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(20_000),
    });
  const sent = plan();
  const bytes = writePackage(sent);
  expect((await push(bytes, { token: 'khác' })).status).toBe(401);
  expect((await push(bytes, { path: '/edxml/khac' })).status).toBe(404);
  expect(await pushUnread(64 * 1024 * 1024 + 1)).toBe(413);
  const early = await push(
    writePackage({ ...status(13, sent.documentId, '2026-01-10'), from: organization(PROVINCE) }),
  );
  expect([early.status, await early.json()]).toMatchObject([409, { reason: 'DOCUMENT_UNKNOWN' }]);
  const broken = await push(Buffer.from('<edXML'));
  expect([broken.status, await broken.json()]).toMatchObject([422, { reason: 'PACKAGE_INVALID' }]);

  const replies = await Promise.all([push(bytes), push(bytes), push(bytes)]);
  const answers = (await Promise.all(replies.map((one) => one.json()))) as { repeated: boolean }[];
  expect(replies.map(({ status: code }) => code)).toEqual([200, 200, 200]);
  expect(answers.map(({ repeated }) => repeated).toSorted()).toEqual([false, true, true]);
  await expectOnce([sent]);
});

// KILL_SEED repeats a run; EDXML_KILLS lets it be killed more often.
const KILL_SEED = Number(process.env.KILL_SEED ?? Date.now() % 2 ** 31);
const KILLS = Number(process.env.EDXML_KILLS ?? 1);

test(`a gateway that is killed between an axis and another loses and doubles no package (KILL_SEED=${KILL_SEED})`, async () => {
  await gateway.stop();
  const random = randomFrom(KILL_SEED);
  const startChild = () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../edxml-gateway/src/main.ts')], {
      env: {
        ...process.env,
        EDXML_SYSTEMS: systemsFile,
        PLATFORM_ADDRESS: running.address,
        PLATFORM_TLS: 'false',
        METRICS_LISTEN: 'off',
        LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = once(child, 'exit');
    return async () => {
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
    };
  };
  const documents = Array.from({ length: 20 * KILLS + 5 }, () => plan());
  const entries = documents.map((one) => offer(PROVINCE, one));
  const taken = () => entries.filter(({ acknowledgements }) => acknowledgements.length > 0).length;
  let kill = startChild();
  try {
    for (let killed = 0; killed < KILLS; killed += 1) {
      await vi.waitFor(() => expect(taken()).toBeGreaterThan(20 * killed), BOUND);
      await wait(random.below(200));
      await kill();
      kill = startChild();
    }
    for (const entry of entries) expect(await answered(entry)).toMatchObject({ status: 'done' });
    await expectOnce(documents);
  } finally {
    await kill();
    gateway = await start();
  }
}, 240_000);
