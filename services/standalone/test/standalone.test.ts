import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgencyClient, certificateProof, connectAgency, type LienThongError } from '@lienthong/client';
import { LodgeDossierRequest } from '@lienthong/contracts/casework';
import { IssueDocumentRequest } from '@lienthong/contracts/routing';
import { discoveredKeys, tokenVerifier, trust, vietnamDate } from '@lienthong/kit';
import { type MailServer, openMailServer } from '@lienthong/test-mail-server';
import { certificate } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { browser, hidden } from './support/browser.ts';
import { runToken, tokenAsPrinted } from './support/tokens.ts';

const root = join(import.meta.dirname, '../../..');
const source = join(import.meta.dirname, '../src');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

let dataDir: string;
let mail: MailServer;
const children: ChildProcess[] = [];
let platform: Awaited<ReturnType<typeof start>>;

/** The authority that `npm start` says clients trust. */
const caFile = () => join(dataDir, 'tls/ca.pem');

/** `npm start` without npm in between. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [join(source, 'main.ts'), ...args], {
    env: {
      ...process.env,
      LIENTHONG_DATA: dataDir,
      LISTEN: '127.0.0.1:0',
      POSTGRES_PORT: '0',
      NATS_PORT: '0',
      METRICS_LISTEN: 'off',
      ISSUER_LISTEN: '127.0.0.1:0',
      TRACES_LISTEN: 'off',
      REST_LISTEN: '127.0.0.1:0',
      CONSOLE_LISTEN: '127.0.0.1:0',
      SANDBOX_LISTEN: '127.0.0.1:0',
      SMTP_URL: mail.url,
      SMTP_STARTTLS: 'never',
      MAIL_FROM: 'Liên Thông <thongbao@vinhlong.example>',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('Stop with Ctrl-C')) break;
  }
  const found = (pattern: RegExp) =>
    pattern.exec(output)?.[1] ?? expect.fail(`${pattern} not in:\n${output}`);
  const address = found(/gRPC\s+(\S+)/);
  const tokenOf = (name: string) => tokenAsPrinted(output, dataDir, name);
  return {
    child,
    output,
    address,
    /** How clients connect. */
    line: { address, tls: { ca: readFileSync(caFile()) } },
    issuer: found(/issuer\s+(\S+)/),
    console: found(/console\s+(\S+)/),
    clerk: tokenOf('CLERK'),
    admin: tokenOf('ADMIN'),
    oneStop: tokenOf('ONE_STOP'),
  };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code;
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lienthong-standalone-'));
  // As root PostgreSQL runs as another user, who must be able to pass.
  chmodSync(dataDir, 0o711);
  mail = await openMailServer();
  platform = await start();
});
afterAll(async () => {
  await Promise.all(children.map((child) => stop(child, 'SIGTERM')));
  await mail.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What the example of a page prints, run as it is written. */
function runExample(page: string, token: string): string {
  const [, example] = /```ts example\n([\s\S]*?)```/.exec(page) ?? expect.fail('no example');
  const file = join(import.meta.dirname, `example-${process.pid}.ts`);
  writeFileSync(file, example as string);
  try {
    const run = spawnSync(process.execPath, [file], {
      env: { ...process.env, LIENTHONG: platform.address, LIENTHONG_CA: caFile(), TOKEN: token },
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    return run.stdout;
  } finally {
    rmSync(file);
  }
}

test('the client example of the README runs as written', () => {
  const printed = runExample(readme, platform.clerk);
  expect(printed).toMatch(/^issued 01\/UBND-VP to 2 agencies$/m);
  expect(printed).toMatch(/^arrived: V\/v công khai thủ tục hành chính$/m);
  expect(printed).toMatch(/^refused: subject /m);
  expect(printed).toMatch(/^refused: recipients /m);
});

const tokenAt = (agency: string, roles: string, ...more: string[]) =>
  runToken(dataDir, platform.address, '--agency', agency, '--roles', roles, ...more).stdout.trim();
const leader = () => tokenAt('H61.29551', 'leader');

/** The guides in the order of their story: what one sends, the next receives. */
const GUIDES: { page: string; token: () => string; prints: unknown[] }[] = [
  {
    page: 'send-documents.md',
    token: () => platform.clerk,
    prints: ['issued once: true', 'H61.29551: status 0', 'H61.TP: status 0'],
  },
  {
    page: 'receive-documents.md',
    token: () => platform.oneStop,
    prints: [
      'ke-hoach.txt: 23 bytes',
      expect.stringMatching(/^registered: \d+\/KH-UBND Kế hoạch kiểm tra công tác tiếp nhận hồ sơ$/),
    ],
  },
  {
    page: 'one-stop-counter.md',
    token: () => platform.oneStop,
    prints: [
      'refused: data.pages DATA_NOT_INTEGER',
      'accepted: due true, form 01',
      'done: Đối chiếu bản sao với bản chính',
      'done: Ký, đóng dấu chứng thực',
      'returned: true',
    ],
  },
  {
    page: 'publish-a-procedure.md',
    token: () => platform.admin,
    prints: [
      'wrong: name FIELD_REQUIRED',
      'in time: true',
      'version 2 in force: true',
      'version 1 until then: true',
    ],
  },
  {
    page: 'receive-by-webhook.md',
    token: () => '',
    prints: ['genuine: true', 'changed: false', 'an hour old: false'],
  },
  {
    page: 'move-in.md',
    token: () => tokenAt('H61.29266', 'system', '--officer', 'mot-cua-cu'),
    prints: [
      'wrong: lines[1].procedure_code PROCEDURE_NOT_IN_FORCE',
      'imported: 2 of 2',
      'followed: Đang xử lý; Hồ sơ đã được nộp.',
    ],
  },
  { page: 'report-for-leaders.md', token: leader, prints: expect.arrayContaining(['reported']) },
];

test.each(GUIDES)('the program of the guide $page runs as written', ({ page, token, prints }) => {
  const text = readFileSync(join(root, 'docs/guides', page), 'utf8');
  expect(runExample(text, token()).trim().split('\n')).toEqual(prints);
});

test('each guide has such a program', () => {
  const pages = readdirSync(join(root, 'docs/guides')).filter((page) => page !== 'README.md');
  expect(pages.sort()).toEqual(GUIDES.map(({ page }) => page).sort());
});

const withoutGrpcurl = spawnSync('grpcurl', ['-version']).status !== 0;
if (withoutGrpcurl) console.log('skipped: there is no grpcurl on this machine');

test.skipIf(withoutGrpcurl)('the grpcurl call of the README answers as another language sees it', () => {
  const [, call] = /```\n(grpcurl -cacert[\s\S]*?)```/.exec(readme) ?? [];
  const command = (call as string)
    .replace('localhost:50051', platform.address)
    .replace('.lienthong/tls/ca.pem', caFile());
  const run = spawnSync('sh', ['-c', command], {
    env: { ...process.env, CLERK: platform.clerk },
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  const { agency } = JSON.parse(run.stdout);
  expect(agency.names[0].name).toBe('Ủy ban nhân dân Phường 1');
  expect(agency.endedOn).toBe('2025-07-01');
});

test('the sample procedures are in force, and anybody finds them', async () => {
  const client = connectAgency({ ...platform.line });
  const found = await Array.fromAsync(client.searchProcedures({ text: 'khai sinh' }));
  client.close();
  expect(found.map((one) => one.code)).toEqual(['2.000635', '1.001193', '2.002621']);
  expect(found.every((one) => one.sample)).toBe(true);
});

test('the dossier it says how to hand in is taken in, is work to do, and can be followed', async () => {
  const [, body] = /-d '(.*)' \\\n.*CaseworkService\/LodgeDossier/.exec(platform.output) ?? [];
  const request = LodgeDossierRequest.fromJSON(JSON.parse(body as string));
  const client = connectAgency({ ...platform.line, token: () => platform.oneStop });
  // Casework learns of the procedures a moment after they are published.
  const lodged = await vi.waitFor(() => client.casework.lodgeDossier(request), { timeout: 30_000 });
  const { items } = await client.casework.listWork({});
  const tracked = await client.tracking.trackDossier({ code: lodged.code, secret: lodged.trackingSecret });
  client.close();
  expect(items.map(({ dossier }) => dossier?.code)).toEqual([lodged.code]);
  expect(tracked).toMatchObject({
    statusText: 'Được tiếp nhận',
    holderName: 'Ủy ban nhân dân phường Long Châu',
  });
  const citizen = browser();
  await citizen.open(`${platform.console}/tra-cuu?ma=${lodged.code}`);
  const guessed = await citizen.submit('/tra-cuu', { code: lodged.code, secret: 'sai-hoan-toan' });
  expect(guessed.status).toBe(404);
  expect(guessed.page).toContain(`value="${lodged.code}"`);
  expect(guessed.page).not.toContain('sai-hoan-toan');
  const shown = await citizen.submit('/tra-cuu', { code: lodged.code, secret: lodged.trackingSecret });
  expect(shown.url).not.toContain(lodged.trackingSecret);
  for (const text of ['Được tiếp nhận', 'Ủy ban nhân dân phường Long Châu', 'Hẹn trả kết quả'])
    expect(shown.page).toContain(text);
});

test('a person opens the console, searches an agency and signs in as its officer', async () => {
  const person = browser();
  const offered = await person.open(`${platform.console}/auth/login`);
  expect(offered.page).toContain('Quản trị hệ thống');
  expect(offered.page).toContain('Ủy ban nhân dân phường Long Châu');
  const search = new URLSearchParams(new URL(offered.url).search);
  search.set('search', 'cang long');
  const found = await person.open(`${platform.issuer}/authorize?${search}`);
  expect(found.page).toMatch(/Chuyên viên một cửa, Ủy ban nhân dân .*Càng Long/);
  const request = hidden(found.page, 'request');
  const { page } = await person.submit('/authorize', { request, person: '0' });
  expect(page).toMatch(/Đã đăng nhập: <strong>.* Mẫu<\/strong>/);
});

test('a sample officer is notified of a document to their agency, in the application and by mail', async () => {
  const subject = 'V/v rà soát thủ tục hành chính năm 2026';
  const officer = connectAgency({ ...platform.line, token: () => platform.oneStop });
  const sender = connectAgency({ ...platform.line, token: () => platform.clerk });
  await officer.notifications.setContact({ contact: { email: 'motcua@longchau.example', phone: '' } });
  await sender.routing.issueDocument({
    notation: 'UBND-VP',
    type: 'CV',
    subject,
    signer: { competence: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
    recipients: [{ recipient: { $case: 'code', value: { scheme: '', code: 'H61.29551' } } }],
  });
  await vi.waitFor(
    async () => {
      const messages = await Array.fromAsync(officer.messages());
      expect(messages.map(({ body }) => body)).toContainEqual(expect.stringContaining(subject));
      const mails = mail.arrived.map(({ to, parsed }) => ({ to, text: parsed.text }));
      expect(mails).toContainEqual({
        to: ['motcua@longchau.example'],
        text: expect.stringContaining(subject),
      });
    },
    { timeout: 30_000 },
  );
  officer.close();
  sender.close();
});

const AT = ['--agency', 'H61.29551'];

test('no token is printed at the start', () => {
  expect(platform.output).not.toMatch(/eyJ[\w-]{10,}\./);
});

test('the development issuer is found as an OpenID provider is, and its tokens verify by that', async () => {
  const verify = tokenVerifier([trust({ issuer: platform.issuer }, discoveredKeys(platform.issuer))]);
  expect(await verify(platform.clerk)).toMatchObject({ roles: ['clerk'] });
});

test('a token of an officer in the directory has the roles of the position', async () => {
  const client = connectAgency({ ...platform.line, token: () => platform.oneStop });
  expect((await client.casework.listWork({})).nextPageToken).toBe('');
  await expect(client.operations.getStatus({})).rejects.toThrow('ROLE_MISSING');
  client.close();
});

test('a system is made up, and the command says so', async () => {
  const run = runToken(dataDir, platform.address, ...AT, '--roles', 'system', '--officer', 'may-chu');
  expect(run.stderr).toBe('the system may-chu is made up; it has the rights of a system of H61.29551\n');
  const client = connectAgency({ ...platform.line, token: () => run.stdout.trim() });
  expect((await client.casework.listWork({})).nextPageToken).toBe('');
  client.close();
});

/** Follows the feed; `ended` is the error that ends the stream. */
function followWith(client: AgencyClient) {
  const ended = Promise.withResolvers<unknown>();
  const opened = Promise.withResolvers<void>();
  void (async () => {
    try {
      const following = client.follow({ onHeartbeat: () => opened.resolve() });
      for await (const _ of following) opened.resolve();
      ended.resolve('ended');
    } catch (error) {
      ended.resolve(error);
    }
  })();
  return { opened: opened.promise, ended: ended.promise };
}

/** Why a call of each service is refused. */
function reasonsOf(client: AgencyClient): Promise<string[]> {
  const calls = [
    client.directory.searchAgencies({ query: 'Long Châu' }),
    client.procedures.checkDefinition({}),
    client.routing.listInbox({}),
    client.casework.listWork({}),
    client.feed.listEvents({}),
    client.webhooks.listWebhooks({}),
    client.notifications.listMessages({}),
    client.audit.countEntries({}),
    // A public method refuses a token or certificate that gives no right, too.
    client.tracking.trackDossier({ code: 'x', secret: 'y' }),
  ];
  return Promise.all(
    calls.map((call) =>
      call.then(
        () => 'done',
        (error: LienThongError) => error.reason ?? error.message,
      ),
    ),
  );
}

test('an agency’s system calls with its certificate alone, until it is revoked, in every service', async () => {
  const admin = connectAgency({ ...platform.line, token: () => platform.admin });
  const code = { scheme: '', code: 'H61.29551' };
  const { agency } = await admin.directory.resolveCode({ code, at: vietnamDate(new Date()) });
  const { cert, key } = certificate();
  const system = { agencyId: agency?.id ?? '', system: 'mot-cua', certificate: cert };
  const { address, tls } = platform.line;
  const connect = () => connectAgency({ address, tls: { ...tls, cert, key }, after: admin.written() });
  const stranger = connect();
  expect(new Set(await reasonsOf(stranger))).toEqual(new Set(['CERTIFICATE_UNKNOWN']));
  stranger.close();
  const registered = await admin.certificates.registerCertificate({
    ...system,
    proof: certificateProof(system, key),
  });
  const client = connect();
  const stream = followWith(client);
  await stream.opened;
  const reasons = await reasonsOf(client);
  expect(reasons.filter((reason) => reason.startsWith('CERTIFICATE_'))).toEqual([]);
  expect(reasons.filter((reason) => reason === 'done').length).toBeGreaterThan(2);
  await admin.certificates.revokeCertificate({ certificateId: registered.certificate?.id });
  await vi.waitFor(
    async () => expect(new Set(await reasonsOf(client))).toEqual(new Set(['CERTIFICATE_REVOKED'])),
    { timeout: 20_000, interval: 200 },
  );
  expect(await stream.ended).toMatchObject({ reason: 'CERTIFICATE_REVOKED' });
  for (const one of [client, admin]) one.close();
});

test('the command line logs in by a certificate alone, once it is registered and until it is revoked', async () => {
  const admin = connectAgency({ ...platform.line, token: () => platform.admin });
  const code = { scheme: '', code: 'H61.29551' };
  const { agency } = await admin.directory.resolveCode({ code, at: vietnamDate(new Date()) });
  const { cert, key } = certificate();
  const [certFile, keyFile] = [join(dataDir, 'cli.crt.pem'), join(dataDir, 'cli.key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const lienthong = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'packages/cli/src/main.ts'), ...args], {
      env: { ...process.env, XDG_CONFIG_HOME: join(dataDir, 'config'), LIENTHONG_TOKEN: undefined },
      encoding: 'utf8',
    });
  const login = () =>
    lienthong(
      ...['login', '--address', platform.address, '--ca', caFile(), '--cert', certFile, '--key', keyFile],
    );
  const refused = login();
  expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining('CERTIFICATE_UNKNOWN')]);
  expect(lienthong('inbox').status).toBe(4);
  const system = { agencyId: agency?.id ?? '', system: 'dong-lenh', certificate: cert };
  const registered = await admin.certificates.registerCertificate({
    ...system,
    proof: certificateProof(system, key),
  });
  await vi.waitFor(() => expect(login()).toMatchObject({ status: 0, stderr: '' }), {
    timeout: 20_000,
    interval: 200,
  });
  // The login names the files; the key is in none of its own.
  const kept = readFileSync(join(dataDir, 'config/lienthong/logins.json'), 'utf8');
  expect(kept).toContain(keyFile);
  expect(kept).not.toContain('PRIVATE KEY');
  await vi.waitFor(
    () => expect(lienthong('inbox', '--output', 'json')).toMatchObject({ status: 0, stderr: '' }),
    { timeout: 20_000, interval: 200 },
  );
  await admin.certificates.revokeCertificate({ certificateId: registered.certificate?.id });
  await vi.waitFor(
    () => {
      const { status, stderr } = lienthong('inbox');
      expect([status, stderr]).toEqual([4, expect.stringContaining('CERTIFICATE_REVOKED')]);
    },
    { timeout: 20_000, interval: 200 },
  );
  admin.close();
}, 90_000);

test.skipIf(withoutGrpcurl)('grpcurl calls as a system with its certificate alone', async () => {
  const admin = connectAgency({ ...platform.line, token: () => platform.admin });
  const code = { scheme: '', code: 'H61.29551' };
  const { agency } = await admin.directory.resolveCode({ code, at: vietnamDate(new Date()) });
  const { cert, key } = certificate();
  const [certFile, keyFile] = [join(dataDir, 'system.crt.pem'), join(dataDir, 'system.key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const list = (...args: readonly string[]) =>
    spawnSync(
      'grpcurl',
      [
        ...['-cacert', caFile(), ...args, '-d', '{"start":"START_OLDEST","page_size":1}', platform.address],
        'lienthong.feed.v1.FeedService/ListEvents',
      ],
      { encoding: 'utf8' },
    );
  const shown = ['-cert', certFile, '-key', keyFile];
  expect(list().stderr).toMatch(/Code: Unauthenticated/);
  expect(list(...shown).stderr).toMatch(/not registered for a system/);
  const system = { agencyId: agency?.id ?? '', system: 'van-thu', certificate: cert };
  await admin.certificates.registerCertificate({ ...system, proof: certificateProof(system, key) });
  // The feed learns of the certificate before it answers.
  const { stdout, stderr } = list(...shown, '-H', `lienthong-after: ${admin.written()}`);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout).events).toHaveLength(1);
  admin.close();
});

test('an officer who is dismissed calls nothing within seconds, in no service', async () => {
  const admin = connectAgency({ ...platform.line, token: () => platform.admin });
  const today = vietnamDate(new Date());
  const { agency } = await admin.directory.resolveCode({
    code: { scheme: '', code: 'H61.29551' },
    at: today,
  });
  const { officer } = await admin.directory.appointOfficer({
    agencyId: agency?.id,
    fullName: 'Nguyễn Văn Nghỉ',
    position: 'Chuyên viên',
    roles: ['clerk', 'officer', 'leader'],
    validFrom: '2025-08-01',
  });
  const token = runToken(
    dataDir,
    platform.address,
    ...AT,
    '--roles',
    'leader',
    '--officer',
    officer?.id ?? '',
  );
  const client = connectAgency({
    ...platform.line,
    token: () => token.stdout.trim(),
    after: admin.written(),
  });
  const stream = followWith(client);
  await stream.opened;
  expect(await reasonsOf(client)).not.toContain('OFFICER_NOT_IN_POSITION');
  await admin.directory.relieveOfficer({ officerId: officer?.id, effectiveOn: today });
  await vi.waitFor(
    async () => expect(new Set(await reasonsOf(client))).toEqual(new Set(['OFFICER_NOT_IN_POSITION'])),
    { timeout: 20_000, interval: 200 },
  );
  expect(await stream.ended).toMatchObject({ reason: 'OFFICER_NOT_IN_POSITION' });
  for (const one of [client, admin]) one.close();
});

test.each([
  ['--roles mayor: must be a list of roles', [...AT, '--roles', 'mayor']],
  ['--agency is missing', ['--roles', 'clerk']],
  ['no agency has the code H61.0 today', ['--agency', 'H61.0', '--roles', 'clerk']],
  ['no such officer with the roles clerk', [...AT, '--officer', 'lan', '--roles', 'clerk']],
  ['--minutes must be', [...AT, '--roles', 'clerk', '--minutes', '0']],
  ['at most 1440', [...AT, '--roles', 'clerk', '--minutes', '1441']],
])('no token is printed: %s', (message, args) => {
  const run = runToken(dataDir, platform.address, ...args);
  expect([run.status, run.stdout]).toEqual([1, '']);
  expect(run.stderr).toContain(message);
});

test('what was acknowledged is there after kill -9 and after a clean stop', async () => {
  const outbox = async () => {
    const client = connectAgency({ ...platform.line, token: () => platform.clerk });
    const items = await Array.fromAsync(client.outbox());
    client.close();
    return items.map((item) => item.document?.id);
  };
  const client = connectAgency({ ...platform.line, token: () => platform.clerk });
  const { document } = await client.routing.issueDocument({
    notation: 'UBND-VP',
    type: 'CV',
    subject: 'V/v thử tắt máy',
    signer: { competence: 'KT. CHỦ TỊCH', position: 'Phó Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
    recipients: [{ recipient: { $case: 'code', value: { scheme: '', code: 'H61.TP' } } }],
  });
  client.close();
  await stop(platform.child, 'SIGKILL');
  platform = await start();
  expect(await outbox()).toContain(document?.id);
  expect(await stop(platform.child, 'SIGTERM')).toBe(0);
  platform = await start('--sandbox');
  expect(await outbox()).toContain(document?.id);
}, 240_000);

test('agencies of the sandbox answer by its clock, which is moved ahead', async () => {
  const url = /curl (http:\S+)\/$/m.exec(platform.output)?.[1] ?? expect.fail(platform.output);
  const post = async (path: string, body: object, type = 'application/json') => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': type },
    });
    return { status: response.status, body: await response.json() };
  };
  expect(await post('/clock', { advance: 'mai' })).toMatchObject({
    status: 400,
    body: { violations: [{ field: 'advance' }] },
  });
  expect(await post('/clock', { advance: '8h' }, 'text/plain')).toMatchObject({ status: 400 });

  const client = connectAgency({ ...platform.line, token: () => platform.clerk });
  const printed = /-d '(.*"recipients".*)'/.exec(platform.output)?.[1] ?? expect.fail(platform.output);
  const { document } = await client.routing.issueDocument(IssueDocumentRequest.fromJSON(JSON.parse(printed)));
  const statuses = async () => {
    const deliveries = await Array.fromAsync(client.deliveries({ documentId: document?.id ?? '' }));
    return Object.fromEntries(deliveries.map(({ addressedTo, status }) => [addressedTo?.code, status]));
  };
  const WAIT = { timeout: 30_000, interval: 200 };
  await vi.waitFor(
    async () =>
      expect(await statuses()).toEqual({ 'H61.YTE': 1, 'H61.VHTTDL': 1, 'H61.NNMT': 1, 'H61.CT': 0 }),
    WAIT,
  );
  // One of them is consulted, and replies within the day.
  const oneStop = connectAgency({ ...platform.line, token: () => platform.oneStop });
  const lodging = /-d '(.*"procedureCode".*)'/.exec(platform.output)?.[1] ?? expect.fail(platform.output);
  const { dossierId } = await oneStop.casework.lodgeDossier(
    LodgeDossierRequest.fromJSON(JSON.parse(lodging)),
  );
  await oneStop.casework.claimTask({ dossierId, taskNumber: 1 });
  const { agency } = await client.directory.resolveCode({ code: { scheme: '', code: 'H61.YTE' } });
  const question = 'Văn bằng này do cơ quan nào cấp?';
  const asked = { dossierId, taskNumber: 1, agencyIds: [agency?.id ?? ''], question };
  await oneStop.casework.requestConsultation({ ...asked, dueAt: new Date(Date.now() + 30 * 86_400_000) });
  expect(await post('/clock', { advance: '8h' })).toMatchObject({ status: 200 });
  await vi.waitFor(async () => {
    const { entries } = await oneStop.casework.getHistory({ dossierId });
    expect(entries.map(({ text }) => text)).toContain('Sở Y tế đã trả lời ý kiến.');
  }, WAIT);
  await vi.waitFor(
    async () =>
      expect(await statuses()).toEqual({ 'H61.YTE': 6, 'H61.VHTTDL': 2, 'H61.NNMT': 1, 'H61.CT': 0 }),
    WAIT,
  );
  expect(await post('/documents', { to: 'H61.0' })).toMatchObject({ status: 400 });
  const { documentId } = (await post('/documents', { to: 'H61' })).body as { documentId: string };
  await vi.waitFor(async () => {
    const items = await Array.fromAsync(client.inbox({ filter: { notYetArrived: true } }));
    expect(items.map((item) => item.document?.id)).toContain(documentId);
  }, WAIT);
  for (const one of [client, oneStop]) one.close();
}, 120_000);
