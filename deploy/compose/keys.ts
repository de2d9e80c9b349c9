/**
 * Makes what the containers need to know and nobody else may: passwords, keys and certificates.
 *
 *   node deploy/compose/keys.ts <keys> <config>
 *
 * What is secret is made once and kept: in <keys>/operator, and the roles' passwords in <keys>/migrate. The other folders
 * of <keys> belong to one container each and are written again at each run: a service has its own secrets and no others.
 */
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createSigningKey } from '@lienthong/audit/signing-key';
import { developmentAuthority } from '@lienthong/embedded';
import {
  baseSettings,
  developmentIssuer,
  keptSecret,
  readIssuers,
  readSettings,
  roleOf,
  schemaOf,
} from '@lienthong/kit';
import { databaseRoles } from '@lienthong/standalone/database-roles';
import {
  makeSeed,
  natsUsers,
  publicKeyOf,
  userEntry,
  usersConfiguration,
} from '@lienthong/standalone/nats-users';
import { z } from 'zod';

/** The user of the image, and of the gateway. */
const USER = 1000;
/** They seal what persons gave. */
const SEALING = ['casework', 'feed', 'notification'];

const [keys, config] = process.argv.slice(2);
if (keys === undefined || config === undefined) throw new Error('use: keys.ts <keys> <config>');
const settings = readSettings(
  z.object({
    LIENTHONG_NAME: z.string().describe('the host name by which agencies reach the gateway'),
    LIENTHONG_DATABASE: z
      .string()
      .default('postgres:5432/lienthong?sslmode=disable')
      .describe('the database as URLs have it behind the role: host:port/name?options'),
    TRIAL_ISSUER: z
      .enum(['true', 'false'])
      .default('false')
      .describe('"true": tokens of an issuer of this folder are accepted, which compose.trial.yaml explains'),
    OIDC_ISSUER: z.url().optional().describe('the OpenID provider that signs staff in at the console'),
    SUBJECT_ROOT: baseSettings.shape.SUBJECT_ROOT,
  }),
  process.env,
);
const SERVER = settings.LIENTHONG_DATABASE;
const trial = settings.TRIAL_ISSUER === 'true';
// A service without it ends at its start; here the reason is the last thing that `up` shows.
const issuers = trial ? [] : await readIssuers(join(config, 'issuers.json'));

const operator = folder('operator');
const users = await natsUsers(operator, settings.SUBJECT_ROOT);
const migrate = folder('migrate');
const roles = await databaseRoles(
  migrate,
  users.map(({ service }) => service),
);
const newKeys = () => `k1:${randomBytes(32).toString('base64')}`;
const sealingKeys = await keptSecret(operator, 'sealing-keys', newKeys);
const eventKeys = await keptSecret(operator, 'event-keys', newKeys);
const makePassword = () => randomBytes(24).toString('base64url');
const password = await keptSecret(operator, 'postgres-password', makePassword);
const administrator = await keptSecret(operator, 'nats-administrator', makeSeed);

place(migrate, 'settings.env', { MIGRATION_DATABASE_URL: `postgres://postgres:${password}@${SERVER}` });
for (const role of roles) own(join(migrate, 'database-roles', role.schema));
const postgres = folder('postgres');
place(postgres, 'password', password);
place(postgres, 'backup-passphrase', await keptSecret(operator, 'backup-passphrase', makePassword));
// For the commands of a restore, which an operator runs.
const restore = folder('restore');
place(restore, 'nats.nk', administrator);
place(restore, 'settings.env', {
  MIGRATION_DATABASE_URL: `postgres://postgres:${password}@${SERVER}`,
  DRILL_DATABASE_URL: `postgres://postgres:${password}@drill-${SERVER}`,
  EVENT_MAC_KEYS: eventKeys,
});
// It holds public keys alone, and nats-server runs as another user.
const entries = [
  { nkey: publicKeyOf(administrator) },
  ...users.map(({ nkey, publish, subscribe }) => userEntry(nkey, { publish, subscribe })),
];
place(folder('nats'), 'users.conf', `${usersConfiguration(entries)}\n`, 0o644);

for (const { service, seed } of users) {
  const role = roles.find(({ schema }) => schema === schemaOf(service));
  if (role === undefined) throw new Error(`there is no role for the service ${service}`);
  const home = folder(service);
  place(home, 'nats.nk', seed);
  place(home, 'settings.env', {
    DATABASE_URL: `postgres://${roleOf(role.schema)}:${role.password}@${SERVER}`,
    EVENT_MAC_KEYS: eventKeys,
    ...(SEALING.includes(service) && { LIENTHONG_SEALING_KEYS: sealingKeys }),
  });
}
// An issuer that has no address signs nobody in: citizens' pages need none.
const provider = settings.OIDC_ISSUER ?? issuers.find(({ issuer }) => URL.canParse(issuer))?.issuer;
place(folder('console'), 'settings.env', {
  SESSION_KEYS: await keptSecret(operator, 'session-keys', newKeys),
  OIDC_ISSUER: provider ?? 'https://none.invalid',
});
if (provider === undefined) console.log('nobody can sign in at the console: OIDC_ISSUER names no provider');
const log = join(folder('audit-log'), 'signing-key');
await createSigningKey(log, `${settings.LIENTHONG_NAME}/audit`);
own(log);

const gateway = folder('gateway');
const given = join(config, 'gateway.pem');
if (existsSync(given)) place(gateway, 'gateway.pem', readFileSync(given, 'utf8'));
else {
  // Containers of this machine reach it by the last one.
  const names = [...new Set([settings.LIENTHONG_NAME, 'localhost', 'gateway'])];
  const authority = await developmentAuthority(join(operator, 'tls'), { names });
  authority.close();
  const read = (file: string) => readFileSync(file, 'utf8');
  place(gateway, 'gateway.pem', read(authority.certFile) + read(authority.keyFile));
  place(gateway, 'ca.pem', read(authority.caFile), 0o644);
}
if (trial) {
  const [home, issuer] = [folder('trial'), folder('issuer')];
  await (await developmentIssuer(home)).publish(issuer);
  place(folder('trial/tls'), 'ca.pem', readFileSync(join(keys, 'gateway/ca.pem'), 'utf8'));
  for (const made of [home, issuer])
    for (const file of readdirSync(made, { withFileTypes: true }))
      if (file.isFile()) own(join(made, file.name));
}
console.log(`keys are in place for ${settings.LIENTHONG_NAME}`);

/** A folder of one container, which its user alone enters. */
function folder(name: string): string {
  const path = join(keys as string, name);
  // nats-server and PostgreSQL start as other users than the image's.
  mkdirSync(path, { recursive: true, mode: name === 'nats' || name === 'postgres' ? 0o755 : 0o700 });
  own(path);
  return path;
}

/** Replaces a file at once: a reader finds the old content or the new one. */
function place(
  path: string,
  name: string,
  content: string | Readonly<Record<string, string>>,
  mode = 0o600,
): void {
  const file = join(path, name);
  const text =
    typeof content === 'string'
      ? content
      : Object.entries(content)
          .map((pair) => `${pair.join('=')}\n`)
          .join('');
  writeFileSync(`${file}.new`, text, { mode });
  own(`${file}.new`);
  renameSync(`${file}.new`, file);
}

/** Without root, outside of a container, the files are the caller's. */
function own(path: string): void {
  if (process.getuid?.() === 0) chownSync(path, USER, USER);
}
