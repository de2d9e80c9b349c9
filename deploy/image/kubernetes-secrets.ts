/**
 * Prints the Secrets that the Helm chart uses, for `kubectl apply -f -`: what keys.ts has made, with what the operator
 * adds.
 *
 *   node deploy/image/kubernetes-secrets.ts <keys> <config> [release]
 *
 * In <config>, all optional: <service>.env and migrate.env have further secret settings; postgresql.pem and nats.pem
 * are the authorities of their certificates; edxml-gateway/ has systems.json and the files that it names; nats/ is the folder of deploy/nats, whose accounts then take the place of
 * users.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [keys, config, release = 'lien-thong'] = process.argv.slice(2);
if (keys === undefined || config === undefined)
  throw new Error('use: kubernetes-secrets.ts <keys> <config> [release]');

/** The services' folders are those with a login to NATS. */
const services = readdirSync(keys).filter(
  (name) => existsSync(join(keys, name, 'nats.nk')) && name !== 'restore',
);
const authorities = filesOf(config, (name) => name === 'postgresql.pem' || name === 'nats.pem');
/** Credentials of accounts of NATS, with which leaf nodes may connect. */
const accounts = existsSync(join(config, 'nats')) ? join(config, 'nats') : undefined;
const edxml = join(config, 'edxml-gateway');
const roles = filesOf(join(keys, 'migrate/database-roles'));
const secrets = {
  ...Object.fromEntries(
    services.map((name) => [
      name,
      {
        ...filesOf(join(keys, name)),
        ...authorities,
        'settings.env': settingsOf(name),
        ...(accounts && { 'nats.creds': readFileSync(join(accounts, 'services', `${name}.creds`), 'utf8') }),
        ...(name === 'audit' && filesOf(join(keys, 'audit-log'), (file) => file === 'signing-key')),
      },
    ]),
  ),
  console: { 'settings.env': settingsOf('console') },
  ...(existsSync(edxml) && { 'edxml-gateway': filesOf(edxml) }),
  migrate: {
    ...Object.fromEntries(Object.entries(roles).map(([schema, text]) => [`database-roles.${schema}`, text])),
    ...authorities,
    'settings.env': settingsOf('migrate'),
  },
  'nats-users': {
    'users.conf': readFileSync(
      accounts ? join(accounts, 'hub/accounts.conf') : join(keys, 'nats/users.conf'),
      'utf8',
    ),
  },
};
const items = Object.entries(secrets).map(([name, stringData]) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: `${release}-${name}`, labels: { 'app.kubernetes.io/instance': release } },
  stringData,
}));
console.log(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 1));

/** Node takes the last one of two lines for the same setting, so the operator's count. */
function settingsOf(name: string): string {
  const made = readFileSync(join(keys as string, name, 'settings.env'), 'utf8');
  const added = join(config as string, `${name}.env`);
  return existsSync(added) ? made + readFileSync(added, 'utf8') : made;
}

/** The texts of a folder's files by their names. */
function filesOf(folder: string, wanted: (name: string) => boolean = () => true): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (one) => one.isFile() && wanted(one.name),
  );
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')]));
}
