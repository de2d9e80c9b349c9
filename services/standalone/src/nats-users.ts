import { join } from 'node:path';
import type { NatsUser } from '@lienthong/embedded';
import { type EventSource, type NatsPermissions, servicePermissions } from '@lienthong/eventlog';
import { keptSecret, type NatsAccess } from '@lienthong/kit';
import { nkeys } from '@nats-io/nats-core';

/** Each service that records events, with the stream that it publishes to. */
export const SOURCES: Readonly<Record<string, EventSource>> = {
  'agency-directory': 'directory',
  'procedure-registry': 'registry',
  'document-routing': 'routing',
  casework: 'casework',
  feed: 'feed',
  notification: 'notification',
  audit: 'audit',
};
/** They only read streams. */
const READERS = ['traces'];

/** A service's user of NATS: its key pair and what it may do. */
export interface ServiceUser extends NatsUser {
  service: string;
  /** Of the key pair, `SU…`. */
  seed: string;
}

/** Each service with what its user may do. */
export const serviceGrants = (root: string) =>
  [...Object.keys(SOURCES), ...READERS].map((service) => ({
    service,
    ...servicePermissions(service, SOURCES[service], root),
  }));

/** One user for each service. The seeds are made once and kept in the folder, one file each. */
export const natsUsers = (folder: string, root: string): Promise<ServiceUser[]> =>
  Promise.all(
    serviceGrants(root).map(async (grant) => {
      const seed = await keptSecret(join(folder, 'nats-users'), grant.service, makeSeed);
      return { ...grant, seed, nkey: publicKeyOf(seed) };
    }),
  );

/** What one user may do, as nats-server's configuration takes it. */
export const userEntry = (nkey: string, { publish, subscribe }: NatsPermissions) =>
  // An empty list allows everything.
  ({ nkey, permissions: { publish: publish.length > 0 ? publish : { deny: '>' }, subscribe } });

/** The part of nats-server's configuration that lets users in. JSON is valid there. */
export const usersConfiguration = (users: readonly unknown[]): string =>
  `authorization { users: ${JSON.stringify(users, undefined, 2)} }`;

/** How each service of the process logs in to the NATS of the users. */
export function accessOf(
  administrator: NatsAccess,
  users: readonly ServiceUser[],
): (service: string) => NatsAccess {
  const { protocol, host } = new URL(administrator.url);
  return (service) => {
    const user = users.find((one) => one.service === service);
    if (user === undefined) throw new Error(`there is no user of NATS for the service ${service}`);
    return { ...administrator, url: `${protocol}//${host}`, nkeySeed: user.seed };
  };
}

export const makeSeed = (): string => new TextDecoder().decode(nkeys.createUser().getSeed());
export const publicKeyOf = (seed: string): string =>
  nkeys.fromSeed(new TextEncoder().encode(seed)).getPublicKey();
