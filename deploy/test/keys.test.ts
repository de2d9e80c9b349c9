import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readSigningKeys } from '@lienthong/audit/signing-key';
import {
  baseSettings,
  developmentIssuer,
  parseKeys,
  readIssuers,
  readSettings,
  tokenVerifier,
} from '@lienthong/kit';
import { certificate } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { composeFile, root, serviceNames } from './support/compose-file.ts';

const names = serviceNames;

async function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [keys, config] = [join(folder, 'keys'), join(folder, 'config')];
  mkdirSync(config);
  await (await developmentIssuer()).publish(config);
  const run = (env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [join(root, 'deploy/compose/keys.ts'), keys, config], {
      env: { PATH: process.env.PATH, LIENTHONG_NAME: 'lienthong.example.vn', ...env },
      encoding: 'utf8',
    });
  return { keys, config, run, read: (file: string) => readFileSync(join(keys, file), 'utf8') };
}

test('each service can start with its folder and the compose file, and has no secret of another', async () => {
  const { keys, run, read } = await prepare();
  expect(run()).toMatchObject({ status: 0, stderr: '' });
  const { services } = composeFile('deploy/compose/compose.yaml');
  const secrets = new Map<string, string>();
  for (const name of names) {
    const own = parseEnv(read(`${name}/settings.env`));
    const settings = readSettings(baseSettings, { ...services[name]?.environment, ...own });
    const { username, password, hostname } = new URL(settings.DATABASE_URL);
    expect(username).toBe(`lienthong_${name.replaceAll('-', '_')}`);
    expect(hostname).toBe('postgres');
    expect(parseKeys(own.EVENT_MAC_KEYS ?? '').ok, name).toBe(true);
    expect(parseKeys(own.LIENTHONG_SEALING_KEYS ?? '').ok, name).toBe(
      ['casework', 'feed', 'notification'].includes(name),
    );
    secrets.set(`password of ${name}`, password).set(`seed of ${name}`, read(`${name}/nats.nk`).trim());
    expect(statSync(join(keys, name)).mode & 0o777, name).toBe(0o700);
    expect(statSync(join(keys, name, 'settings.env')).mode & 0o777, name).toBe(0o600);
  }
  expect(new Set(secrets.values()).size).toBe(2 * names.length);
  for (const name of names)
    for (const file of readdirSync(join(keys, name)))
      for (const [what, secret] of secrets)
        if (!what.endsWith(` of ${name}`))
          expect(read(`${name}/${file}`), `${name}: ${what}`).not.toContain(secret);
  // nats-server knows public keys alone.
  for (const secret of secrets.values()) expect(read('nats/users.conf')).not.toContain(secret);
  expect((await readSigningKeys(join(keys, 'audit-log/signing-key'))).origin).toBe(
    'lienthong.example.vn/audit',
  );
});

test('backups are encrypted, and the commands of a restore know the administrators', async () => {
  const { run, read } = await prepare();
  run();
  expect(read('postgres/backup-passphrase')).toBe(read('operator/backup-passphrase').trim());
  expect(read('operator/backup-passphrase')).toMatch(/^[\w-]{32}\n$/);
  const { MIGRATION_DATABASE_URL, DRILL_DATABASE_URL, EVENT_MAC_KEYS } = parseEnv(
    read('restore/settings.env'),
  );
  expect(new URL(MIGRATION_DATABASE_URL as string).host).toBe('postgres:5432');
  expect(new URL(DRILL_DATABASE_URL as string).host).toBe('drill-postgres:5432');
  expect(EVENT_MAC_KEYS).toBe(parseEnv(read('casework/settings.env')).EVENT_MAC_KEYS);
  expect(read('restore/nats.nk')).toBe(read('operator/nats-administrator').trim());
});

test('the console seals sessions by its own keys and knows the provider of the issuers, or another one', async () => {
  const { config, run, read } = await prepare();
  const provider = () => parseEnv(read('console/settings.env')).OIDC_ISSUER;
  expect(run().stdout).toContain('nobody can sign in at the console: OIDC_ISSUER names no provider');
  const { SESSION_KEYS } = parseEnv(read('console/settings.env'));
  expect(parseKeys(SESSION_KEYS ?? '').ok).toBe(true);
  expect(SESSION_KEYS).not.toBe(parseEnv(read('casework/settings.env')).LIENTHONG_SEALING_KEYS);
  const issuer = 'https://sso.example.vn/realms/tinh';
  writeFileSync(join(config, 'issuers.json'), JSON.stringify([{ issuer }]));
  expect(run().stdout).not.toContain('nobody');
  expect(provider()).toBe(issuer);
  run({ OIDC_ISSUER: 'https://other.example.vn' });
  expect(provider()).toBe('https://other.example.vn');
});

test('secrets are made once', async () => {
  const { keys, run } = await prepare();
  const all = () =>
    readdirSync(keys, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')])
      .sort();
  run();
  const first = all();
  expect(first.length).toBeGreaterThan(25);
  expect(run().status).toBe(0);
  expect(all()).toEqual(first);
});

test('the gateway has a certificate for its name, or the one that the operator gives', async () => {
  const { config, run, read } = await prepare();
  run();
  const made = read('gateway/gateway.pem');
  const cert = new X509Certificate(made);
  expect(cert.checkHost('lienthong.example.vn')).toBe('lienthong.example.vn');
  expect(cert.checkHost('localhost')).toBe('localhost');
  expect(cert.checkIssued(new X509Certificate(read('gateway/ca.pem')))).toBe(true);
  expect(cert.checkPrivateKey(createPrivateKey(made.slice(made.indexOf('-----BEGIN PRIVATE'))))).toBe(true);
  const given = certificate({ names: ['lienthong.example.vn'] });
  writeFileSync(join(config, 'gateway.pem'), given.cert + given.key);
  run();
  expect(read('gateway/gateway.pem')).toBe(given.cert + given.key);
});

test('a trial has an issuer of its own, whose key no service has', async () => {
  const { keys, config, run, read } = await prepare();
  rmSync(join(config, 'issuers.json'));
  expect(run({ TRIAL_ISSUER: 'true' })).toMatchObject({ status: 0, stderr: '' });
  const issuer = await developmentIssuer(join(keys, 'trial'));
  const verify = tokenVerifier(await readIssuers(join(keys, 'issuer/issuers.json')), { maxAgeHours: 24 });
  const caller = { agencyId: '', officerId: 'administrator', roles: ['admin' as const] };
  expect(await verify(await issuer.issue(caller))).toMatchObject({
    officerId: 'administrator',
    granted: ['admin'],
  });
  expect(read('trial/tls/ca.pem')).toBe(read('gateway/ca.pem'));
  expect(readdirSync(join(keys, 'issuer')).sort()).toEqual(['issuers.json', 'jwks.json']);
  expect(read('issuer/jwks.json')).not.toContain('"d"');
});

test('without issuers nothing is made, and the reason is given', async () => {
  const { keys, config, run } = await prepare();
  rmSync(join(config, 'issuers.json'));
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toMatch(/TOKEN_ISSUERS: .*issuers\.json cannot be read/);
  expect(() => statSync(keys)).toThrow();
});
