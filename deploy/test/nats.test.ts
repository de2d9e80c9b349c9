import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentAuthority, findNatsServer } from '@lienthong/embedded';
import { connectNats, uuidv7 } from '@lienthong/kit';
import { certificate, childEnvironment, freePort } from '@lienthong/testkit';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openFolder } from '../nats/folder.ts';
import { parseCredentials } from '../nats/jwt.ts';
import { makeFiles } from '../nats/make.ts';
import { readPlan } from '../nats/plan.ts';
import { root } from './support/compose-file.ts';

const [commune, neighbour] = [uuidv7(), uuidv7()];
const DAY_S = 86_400;
const START = 1_800_000_000;

function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-nats-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (leaves: readonly string[]) => {
    const plan = {
      hub: { url: 'tls://nats.example.vn:7422', routes: ['tls://nats-1:6222', 'tls://nats-2:6222'] },
      leaves: Object.fromEntries(leaves.map((id) => [id, { name: 'Phường', readers: ['ho-so', 'van-thu'] }])),
    };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  };
  write([commune, neighbour]);
  writeFileSync(join(folder, 'ca.pem'), 'certificate');
  return {
    folder,
    write,
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
    make(now = START, { dryRun = false, revoke }: { dryRun?: boolean; revoke?: string } = {}) {
      const lines: string[] = [];
      const plan = readPlan(join(folder, 'plan.json'));
      const report = (line: string) => void lines.push(line);
      makeFiles(openFolder(folder, { dryRun, days: plan.days, now, report }), plan, revoke);
      return lines;
    },
    files: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
        .filter((name) => name !== 'plan.json' && name !== 'ca.pem')
        .sort(),
  };
}
type Prepared = ReturnType<typeof prepare>;
const contents = ({ files, read }: Prepared) => files().map((name) => [name, read(name)]);
const claimsOf = ({ read }: Prepared, name: string) => parseCredentials(read(name)).claims;

test('every file is for its owner alone, and a second run changes none', () => {
  const prepared = prepare();
  expect(prepared.make().filter((line) => line.startsWith('issue')).length).toBe(2 + 8 + 2 * 4);
  for (const file of prepared.files())
    expect(statSync(join(prepared.folder, file)).mode & 0o777, file).toBe(0o600);
  const first = contents(prepared);
  expect(prepared.make(START + 200 * DAY_S).every((line) => line.startsWith('keep '))).toBe(true);
  expect(contents(prepared)).toEqual(first);
});

test('what is sent to a commune has no key of the province, and nothing of another commune', () => {
  const prepared = prepare();
  prepared.make();
  const { read, files } = prepared;
  const secrets = [
    ...files().filter((name) => name.startsWith('keys/')),
    ...files().filter((name) => name.startsWith(`leaves/${neighbour}/`) && name.endsWith('.creds')),
  ].map((name) => (name.endsWith('.creds') ? parseCredentials(read(name)).seed : read(name).trim()));
  expect(secrets).toHaveLength(5 + 4);
  for (const name of files().filter((name) => name.startsWith(`leaves/${commune}/`))) {
    for (const secret of secrets) expect(read(name)).not.toContain(secret);
    expect(read(name)).not.toContain(neighbour);
  }
  for (const name of ['hub/accounts.conf', 'hub/settings.conf'])
    for (const secret of secrets) expect(read(name)).not.toContain(secret);
});

test('--dry-run writes nothing', () => {
  const prepared = prepare();
  expect(prepared.make(START, { dryRun: true })).toContainEqual(
    expect.stringMatching(/^issue {3}services\/feed\.creds until 2028-01-15$/),
  );
  expect(prepared.files()).toEqual([]);
});

test('credentials expire after a year, and are renewed for the same key in its last quarter', () => {
  const prepared = prepare();
  prepared.make();
  const name = `leaves/${commune}/hub.creds`;
  const before = claimsOf(prepared, name);
  expect(before).toMatchObject({ iat: START, exp: START + 365 * DAY_S });
  const hub = prepared.read('hub/accounts.conf');
  const later = START + 300 * DAY_S;
  const reported = prepared.make(later);
  expect(reported.every((line) => line.startsWith('renew '))).toBe(true);
  expect(claimsOf(prepared, name)).toMatchObject({ sub: before.sub, exp: later + 365 * DAY_S });
  // No server has to be reloaded.
  expect(prepared.read('hub/accounts.conf')).toBe(hub);
  expect(prepared.make(later + 400 * DAY_S).every((line) => line.startsWith('EXPIRED '))).toBe(true);
});

