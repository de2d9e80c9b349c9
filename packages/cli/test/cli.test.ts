import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** Lines of dossiers that were lodged today, as another system writes them out. */
const exported = (...codes: string[]) =>
  codes.map((code) => ({
    code,
    procedureCode: platform.procedureCode,
    channel: 'CHANNEL_IN_PERSON',
    applicant: { fullName: 'Nguyễn Thị Mẫu' },
    intake: { code: 'H61.1' },
    lodgedAt: new Date(Date.now() - 60_000).toISOString(),
    acts: [{ at: new Date(Date.now() - 50_000).toISOString(), accepted: {} }],
  }));
const jsonLines = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

test('running dossiers are checked, corrected, moved in, and not twice', async () => {
  const system = fileOf('system', await platform.tokenOf(platform.commune, 'system'));
  const lines = exported('H61.1-260105-0001', 'H61.1-260105-0002', 'H61.1-260105-0003');
  const wrong = lines.with(1, { ...lines[1], procedureCode: '9.000000' } as (typeof lines)[0]);
  const file = fileOf('ho-so.jsonl', jsonLines(wrong));
  const command = ['import', file, '--system', 'Một cửa cũ'];
  const checked = await as(system, ...command, '--check-only');
  expect(checked).toMatchObject({ exit: 1, err: expect.stringContaining(`${file}:2: procedure_code: `) });
  const refused = await as(system, ...command);
  expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining('lines[1].procedure_code: ') });
  // As a crash leaves it that comes while a receipt is written.
  writeFileSync(file, jsonLines(lines));
  writeFileSync(`${file}.receipts`, `${readFileSync(`${file}.receipts`, 'utf8')}{"line":9,"dig`);
  expect(await json(system, ...command)).toMatchObject({ imported: 3, lines: 3 });
  expect(await json(system, ...command)).toMatchObject({ imported: 3, lines: 3 });
  expect(statSync(`${file}.receipts`).mode & 0o777).toBe(0o600);
  const receipts = readFileSync(`${file}.receipts`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
  const { code, trackingSecret } = receipts.findLast(({ line }) => line === 1);
  const secret = fileOf('secret', trackingSecret);
  const { out } = await lienthong([
    'track',
    code,
    '--secret-file',
    secret,
    '--address',
    platform.running.address,
    '--plaintext',
  ]);
  expect(out).toContain('Được tiếp nhận');
});

test('a line of an import that cannot be read is named, and nothing is sent', async () => {
  const system = fileOf('system', await platform.tokenOf(platform.commune, 'system'));
  const [good] = exported('H61.1-260106-0001') as [ReturnType<typeof exported>[0]];
  const cases: [string, RegExp][] = [
    ['{', /:2: cannot be read/],
    [JSON.stringify({ ...good, oficerId: 'x' }), /:2: oficerId is not a field/],
    [
      JSON.stringify({ ...good, acts: [{ at: good.lodgedAt, acepted: { a: 1 } }] }),
      /:2: acts\[0\]\.acepted is not a field/,
    ],
    [JSON.stringify({ ...good, lodgedAt: 'hôm qua' }), /:2: cannot be read/],
    ['[1]', /:2: this is not a field/],
  ];
  for (const [line, words] of cases) {
    const file = fileOf('sai.jsonl', `${JSON.stringify(good)}\n${line}\n`);
    const ran = await as(system, 'import', file, '--system', 'Một cửa cũ');
    expect(ran, line).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(words) });
    expect(existsSync(`${file}.receipts`)).toBe(false);
  }
  const taken = fileOf('khac', 'không phải\n');
  const file = fileOf('dung.jsonl', JSON.stringify(good));
  const ran = await as(system, 'import', file, '--system', 'Một cửa cũ', '--receipts', taken);
  expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining('not a file of receipts') });
  expect(readFileSync(taken, 'utf8')).toBe('không phải\n');
});

test('a document with a file that is missing is not sent', async () => {
  const file = join(folder, 'khong-co.pdf');
  const ran = await as(province, ...SENT, '--attach', file);
  expect(ran).toMatchObject({
    exit: 2,
    out: '',
    err: expect.stringContaining('khong-co.pdf cannot be read (ENOENT)'),
  });
});
