import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { DeliveryStatus } from '@lienthong/contracts/routing';
import {
  type DocumentPackage,
  type EdxmlPackage,
  readPackage,
  type StatusPackage,
  writePackage,
} from '@lienthong/edxml';
import { type EdxmlGateway, startEdxmlGateway } from '@lienthong/edxml-gateway';
import { type Caller, createLog } from '@lienthong/kit';
import { keySigner, readTrust, signXml, verifyXml } from '@lienthong/signatures';
import {
  type RunningServices,
  randomFrom,
  runTestServices,
  signingAuthority,
  testStack,
} from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { services } from '../src/services.ts';
import { DEPARTMENT, organization, PROVINCE, plan, status } from './support/edxml.ts';

const log = createLog('edxml-test', process.env.TEST_LOG_LEVEL ?? 'silent');
const folder = mkdtempSync(join(tmpdir(), 'lienthong-edxml-'));

let running: RunningServices;
let gateway: EdxmlGateway;
let stopStack: () => Promise<unknown>;
const agencies = new Map<string, string>();
const clients: AgencyClient[] = [];

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

async function start(
  more: Partial<Parameters<typeof startEdxmlGateway>[0]['systems'][0]> = {},
): Promise<EdxmlGateway> {
  const systems = [PROVINCE, DEPARTMENT].map((code) => ({
    name: code.toLowerCase(),
    agencyId: agencies.get(code) ?? '',
    folder: join(folder, code),
    tokenFile: join(folder, `${code}.token`),
    signatureRequired: false,
    ...more,
  }));
  return startEdxmlGateway({ systems, platform: { address: running.address }, checkMs: 60_000, log });
}

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
  for (const code of [PROVINCE, DEPARTMENT]) {
    const { agency } = await admin.directory.establishAgency({
      part: { name: `Cơ quan ${code}`, kind: '', tier: 3, codes: [{ scheme: 'QD20', code }] },
      effectiveOn: '2016-01-01',
      legalBasis: 'QĐ 20',
    });
    agencies.set(code, agency?.id ?? '');
    writeFileSync(join(folder, `${code}.token`), await running.issuer.issue(systemOf(code)));
  }
  gateway = await start();
});
afterAll(async () => {
  await gateway?.stop();
  for (const client of clients) client.close();
  await running?.stop();
  await stopStack?.();
  rmSync(folder, { recursive: true });
});

/** Puts a package into the folder of a system, as its writer should, and gives the answer. */
async function drop(code: string, content: EdxmlPackage | Buffer, name = `${randomUUID()}.edxml`) {
  const bytes = Buffer.isBuffer(content) ? content : writePackage(content);
  writeFileSync(join(folder, code, `in/.${name}`), bytes);
  renameSync(join(folder, code, `in/.${name}`), join(folder, code, 'in', name));
  await gateway.takeDue();
  return answerTo(code, name);
}

async function answerTo(code: string, name: string) {
  for (const where of ['done', 'failed'])
    if ((await readdir(join(folder, code, where))).includes(name))
      return JSON.parse(readFileSync(join(folder, code, where, `${name}.json`), 'utf8'));
  throw new Error(`${name} has no answer`);
}

/** Takes the next packages out of the folder, as a system does, until one fits. */
async function received<T extends EdxmlPackage>(
  code: string,
  fits: (edxml: EdxmlPackage) => boolean,
): Promise<T> {
  return (await receivedBytes(code, fits)).edxml as T;
}
const receivedBytes = (code: string, fits: (edxml: EdxmlPackage) => boolean) =>
  vi.waitFor(
    async () => {
      for (const name of await readdir(join(folder, code, 'out'))) {
        const file = join(folder, code, 'out', name);
        const bytes = readFileSync(file);
        const read = readPackage(bytes);
        if (!read.ok) throw new Error(JSON.stringify(read.violations));
        if (!fits(read.package)) continue;
        rmSync(file);
        return { edxml: read.package, bytes };
      }
      throw new Error('nothing came');
    },
    { timeout: 20_000 },
  );
const isDocument = (id: string) => (one: EdxmlPackage) => one.kind === 'document' && one.documentId === id;
const isStatus = (code: number, id: string) => (one: EdxmlPackage) =>
  one.kind === 'status' && one.statusCode === code && one.responseFor.documentId === id;

