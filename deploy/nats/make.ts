import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leafPermissions, sliceReaderPermissions } from '@lienthong/eventlog';
import { serviceGrants } from '@lienthong/standalone/nats-users';
import { nkeys } from '@nats-io/nats-core';
import { accountJwt, accountsConfiguration, operatorJwt, SYSTEM } from './accounts.ts';
import type { Folder } from './folder.ts';
import type { KeyPair } from './jwt.ts';
import type { Plan } from './plan.ts';

type Leaf = Plan['leaves'][string];

/** What a server believes in every part of the platform. */
interface Authority {
  operator: KeyPair;
  /** Signs users of the hub. */
  platform: KeyPair;
  system: KeyPair;
  /** The certificate of the authority that signed the hub's, PEM. */
  certificate: string;
  revoked: Readonly<Record<string, number>>;
}

/**
 * Makes what the plan needs and the folder lacks. Credentials of leaf nodes that the plan no longer has, and of the one to
 * revoke, become useless.
 */
export function makeFiles(folder: Folder, plan: Plan, revoke?: string): void {
  const certificate = folder.read('ca.pem');
  if (certificate === undefined) throw new Error("ca.pem is missing: the authority of the hub's certificate");
  if (revoke !== undefined && plan.leaves[revoke] === undefined)
    throw new Error(`plan.json has no leaf node ${revoke}`);
  for (const agencyId of folder.names('leaves'))
    if (plan.leaves[agencyId] === undefined || agencyId === revoke)
      for (const name of folder.names(`leaves/${agencyId}`))
        if (name.endsWith('.creds')) folder.revoke(`leaves/${agencyId}/${name}`);
  const authority = {
    operator: folder.key('keys/operator', nkeys.createOperator),
    system: folder.key('keys/system', nkeys.createAccount),
    platform: folder.key('keys/platform', nkeys.createAccount),
    certificate,
    revoked: folder.revoked(),
  };
  makeHub(folder, plan, authority);
  for (const [agencyId, leaf] of Object.entries(plan.leaves))
    makeLeaf(folder, plan, authority, agencyId, leaf);
}

function makeHub(folder: Folder, { hub, subjectRoot }: Plan, authority: Authority): void {
  const { platform, system, certificate } = authority;
  folder.place('hub/accounts.conf', believing(authority, 'PLATFORM', platform));
  folder.place('hub/settings.conf', toSettings({ LISTEN: hub.listen, LEAF_LISTEN: hub.leafListen }));
  // Apart: nats-server refuses variables that it does not use.
  folder.place(
    'hub/settings.cluster.conf',
    toSettings({ CLUSTER_LISTEN: hub.clusterListen, ROUTES: hub.routes }),
  );
  for (const name of ['hub.conf', 'hub.cluster.conf']) folder.place(`hub/${name}`, template(name));
  folder.place('hub/tls/ca.pem', certificate);
  const connection = 'STANDARD';
  folder.credentials('operator/system.creds', { name: 'system', connection }, system);
  folder.credentials('operator/administrator.creds', { name: 'administrator', connection }, platform);
  for (const { service, ...permissions } of serviceGrants(subjectRoot))
    folder.credentials(`services/${service}.creds`, { name: service, permissions, connection }, platform);
}

function makeLeaf(
  folder: Folder,
  { hub, subjectRoot }: Plan,
  authority: Authority,
  agencyId: string,
  { readers, listen }: Leaf,
): void {
  const home = `leaves/${agencyId}`;
  const account = folder.key(`keys/leaf-${agencyId}`, nkeys.createAccount);
  folder.place(`${home}/accounts.conf`, believing(authority, agencyId, account));
  folder.place(
    `${home}/settings.conf`,
    toSettings({ AGENCY: agencyId, ACCOUNT: account.getPublicKey(), HUB: hub.url, LISTEN: listen }),
  );
  folder.place(`${home}/leaf.conf`, template('leaf.conf'));
  folder.place(`${home}/ca.pem`, authority.certificate);
  const line = { permissions: leafPermissions(agencyId, subjectRoot), connection: 'LEAFNODE' } as const;
  folder.credentials(`${home}/hub.creds`, { name: `leaf ${agencyId}`, ...line }, authority.platform);
  const connection = 'STANDARD';
  folder.credentials(`${home}/administrator.creds`, { name: 'administrator', connection }, account);
  for (const name of readers) {
    const permissions = sliceReaderPermissions(name, agencyId, subjectRoot);
    folder.credentials(`${home}/${name}.creds`, { name, permissions, connection }, account);
  }
}

/** The configuration of a server that has one account besides the system's. */
function believing({ operator, system, revoked }: Authority, name: string, account: KeyPair): string {
  const systemKey = system.getPublicKey();
  return accountsConfiguration(operatorJwt(operator, systemKey), systemKey, {
    [systemKey]: accountJwt(SYSTEM, system, operator),
    [account.getPublicKey()]: accountJwt(name, account, operator, revoked),
  });
}

const template = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

/** Variables for the configuration that includes them. */
const toSettings = (variables: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
