import type { NatsPermissions } from '@lienthong/eventlog';
import { type Claims, type KeyPair, signJwt } from './jwt.ts';

const ALL = -1;

/** Without a date: the same content gives the same file, so that a server is reloaded only for a reason. */
export const operatorJwt = (operator: KeyPair, systemAccount: string): string =>
  signJwt(
    {
      name: 'lien-thong',
      sub: operator.getPublicKey(),
      nats: { type: 'operator', version: 2, system_account: systemAccount },
    },
    operator,
  );

/** @param revoked users by public key, each with the second up to which its tokens are refused */
export const accountJwt = (
  name: string,
  account: KeyPair,
  operator: KeyPair,
  revoked: Readonly<Record<string, number>> = {},
): string =>
  signJwt(
    {
      name,
      sub: account.getPublicKey(),
      nats: {
        type: 'account',
        version: 2,
        limits: {
          ...{ subs: ALL, data: ALL, payload: ALL, conn: ALL, leaf: ALL, imports: ALL, exports: ALL },
          ...{ wildcards: true },
          // The system account must not have JetStream.
          ...(name !== SYSTEM && { mem_storage: ALL, disk_storage: ALL, streams: ALL, consumer: ALL }),
        },
        default_permissions: { pub: {}, sub: {} },
        revocations: revoked,
      },
    },
    operator,
  );

export const SYSTEM = 'SYSTEM';

export interface User {
  name: string;
  /** Absent for an administrator, who may do everything in the account. */
  permissions?: NatsPermissions;
  /** Who may connect with it: programs or leaf nodes. */
  connection: 'STANDARD' | 'LEAFNODE';
}

/** What the token of a user says, besides its dates. */
export function userClaims({ name, permissions, connection }: User, sub: string): Claims {
  const { publish, subscribe } = permissions ?? { publish: ['>'], subscribe: ['>'] };
  return {
    name,
    sub,
    nats: {
      type: 'user',
      version: 2,
      pub: { allow: publish },
      sub: { allow: subscribe },
      ...{ subs: ALL, data: ALL, payload: ALL },
      allowed_connection_types: [connection],
    },
  };
}

/** The part of nats-server's configuration that says whom it believes. JSON is valid there. */
export const accountsConfiguration = (
  operator: string,
  systemAccount: string,
  accounts: Readonly<Record<string, string>>,
): string =>
  [
    `operator: ${JSON.stringify(operator)}`,
    `system_account: ${JSON.stringify(systemAccount)}`,
    'resolver: MEMORY',
    `resolver_preload: ${JSON.stringify(accounts, undefined, 2)}`,
    '',
  ].join('\n');
