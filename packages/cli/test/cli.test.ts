import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAgency } from '@lienthong/client';
import { Channel } from '@lienthong/contracts/registry';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type SmallPlatform, smallPlatform } from '../../../scripts/support/platform.ts';
import { run } from '../src/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-cli-'));
const fileOf = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

let platform: SmallPlatform;
let province: string;
let commune: string;
let admin: string;
beforeAll(async () => {
  platform = await smallPlatform();
  const { tokenOf } = platform;
  province = fileOf('province', await tokenOf(platform.province, 'clerk'));
  commune = fileOf('commune', await tokenOf(platform.commune, 'clerk', 'officer', 'leader'));
  admin = fileOf('admin', await tokenOf('', 'admin'));
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  exit: number;
  out: string;
  err: string;
}

/** Runs a command in this process, with logins in a folder of its own. */
async function lienthong(args: readonly string[]): Promise<Ran> {
  const written = { out: '', err: '' };
  const taking = (to: 'out' | 'err') => (chunk: unknown) => {
    written[to] += chunk;
    return true;
  };
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  vi.spyOn(process.stdout, 'write').mockImplementation(taking('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(taking('err'));
  try {
    return { exit: await run(args), ...written };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

/** With the platform and the token of a file. */
const as = (tokenFile: string, ...args: string[]) =>
  lienthong([...args, '--address', platform.running.address, '--plaintext', '--token-file', tokenFile]);
async function json<T>(tokenFile: string, ...args: string[]): Promise<T> {
  const { exit, out, err } = await as(tokenFile, ...args, '--output', 'json');
  expect(err).toBe('');
  expect(exit).toBe(0);
  return JSON.parse(out);
}

const SENT = [
  ...['send', '--type', 'CV', '--notation', 'UBND-VP', '--subject', 'V/v rà soát thủ tục', '--to', 'H61.1'],
  ...['--signer-name', 'Nguyễn Văn Mẫu', '--signer-position', 'Chủ tịch', '--signer-competence', 'TM. UBND'],
];

interface Item {
  delivery: { id: string; documentId: string };
  document: { number: string };
}

test('a document is sent once, arrives, is reported and tracked', async () => {
  const file = fileOf('công-văn.pdf', 'nội dung');
  const request = [...SENT, '--attach', file, '--request-id', crypto.randomUUID()];
  const sent = await json<{ document: { id: string } }>(province, ...request);
  expect(await json(province, ...request)).toEqual(sent);
  const items = await json<Item[]>(commune, 'inbox', '--not-yet-arrived', '--text', 'ra soat');
  expect(items).toHaveLength(1);
  const [{ delivery }] = items as [Item];
  expect((await as(commune, 'report', delivery.id, '01')).out).toBe(`${delivery.id}: 01 đã đến\n`);
  const { out } = await as(province, 'track', sent.document.id);
  expect(out).toMatch(/^Nơi nhận .*\nH61\.1 +Ủy ban nhân dân H61\.1 +H61\.1 +01 đã đến +\d{4}-/);
});

test('following goes on from the kept cursor and shows each event once', async () => {
  const cursorFile = join(folder, 'cursor');
  const follow = () =>
    as(
      commune,
      ...['follow', '--from-oldest', '--cursor-file', cursorFile, '--count', '1', '--output', 'json'],
      ...['--type', 'lienthong.routing.v1.DeliverySent'],
    );
  await json(province, ...SENT);
  const first = JSON.parse((await follow()).out);
  expect(readFileSync(cursorFile, 'utf8').trim()).toBe(first.cursor);
  await json(province, ...SENT);
  const second = JSON.parse((await follow()).out);
  expect(second.id).not.toBe(first.id);
  expect(second.payload.delivery.id).not.toBe(first.payload.delivery.id);
});

test('a dossier is tracked by its applicant and by its officer', async () => {
  const { running, commune: agencyId, procedureCode, tokenOf } = platform;
  const client = connectAgency({ address: running.address, token: () => tokenOf(agencyId, 'clerk') });
  const { code, trackingSecret } = await client.casework.lodgeDossier({
    procedureCode,
    channel: Channel.IN_PERSON,
    applicant: { fullName: 'Nguyễn Thị Mẫu' },
    accept: true,
  });
  client.close();
  const secret = fileOf('secret', trackingSecret);
  const address = ['--address', running.address, '--plaintext'];
  const anybody = await lienthong(['track', code, '--secret-file', secret, ...address]);
  expect(anybody.out).toContain('Được tiếp nhận');
  expect((await as(commune, 'track', code)).out).toContain('được tiếp nhận');
  const none = await lienthong(['track', code, ...address]);
  expect(none).toMatchObject({ exit: 4, err: expect.stringContaining('TOKEN_MISSING') });
});

test('a procedure is checked, simulated and published', async () => {
  const { yaml } = await platform.admin.procedures.exportProcedures({ codes: [platform.procedureCode] });
  const file = fileOf('procedure.yaml', yaml.replaceAll(platform.procedureCode, '1.009999'));
  const checked = await as(admin, 'procedures', 'check', file);
  expect(checked).toMatchObject({ exit: 0, err: 'Có thể công bố / ready to be published: 1.009999\n' });
  const simulated = await json<{ steps: unknown[] }>(
    admin,
    'procedures',
    'simulate',
    '1.009999',
    '--intake',
    'H61.1',
  );
  expect(simulated.steps).toHaveLength(1);
  const decision = [
    '--decision',
    '2/QĐ-UBND',
    '--signer-name',
    'Nguyễn Văn Mẫu',
    '--signer-position',
    'Chủ tịch',
  ];
  expect(await as(admin, 'procedures', 'publish', '1.009999', ...decision)).toMatchObject({ exit: 0 });
  expect((await as(admin, 'procedures', 'list', '--limit', '200')).out).toMatch(/^1\.009999 /m);
  const broken = fileOf('broken.yaml', yaml.replace('name:', 'nam:'));
  const refused = await as(admin, 'procedures', 'check', broken);
  expect(refused.exit).toBe(1);
  expect(refused.err).toMatch(/yaml\[0\].*: line \d+: /);
});

test('operators see logs and consumers; others are refused', async () => {
  const status = await json<{ logs: { source: string }[] }>(admin, 'operate', 'status');
  expect(status.logs.map(({ source }) => source)).toContain('routing');
  expect(await json(admin, 'operate', 'parked')).toEqual([]);
  expect(await as(commune, 'operate', 'status')).toMatchObject({
    exit: 1,
    err: expect.stringMatching(/^BỊ TỪ CHỐI \/ REFUSED PERMISSION_DENIED ROLE_MISSING: /),
  });
});

test('an agency looks after its webhooks', async () => {
  const created = await json<{ webhook: { id: string }; secret: string }>(
    commune,
    ...['operate', 'webhooks', 'create', 'https://127.0.0.1:9/su-kien', '--description', 'một cửa'],
  );
  const { id } = created.webhook;
  expect(created.secret).toMatch(/^whsec_/);
  expect((await as(commune, 'operate', 'webhooks', 'pause', id)).out).toBe(`${id}: paused\n`);
  expect(await json(commune, 'operate', 'webhooks', 'list')).toMatchObject([
    { id, state: 'WEBHOOK_STATE_PAUSED' },
  ]);
  expect(await as(commune, 'operate', 'webhooks', 'resend', id)).toMatchObject({ exit: 2 });
  expect((await as(commune, 'operate', 'webhooks', 'delete', id)).out).toBe(`deleted ${id}\n`);
});

test('a refusal names each field, for people and for programs', async () => {
  const wrong = ['send', '--type', 'CV', '--notation', 'UBND-VP', '--to', 'H61.1'];
  const refused = await as(province, ...wrong);
  expect(refused).toMatchObject({ exit: 1, out: '' });
  expect(refused.err).toMatch(/^ {2}subject: /m);
  const { err } = await as(province, ...wrong, '--output', 'json');
  const report = JSON.parse(err.split('\n').find((line) => line.startsWith('{')) as string);
  expect(report.error).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: expect.arrayContaining([expect.objectContaining({ field: 'subject' })]),
  });
});

test('a wrong command, option, file or address changes nothing, and says what to do', async () => {
  const cases: [string[], number, RegExp][] = [
    [['gui'], 2, /unknown command 'gui'/],
    [['inbox', '--limit', '0'], 2, /must be a whole number/],
    [['report', 'x'], 2, /missing required argument 'status'/],
    [['report', 'x', '07', '--address', 'localhost:1', '--plaintext'], 2, /status 07 is unknown/],
    [['inbox'], 4, /LIENTHONG_ADDRESS/],
    [['inbox', '--address', 'localhost'], 2, /must be host:port/],
    [['inbox', '--login', 'khac'], 4, /there is no login khac/],
    [['inbox', '--address', 'localhost:1', '--ca', 'khong-co'], 2, /khong-co cannot be read \(ENOENT\)/],
    [['inbox', '--address', 'localhost:1', '--cert', 'a'], 2, /--cert and --key come together/],
    [['inbox', '--address', '127.0.0.1:1', '--plaintext', '--timeout', '1'], 3, /KHÔNG KẾT NỐI ĐƯỢC/],
  ];
  for (const [args, exit, words] of cases) {
    const ran = await lienthong(args);
    expect(ran, args.join(' ')).toMatchObject({ exit, out: '' });
    expect(ran.err).toMatch(words);
  }
});

test('a login is kept only when it works, holds no token, and is used by the commands after it', async () => {
  const address = ['--address', platform.running.address, '--plaintext'];
  const logins = join(folder, 'lienthong', 'logins.json');
  const bad = fileOf('bad', 'eyJ.khong.dung');
  expect(await lienthong(['login', ...address, '--token-file', bad])).toMatchObject({ exit: 4 });
  expect(() => readFileSync(logins)).toThrow('ENOENT');
  expect(await lienthong(['login', ...address, '--token-file', commune])).toMatchObject({ exit: 0 });
  expect(readFileSync(logins, 'utf8')).not.toContain(readFileSync(commune, 'utf8').trim());
  expect(await lienthong(['inbox', '--output', 'json'])).toMatchObject({ exit: 0, err: '' });
  expect(await lienthong(['logout'])).toMatchObject({ exit: 0 });
  expect(await lienthong(['inbox'])).toMatchObject({ exit: 4 });
});