test('a package goes from system to system with every field, and its statuses come back', async () => {
  const sent = plan();
  const answer = await drop(PROVINCE, sent);
  expect(answer).toMatchObject({ accepted: true, repeated: false, leniencies: [] });
  const arrived = await received<DocumentPackage>(DEPARTMENT, isDocument(sent.documentId));
  expect(arrived).toEqual(sent);
  expect(await received<StatusPackage>(PROVINCE, isStatus(1, sent.documentId))).toMatchObject({
    from: { organId: DEPARTMENT },
    responseFor: { organId: PROVINCE, documentId: sent.documentId },
  });

  const done = await drop(DEPARTMENT, status(6, sent.documentId, '2026-01-10T09:00:00'));
  expect(done).toMatchObject({ accepted: true, leniencies: [{ reason: 'STATUS_SKIPPED' }] });
  expect(await received<StatusPackage>(PROVINCE, isStatus(6, sent.documentId))).toMatchObject({
    timestamp: '2026-01-10T09:00:00',
    description: 'đã xử lý',
  });
  const late = await drop(DEPARTMENT, status(5, sent.documentId, '2026-01-09T09:00:00'));
  expect(late).toMatchObject({ accepted: true, leniencies: [{ reason: 'STATUS_LATE' }] });
  expect(await received<StatusPackage>(PROVINCE, isStatus(5, sent.documentId))).toMatchObject({
    timestamp: '2026-01-09T09:00:00',
  });

  const reply = plan({
    from: organization(DEPARTMENT),
    to: [organization(PROVINCE)],
    documentId: randomUUID(),
    code: { codeNumber: '7', codeNotation: 'BC-SKHDT' },
    typeName: 'Báo cáo',
    promulgationDate: '2026-01-10',
    responseFor: [status(1, sent.documentId, '').responseFor],
  });
  const { documentId } = await drop(DEPARTMENT, reply);
  const { document } = await connect(systemOf(PROVINCE)).routing.getDocument({ documentId });
  expect(document).toMatchObject({ respondsToId: answer.documentId, type: 'BC' });
});

test('the same package again is the same document; other bytes under its id are refused with both digests', async () => {
  const sent = plan();
  const first = await drop(PROVINCE, sent);
  const again = await drop(PROVINCE, sent);
  expect(again).toMatchObject({ accepted: true, repeated: true, documentId: first.documentId });
  const other = await drop(PROVINCE, { ...sent, subject: 'Khác' });
  expect(other).toMatchObject({
    accepted: false,
    reason: 'DOCUMENT_ID_REUSED',
    violations: [{ path: expect.stringMatching(/MessageHeader\/DocumentId$/) }],
  });
  expect(other.message).toContain(first.sha256);
  expect(other.message).toContain(other.sha256);
});

test('what a killed gateway had claimed is taken by the next one, once', async () => {
  await gateway.stop();
  const sent = plan();
  // Claimed; and issued, but without the answer.
  writeFileSync(join(folder, PROVINCE, 'work/claimed.edxml'), writePackage(sent));
  gateway = await start();
  await gateway.takeDue();
  const first = await answerTo(PROVINCE, 'claimed.edxml');
  renameSync(join(folder, PROVINCE, 'done/claimed.edxml'), join(folder, PROVINCE, 'work/claimed.edxml'));
  rmSync(join(folder, PROVINCE, 'done/claimed.edxml.json'));
  await gateway.takeDue();
  expect(await answerTo(PROVINCE, 'claimed.edxml')).toMatchObject({
    repeated: true,
    documentId: first.documentId,
  });
  await received(DEPARTMENT, isDocument(sent.documentId));
});

test('a package that was not handed out when the gateway was killed is handed out once', async () => {
  const sent = plan();
  await drop(PROVINCE, sent);
  await received(DEPARTMENT, isDocument(sent.documentId));
  await gateway.stop();
  // Killed between keeping the place and the rename; and between writing another package and keeping the place.
  const state = join(folder, DEPARTMENT, 'state');
  const place = JSON.parse(readFileSync(join(state, 'cursor.json'), 'utf8'));
  const kept = { id: 'kept', kind: 'document', document: '', deliveryId: '' };
  // The sender has taken its document back meanwhile.
  const withdrawn = { ...kept, id: 'withdrawn', deliveryId: randomUUID() };
  writeFileSync(join(state, 'kept.edxml'), writePackage(sent));
  writeFileSync(join(state, 'withdrawn.edxml'), writePackage(sent));
  writeFileSync(join(state, 'cursor.json'), JSON.stringify({ ...place, kept: [kept, withdrawn] }));
  writeFileSync(join(state, 'other.edxml'), writePackage(sent));
  gateway = await start();
  await received(DEPARTMENT, isDocument(sent.documentId));
  const next = plan();
  await drop(PROVINCE, next);
  await received(DEPARTMENT, isDocument(next.documentId));
  expect(
    (await readdir(join(folder, DEPARTMENT, 'out'))).filter((name) => /other|kept|withdrawn/.test(name)),
  ).toEqual([]);
  expect((await readdir(state)).filter((name) => !name.endsWith('.part'))).toEqual(['cursor.json']);
});

