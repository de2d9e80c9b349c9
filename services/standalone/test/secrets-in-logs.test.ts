import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgencyClient, connectAgency } from '@lienthong/client';
import { LodgeDossierRequest } from '@lienthong/contracts/casework';
import { openMailServer } from '@lienthong/test-mail-server';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { tokenAsPrinted } from './support/tokens.ts';

// The platform runs with all its logs on; calls carry contacts and identities, and its servers fail meanwhile.

const IDENTITY = '086099012345';
const PHONE = '+84912345678';
const EMAIL = 'nguyen.thi.mau@dan.example';
const OFFICER_EMAIL = 'mot.cua@longchau.example';

let dataDir: string;
let child: ChildProcess;
let mail: Awaited<ReturnType<typeof openMailServer>>;
let [output, log] = ['', ''];
const secrets = new Map<string, string>();

const read = (...path: string[]) => readFileSync(join(dataDir, ...path), 'utf8').trim();

/** What the data folder keeps for its owner alone. */
function keepSecretsOfTheFolder(): void {
  for (const name of ['sealing-key', 'event-key']) secrets.set(name, read(name).split(':')[1] as string);
  for (const name of ['postgres', 'nats']) secrets.set(`password of ${name}`, read(name, 'password'));
  for (const folder of ['nats-users', 'database-roles'])
    for (const name of readdirSync(join(dataDir, folder)))
      secrets.set(`${folder}/${name}`, read(folder, name));
  secrets.set('the key of the issuer', (JSON.parse(read('development-key.json')) as { d: string }).d);
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'lienthong-secrets-'));
  chmodSync(dataDir, 0o711);
  mail = await openMailServer();
  child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      ...process.env,
      LIENTHONG_DATA: dataDir,
      LISTEN: '127.0.0.1:0',
      POSTGRES_PORT: '0',
      NATS_PORT: '0',
      METRICS_LISTEN: 'off',
      ISSUER_LISTEN: 'off',
      TRACES_LISTEN: 'off',
      REST_LISTEN: 'off',
      LOG_LEVEL: 'trace',
      SMTP_URL: mail.url.replace('smtp://', 'smtp://platform:smtp-password@'),
      SMTP_STARTTLS: 'never',
      MAIL_FROM: 'Liên Thông <thongbao@vinhlong.example>',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  await vi.waitFor(() => expect(output).toContain('Stop with Ctrl-C'), { timeout: 120_000, interval: 100 });
}, 130_000);
afterAll(async () => {
  if (child.exitCode === null) child.kill('SIGKILL');
  await mail.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const found = (pattern: RegExp) => pattern.exec(output)?.[1] ?? expect.fail(`${pattern} not in:\n${output}`);

test('no log has a token, contact, identity, key or password', async () => {
  const address = found(/gRPC\s+(\S+)/);
  const tls = { ca: readFileSync(found(/TLS\s+clients trust (\S+)/)) };
  const tokens = { clerk: 'ONE_STOP', administrator: 'ADMIN' };
  const [client, operator] = Object.entries(tokens).map(([name, printed]) => {
    const token = tokenAsPrinted(output, dataDir, printed);
    secrets.set(`the signature of the ${name}'s token`, token.split('.')[2] as string);
    return connectAgency({ address, tls, token: () => token });
  }) as [AgencyClient, AgencyClient];
  await operator.operations.getStatus({});
  const [, example] = /-d '(.*)' \\\n.*CaseworkService\/LodgeDossier/.exec(output) ?? [];
  await client.notifications.setContact({ requestId: randomUUID(), contact: { email: OFFICER_EMAIL } });
  const request = LodgeDossierRequest.fromJSON({
    ...JSON.parse(example as string),
    requestId: randomUUID(),
    applicant: { fullName: 'Nguyễn Thị Mẫu', identityNumber: IDENTITY, phone: PHONE, email: EMAIL },
  });
  const lodge = () => client.casework.lodgeDossier({ ...request, requestId: randomUUID() });
  const { code, trackingSecret } = await vi.waitFor(lodge, { timeout: 30_000 });
  secrets.set('the tracking secret', trackingSecret);
  await client.tracking.trackDossier({ code, secret: trackingSecret });
  await expect(client.tracking.trackDossier({ code, secret: 'wrong-secret' })).rejects.toThrow();
  keepSecretsOfTheFolder();

  // All sessions end, statements fail, and NATS is away for a moment.
  const admin = new pg.Client({
    connectionString: found(/PostgreSQL {2}(\S+)/).replace(':…@', `:${secrets.get('password of postgres')}@`),
  });
  await admin.connect();
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'lienthong %'`,
  );
  await expect(admin.query('select nothing from nowhere')).rejects.toThrow();
  await admin.end();
  process.kill(Number(read('nats', 'nats-server.pid')), 'SIGTERM');
  await vi.waitFor(lodge, { timeout: 30_000 });
  for (const one of [client, operator]) one.close();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;

  const servers = ['postgres', 'nats'].flatMap((name) =>
    ['server.log', 'server.log.1'].map((file) => join(dataDir, name, file)).filter(existsSync),
  );
  const logs = new Map([
    ['the platform', log],
    ['the terminal', output],
    ...servers.map((path) => [path, readFileSync(path, 'utf8')] as const),
  ]);
  for (const [name, value] of Object.entries({ IDENTITY, PHONE, EMAIL, OFFICER_EMAIL }))
    secrets.set(name, value);
  secrets.set('the password of the mail server', 'smtp-password');
  expect(secrets.size).toBeGreaterThan(20);
  expect(log).toContain('LodgeDossier');
  expect(logs.get(join(dataDir, 'postgres', 'server.log'))).toContain('terminating connection');
  for (const [where, text] of logs)
    for (const [what, secret] of secrets) {
      expect(secret.length, what).toBeGreaterThan(6);
      expect(text.includes(secret), `${what} in ${where}`).toBe(false);
    }
}, 180_000);
