import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import { createLog, developmentIssuer, openListenTls, startGrpcServer } from '@lienthong/kit';
import { certificate } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { createAdmission } from '../../packages/kit/src/limits/admission.ts';
import { admissionLimits, connectionLimits, limitSettings } from '../../packages/kit/src/limits/settings.ts';
import { goldenOf, podsOf } from './support/chart.ts';
import { doorNames, root, serviceNames } from './support/compose-file.ts';

const program = (name: string) => join(root, 'deploy', name);

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-kubernetes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

interface Secret {
  metadata: { name: string };
  stringData: Record<string, string>;
}

/** The Secrets that are printed for keys and the operator's files. */
function secretsFor(keys: string, config: string): Map<string, Record<string, string>> {
  const { status, stderr, stdout } = run([program('image/kubernetes-secrets.ts'), keys, config]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { items } = JSON.parse(stdout) as { items: Secret[] };
  return new Map(items.map(({ metadata, stringData }) => [metadata.name, stringData]));
}

/** Runs a program with nothing of this process's environment. */
const run = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' });

test('the Secrets have what the pods of the chart mount, and the database where it is', async () => {
  const folder = temporary();
  const [keys, config] = [join(folder, 'keys'), join(folder, 'config')];
  mkdirSync(config);
  await (await developmentIssuer()).publish(config);
  for (const name of ['postgresql.pem', 'nats.pem']) writeFileSync(join(config, name), `of ${name}\n`);
  writeFileSync(join(config, 'notification.env'), 'SMTP_URL=smtp://u:p@relay.example.vn:587\n');
  writeFileSync(join(config, 'migrate.env'), 'MIGRATION_DATABASE_URL=postgres://dba:secret@db/lienthong\n');
  const server = 'db.example.vn:5432/lienthong?sslmode=verify-full&sslrootcert=/keys/postgresql.pem';
  const made = run([program('compose/keys.ts'), keys, config], {
    LIENTHONG_NAME: 'lienthong.example.vn',
    LIENTHONG_DATABASE: server,
  });
  expect(made).toMatchObject({ status: 0, stderr: '' });
  const secrets = secretsFor(keys, config);

  const used = new Set(['lien-thong-nats-users']);
  for (const { spec } of podsOf(goldenOf('smallest'))) {
    for (const { secret, projected } of spec.volumes) {
      if (secret && !secret.secretName.endsWith('-tls') && secret.secretName !== 'lien-thong-ca') {
        used.add(secret.secretName);
        const files = spec.containers.flatMap(({ env = [], volumeMounts }) => [
          ...env.flatMap(({ value }) => /^\/keys\/(.+)$/.exec(value)?.[1] ?? []),
          ...volumeMounts.flatMap(({ subPath }) => subPath ?? []),
        ]);
        if (!doorNames.includes(spec.containers[0]?.name ?? '')) expect(files).toContain('nats.nk');
        for (const file of [...files, 'settings.env'])
          expect(secrets.get(secret.secretName), `${secret.secretName}: ${file}`).toHaveProperty([file]);
      }
      for (const { secret } of projected?.sources ?? []) {
        used.add(secret.name);
        for (const { key } of secret.items) expect(secrets.get(secret.name)).toHaveProperty([key]);
      }
    }
  }
  expect([...secrets.keys()].sort()).toEqual([...used].sort());

  const settingsOf = (name: string) => parseEnv(secrets.get(`lien-thong-${name}`)?.['settings.env'] ?? '');
  expect(settingsOf('casework').DATABASE_URL).toMatch(
    /^postgres:\/\/lienthong_casework:.+@db\.example\.vn:5432\//,
  );
  expect(settingsOf('casework').DATABASE_URL).toContain(server);
  expect(settingsOf('casework').SMTP_URL).toBeUndefined();
  expect(settingsOf('notification').SMTP_URL).toBe('smtp://u:p@relay.example.vn:587');
  expect(settingsOf('migrate').MIGRATION_DATABASE_URL).toBe('postgres://dba:secret@db/lienthong');
  expect(secrets.get('lien-thong-nats-users')?.['users.conf']).toContain('authorization');

  mkdirSync(join(config, 'nats/services'), { recursive: true });
  mkdirSync(join(config, 'nats/hub'));
  writeFileSync(join(config, 'nats/hub/accounts.conf'), 'operator: "of a test"\n');
  const services = podsOf(goldenOf('everything'))
    .flatMap(({ spec }) => spec.containers[0]?.env?.find((one) => one.name === 'SERVICE')?.value ?? [])
    .filter((name) => !doorNames.includes(name));
  expect(services.sort()).toEqual([...serviceNames].sort());
  for (const name of services) writeFileSync(join(config, `nats/services/${name}.creds`), `of ${name}\n`);
  const withAccounts = secretsFor(keys, config);
  for (const name of services)
    expect(withAccounts.get(`lien-thong-${name}`)?.['nats.creds']).toBe(`of ${name}\n`);
  expect(withAccounts.get('lien-thong-nats-users')).toEqual({ 'users.conf': 'operator: "of a test"\n' });
});

test('helm test checks every service under the name of the certificate, and says which does not serve', async () => {
  const folder = temporary();
  const { cert, key } = certificate({ names: ['lienthong.example.vn'], loopback: false });
  const files = { TLS_CERT_FILE: join(folder, 'tls.crt'), TLS_KEY_FILE: join(folder, 'tls.key') };
  writeFileSync(files.TLS_CERT_FILE, cert);
  writeFileSync(files.TLS_KEY_FILE, key);
  const log = createLog('smoke', 'silent');
  const tls = await openListenTls({ TLS_AT_PROXY: false, ...files }, log);
  const limits = limitSettings.parse({});
  const server = await startGrpcServer({
    listen: '127.0.0.1:0',
    tls,
    services: [],
    descriptors: fileDescriptorSet(),
    verifyToken: async () => {
      throw new Error('health needs no token');
    },
    admission: createAdmission(admissionLimits(limits)),
    addressOf: () => '127.0.0.1',
    connections: connectionLimits(limits),
    log,
  });
  onTestFinished(async () => {
    await server.stop(0);
    tls.certificate?.close();
  });
  const check = async (host: string, env: Record<string, string>) => {
    const args = [program('image/smoke.ts'), `https://${server.address}`, host, 'casework', 'feed'];
    const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env } });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { out, err };
  };
  const CA_FILE = files.TLS_CERT_FILE;
  expect((await check('lienthong.example.vn', { CA_FILE })).err).toMatch(
    /^casework: not serving.*\nfeed: not serving/,
  );
  server.setServing(true);
  const good = await check('lienthong.example.vn', { CA_FILE });
  expect(good).toEqual({ out: 'casework serves\nfeed serves\n', err: '' });
  expect((await check('other.example.vn', { CA_FILE })).err).toContain('altnames');
  expect((await check('lienthong.example.vn', { CA_FILE: join(folder, 'absent') })).err).toContain(
    'certificate',
  );
});

test.each([
  ['Success=1\n--\n', 'HAProxy has read its files again'],
  ['Success=0\n--\n[ALERT] no such certificate\n', 'HAProxy has not read its files again: Success=0'],
])('HAProxy reads its certificate again when that changes: %j', async (reply, line) => {
  const folder = temporary();
  const [socket, file] = [join(folder, 'master.sock'), join(folder, 'tls.crt')];
  writeFileSync(file, 'first');
  const commands: string[] = [];
  const master = createServer({ allowHalfOpen: true }, async (connection) => {
    commands.push(await text(connection));
    connection.end(reply);
  }).listen(socket);
  await once(master, 'listening');
  onTestFinished(() => void master.close());
  const child = spawn(process.execPath, [program('image/reload.ts'), socket, file], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(String(await once(child.stdout, 'data'))).toContain(`watching ${file}`);
  writeFileSync(file, 'second');
  const printed = await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
  expect(String(printed)).toContain(line);
  expect(commands).toEqual(['reload\n']);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});
