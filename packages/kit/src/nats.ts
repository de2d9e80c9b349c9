import { readFileSync } from 'node:fs';
import { credsAuthenticator, type NatsConnection, nkeyAuthenticator } from '@nats-io/nats-core';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import type { BaseSettings } from './config.ts';

/** How to reach NATS, and as which user. */
export interface NatsAccess {
  /** nats:// or tls://, several with commas between; `user:password@` before the first host counts for all. */
  url: string;
  /** The seed of a key pair (nkey), `SU…`. */
  nkeySeed?: string | undefined;
  /** The path of a credentials file (JWT and seed). */
  credsFile?: string | undefined;
  /** The path of the certificates that the server's is checked against, instead of the system's. */
  caFile?: string | undefined;
}

export function readNatsAccess(
  settings: Pick<BaseSettings, 'NATS_URL' | 'NATS_NKEY_FILE' | 'NATS_CREDS_FILE' | 'NATS_CA'>,
): NatsAccess {
  const { NATS_URL: url, NATS_NKEY_FILE: file, NATS_CREDS_FILE: credsFile, NATS_CA: caFile } = settings;
  return { url, nkeySeed: file && readFileSync(file, 'utf8').trim(), credsFile, caFile };
}

/**
 * Connects for good: waits for a server that is not there yet, and connects again when it was away. Replies go to
 * subjects below `_INBOX.<name>`, so that a user can be kept from reading the replies to others.
 */
export function connectNats(access: NatsAccess, name: string): Promise<NatsConnection> {
  return connect({
    ...natsOptions(access),
    name,
    inboxPrefix: inboxOf(name),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    waitOnFirstConnect: true,
  });
}

/** Where the replies to a user's requests go. */
export const inboxOf = (name: string): string => `_INBOX.${name}`;

/** Servers and login as nats.js takes them: by itself it ignores the login of a URL. */
export function natsOptions({ url, nkeySeed, credsFile, caFile }: NatsAccess): NodeConnectionOptions {
  const urls = url
    .split(',')
    .map((one) => new URL(one.includes('://') ? one.trim() : `nats://${one.trim()}`));
  const [first] = urls as [URL, ...URL[]];
  const login = first.username === '' ? {} : { user: decodeURIComponent(first.username) };
  const secret = first.password === '' ? {} : { pass: decodeURIComponent(first.password) };
  const authenticator = credsFile
    ? credsAuthenticator(readFileSync(credsFile))
    : nkeySeed && nkeyAuthenticator(new TextEncoder().encode(nkeySeed));
  const tls = caFile ? { caFile } : urls.some(({ protocol }) => protocol === 'tls:') ? {} : undefined;
  return {
    servers: urls.map(({ host }) => host),
    ...login,
    ...secret,
    ...(authenticator ? { authenticator } : {}),
    ...(tls ? { tls } : {}),
  };
}