test('a leaf that the plan no longer has, and one to revoke, lose their credentials', () => {
  const prepared = prepare();
  prepared.make();
  const [lost, gone] = [commune, neighbour].map((id) => claimsOf(prepared, `leaves/${id}/hub.creds`));
  prepared.write([commune]);
  const reported = prepared.make(START + DAY_S, { revoke: commune });
  expect(reported.filter((line) => line.startsWith('revoke'))).toHaveLength(8);
  const revocations = (jwt: string | undefined) =>
    JSON.parse(Buffer.from(jwt?.split('.')[1] ?? '', 'base64url').toString()).nats.revocations ?? {};
  const accounts = [...prepared.read('hub/accounts.conf').matchAll(/"(ey\S+)"/g)].map(([, jwt]) => jwt);
  const revoked = Object.assign({}, ...accounts.map(revocations));
  for (const claims of [lost, gone]) expect(revoked[claims?.sub ?? '']).toBe(claims?.exp);
  expect(claimsOf(prepared, `leaves/${commune}/hub.creds`).sub).not.toBe(lost?.sub);
  expect(prepared.files()).not.toContain(`leaves/${neighbour}/hub.creds`);
  expect(() => prepared.make(START, { revoke: neighbour })).toThrow(
    `plan.json has no leaf node ${neighbour}`,
  );
});

test('a wrong plan is refused with every wrong field', () => {
  const { folder, make } = prepare();
  const leaves = { 'no-uuid': { name: 'x', readers: ['hub'] } };
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ hub: { url: 'nats://x' }, leaves }));
  expect(() => make()).toThrow(/hub\.url: must be tls:\/\/host:port.*leaves\.no-uuid/s);
});

test('the command makes the files, and nats-server accepts each configuration', async () => {
  const { folder } = prepare();
  const authority = await developmentAuthority(join(folder, 'own'));
  authority.close();
  cpSync(authority.caFile, join(folder, 'ca.pem'));
  const run = spawnSync(process.execPath, [join(root, 'deploy/nats/main.ts'), folder], { encoding: 'utf8' });
  expect(run).toMatchObject({ status: 0, stderr: '' });
  expect(run.stdout).toContain(`issue   leaves/${commune}/ho-so.creds until `);
  for (const name of ['cert.pem', 'key.pem'])
    cpSync(join(folder, 'own', name), join(folder, 'hub/tls', name));
  const { path } = await findNatsServer();
  for (const [home, conf] of [
    ['hub', 'hub.conf'],
    ['hub', 'hub.cluster.conf'],
    [`leaves/${commune}`, 'leaf.conf'],
  ] as const) {
    const env = { ...childEnvironment(), NATS_NAME: 'nats-1' };
    const check = spawnSync(path, ['-c', conf, '-t'], { cwd: join(folder, home), env, encoding: 'utf8' });
    expect(`${check.stdout}${check.stderr}`, conf).toContain('is valid');
  }
});

test('three servers of the hub form a cluster that keeps each event three times', async () => {
  const prepared = prepare();
  const { folder } = prepared;
  const authority = certificate({ commonName: 'test authority' });
  const pair = certificate({ by: authority, names: ['localhost'] });
  writeFileSync(join(folder, 'ca.pem'), authority.cert);
  prepared.make(Math.floor(Date.now() / 1000));
  const ports: number[][] = [];
  for (let i = 0; i < 3; i += 1) ports.push([await freePort(), await freePort(), await freePort()]);
  const routes = JSON.stringify(ports.map(([, , cluster]) => `tls://localhost:${cluster}`));
  const { path } = await findNatsServer();
  for (const [i, [client, leaf, cluster]] of ports.entries()) {
    const home = join(folder, `nats-${i}`);
    cpSync(join(folder, 'hub'), home, { recursive: true });
    writeFileSync(join(home, 'tls/cert.pem'), pair.cert);
    writeFileSync(join(home, 'tls/key.pem'), pair.key);
    const settings = `LISTEN: "127.0.0.1:${client}"\nLEAF_LISTEN: "127.0.0.1:${leaf}"\n`;
    writeFileSync(join(home, 'settings.conf'), settings);
    const ofCluster = `CLUSTER_LISTEN: "127.0.0.1:${cluster}"\nROUTES: ${routes}\n`;
    writeFileSync(join(home, 'settings.cluster.conf'), ofCluster);
    const env = { ...childEnvironment(), NATS_NAME: `nats-${i}` };
    const server = spawn(path, ['-c', 'hub.cluster.conf'], { cwd: home, env, stdio: 'ignore' });
    onTestFinished(async () => {
      server.kill('SIGKILL');
      await once(server, 'exit');
    });
  }
  const connection = await connectNats(
    {
      url: ports.map(([client]) => `tls://localhost:${client}`).join(','),
      caFile: join(folder, 'ca.pem'),
      credsFile: join(folder, 'services/casework.creds'),
    },
    'casework',
  );
  onTestFinished(() => connection.close());
  const { streams } = await jetstreamManager(connection, { checkAPI: false });
  const made = { name: 'LT_CASEWORK', subjects: ['lt.casework.>'], num_replicas: 3 };
  // The servers elect a leader first.
  await vi.waitFor(() => streams.add(made), { timeout: 40_000, interval: 500 });
  await vi.waitFor(async () => {
    const { cluster } = await streams.info('LT_CASEWORK');
    expect(cluster?.replicas?.map(({ current }) => current)).toEqual([true, true]);
  }, 20_000);
  const { seq } = await jetstream(connection).publish('lt.casework.dossier.lodged.H61', 'x');
  expect(seq).toBe(1);
});