test.each<[string, () => EdxmlPackage | Buffer, string, RegExp]>([
  ['broken XML', () => Buffer.from('<edXML'), 'XML_MALFORMED', /^$|edXML/],
  ['another sender', () => plan({ from: organization(DEPARTMENT) }), 'SENDER_DIFFERENT', /From\/OrganId$/],
  [
    'an unknown recipient',
    () => plan({ to: [organization('H61.KHONG')] }),
    'CODE_UNKNOWN',
    /To\[1\]\/OrganId$/,
  ],
  [
    'a date in the future',
    () => plan({ promulgationDate: '2199-01-01' }),
    'DATE_IN_FUTURE',
    /PromulgationDate$/,
  ],
  [
    'a revocation of nothing',
    () =>
      plan({
        business: {
          documentId: 'khong-co',
          docType: 1,
          docReason: 'nhầm',
          paper: undefined,
          documentInfo: '',
          documentReceiver: '',
          receivers: [],
          replacements: [],
          staffInfo: undefined,
        },
      }),
    'FIELD_REQUIRED',
    /Bussiness\/DocumentId$/,
  ],
  [
    'a status of an unknown document',
    () => status(3, 'khong-co', '2026-01-10'),
    'DOCUMENT_UNKNOWN',
    /ResponseFor\/DocumentId$/,
  ],
])('%s is answered with the place, and nothing is issued', async (_, make, reason, path) => {
  const client = connect(systemOf(PROVINCE));
  const before = (await Array.fromAsync(client.outbox({}))).length;
  const answer = await drop(PROVINCE, make());
  expect(answer).toMatchObject({ accepted: false });
  expect(answer.violations).toContainEqual(
    expect.objectContaining({ reason, path: expect.stringMatching(path), description: expect.any(String) }),
  );
  expect(await Array.fromAsync(client.outbox({}))).toHaveLength(before);
});

test('a recall that a system requests reaches the other one as 13, and its 15 comes back', async () => {
  const sent = plan();
  await drop(PROVINCE, sent);
  await received(DEPARTMENT, isDocument(sent.documentId));
  await received(PROVINCE, isStatus(DeliveryStatus.ARRIVED, sent.documentId));
  const recall = {
    ...status(13, sent.documentId, '2026-01-10'),
    from: organization(PROVINCE),
    description: 'gửi nhầm',
  };
  expect(await drop(PROVINCE, recall)).toMatchObject({ accepted: true });
  expect(await received(DEPARTMENT, isStatus(13, sent.documentId))).toMatchObject({
    description: 'gửi nhầm',
  });
  expect(await drop(DEPARTMENT, status(15, sent.documentId, '2026-01-10'))).toMatchObject({ accepted: true });
  await received(PROVINCE, isStatus(15, sent.documentId));
});

test('packages are signed by the key of a system, and their signatures checked by its authorities', async () => {
  const authority = signingAuthority();
  const { certificate, key } = authority.issue({ CN: 'Trục liên thông văn bản' });
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const settings = {
    signingKeyFile: file('envelopes.key', key),
    signingCertificateFile: file('envelopes.pem', certificate),
    authoritiesFile: file('authorities.pem', authority.certificate),
  };
  const signed = async (edxml: EdxmlPackage) =>
    Buffer.from(
      await signXml(
        writePackage(edxml).toString(),
        keySigner({ key, certificates: certificate }),
        `//*[local-name()='edXMLHeader']`,
      ),
    );
  const valid = { valid: true, signer: expect.stringContaining('Trục liên thông văn bản') };
  const restart = async (more: typeof settings & { signatureRequired?: boolean }) => {
    await gateway.stop();
    gateway = await start(more);
  };
  try {
    await restart(settings);
    const sent = plan();
    expect(await drop(PROVINCE, await signed(sent))).toMatchObject({ accepted: true, signature: valid });
    const { edxml, bytes } = await receivedBytes(DEPARTMENT, isDocument(sent.documentId));
    expect(edxml).toMatchObject({ subject: sent.subject, signed: true });
    const trust = readTrust({ authorities: authority.certificate });
    expect(await verifyXml(bytes, { trust, at: new Date() })).toMatchObject({ valid: true });

    // One that was changed on its way is taken as one without a signature, which stays with the document.
    const other = plan();
    const changed = Buffer.from((await signed(other)).toString().replace('cải cách', 'thay đổi'));
    const answer = await drop(PROVINCE, changed);
    expect(answer).toMatchObject({
      accepted: true,
      signature: { valid: false, fault: 'CONTENT_CHANGED' },
      leniencies: [expect.objectContaining({ reason: 'SIGNATURE_INVALID' })],
    });
    const { document } = await connect(systemOf(PROVINCE)).routing.getDocument({
      documentId: answer.documentId,
    });
    expect(document?.exchange?.leniencies).toEqual(answer.leniencies);

    await restart({ ...settings, signatureRequired: true });
    const done = status(6, sent.documentId, '2026-01-10T09:00:00');
    expect(await drop(DEPARTMENT, done)).toMatchObject({ accepted: false, reason: 'SIGNATURE_MISSING' });
    const forged = Buffer.from((await signed(done)).toString().replace('đã xử lý', 'đã xong'));
    expect(await drop(DEPARTMENT, forged)).toMatchObject({ accepted: false, reason: 'SIGNATURE_INVALID' });
    expect(await drop(DEPARTMENT, await signed(done))).toMatchObject({ accepted: true, signature: valid });
    await received(PROVINCE, isStatus(6, sent.documentId));
  } finally {
    await gateway.stop();
    gateway = await start();
  }
});

// KILL_SEED repeats a run; EDXML_KILLS lets it be killed more often.
const KILL_SEED = Number(process.env.KILL_SEED ?? Date.now() % 2 ** 31);
const KILLS = Number(process.env.EDXML_KILLS ?? 1);

test(`a gateway that is killed among packages takes and hands out each package once (KILL_SEED=${KILL_SEED})`, async () => {
  await gateway.stop();
  const random = randomFrom(KILL_SEED);
  const systems = join(folder, 'systems.json');
  writeFileSync(
    systems,
    JSON.stringify(
      [PROVINCE, DEPARTMENT].map((code) => ({
        name: code.toLowerCase(),
        agencyId: agencies.get(code),
        folder: join(folder, code),
        tokenFile: join(folder, `${code}.token`),
      })),
    ),
  );
  const startChild = () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../edxml-gateway/src/main.ts')], {
      env: {
        ...process.env,
        EDXML_SYSTEMS: systems,
        EDXML_CHECK_MS: '50',
        PLATFORM_ADDRESS: running.address,
        PLATFORM_TLS: 'false',
        METRICS_LISTEN: 'off',
        LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = once(child, 'exit');
    const kill = async () => {
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
    };
    return { kill };
  };
  const documents = Array.from({ length: 6 * KILLS + 4 }, () => plan());
  const names = documents.map((_, n) => `kill-${String(n).padStart(2, '0')}.edxml`);
  documents.forEach((one, n) => {
    writeFileSync(join(folder, PROVINCE, 'in', `.${names[n]}`), writePackage(one));
    renameSync(join(folder, PROVINCE, 'in', `.${names[n]}`), join(folder, PROVINCE, 'in', names[n] ?? ''));
  });
  const doneOf = async () => {
    const there = new Set(await readdir(join(folder, PROVINCE, 'done')));
    return names.filter((name) => there.has(name)).length;
  };
  let child = startChild();
  try {
    for (let killed = 0; killed < KILLS; killed += 1) {
      await vi.waitFor(async () => expect(await doneOf()).toBeGreaterThan(6 * killed), {
        timeout: 30_000,
        interval: 5,
      });
      await wait(random.below(30));
      await child.kill();
      child = startChild();
    }
    await vi.waitFor(async () => expect(await doneOf()).toBe(names.length), {
      timeout: 60_000,
      interval: 50,
    });
    const sent = documents.map(({ documentId }) => documentId);
    const ids = () =>
      readdir(join(folder, DEPARTMENT, 'out')).then((files) =>
        files.flatMap((file) => {
          const read = readPackage(readFileSync(join(folder, DEPARTMENT, 'out', file)));
          if (!read.ok || read.package.kind !== 'document') return [];
          // Packages of other tests are there too.
          return sent.includes(read.package.documentId) ? read.package.documentId : [];
        }),
      );
    await vi.waitFor(async () => expect((await ids()).toSorted()).toEqual(sent.toSorted()), {
      timeout: 60_000,
      interval: 100,
    });
    for (const name of names) expect(await answerTo(PROVINCE, name)).toMatchObject({ accepted: true });
    const issued = await Array.fromAsync(connect(systemOf(PROVINCE)).outbox({}));
    const numbersOf = documents.map(({ code }) => code.codeNumber);
    for (const number of numbersOf)
      expect(issued.filter(({ document }) => document?.number === number)).toHaveLength(1);
    expect(await readdir(join(folder, PROVINCE, 'work'))).toEqual([]);
  } finally {
    await child.kill();
    gateway = await start();
  }
}, 240_000);
