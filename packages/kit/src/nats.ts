import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuthorizationError,
  credsAuthenticator,
  InvalidArgumentError,
  type NatsConnection,
  nkeyAuthenticator,
  UserAuthenticationExpiredError,
} from '@nats-io/nats-core';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { z } from 'zod';
import { MIN_VERSION } from './tls/key-pair.ts';
import { isLoopback } from './tls/listen-tls.ts';

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
  /** The path of a certificate to show to the server, and of its key. */
  certFile?: string | undefined;
  keyFile?: string | undefined;
  /** TLS from the first byte, instead of after the server's greeting. */
  tlsFirst?: boolean;
  /** Plain text is allowed to other machines. */
  plain?: boolean;
}

export const natsSettings = z.object({
  NATS_NKEY_FILE: z
    .string()
    .optional()
    .describe('a file with the seed of the key pair (nkey) to log in to NATS with'),
  NATS_CREDS_FILE: z.string().optional().describe('a credentials file (JWT and seed) to log in to NATS with'),
  NATS_CA: z
    .string()
    .optional()
    .describe("a file with the certificates NATS' is checked against, instead of the system's"),
  NATS_CERT_FILE: z.string().optional().describe('a PEM file with a certificate to show to NATS'),
  NATS_KEY_FILE: z.string().optional().describe('a PEM file with the key of NATS_CERT_FILE'),
  NATS_TLS: z
    .enum(['by-url', 'first', 'off'])
    .default('by-url')
    .describe(
      '"first": TLS from the first byte, where nats-server has handshake_first; "off": plain text to other machines, where something else protects the way',
    ),
});

export function readNatsAccess(settings: z.output<typeof natsSettings> & { NATS_URL: string }): NatsAccess {
  const { NATS_URL: url, NATS_NKEY_FILE: file, NATS_TLS: mode } = settings;
  return {
    url,
    nkeySeed: file && readFileSync(file, 'utf8').trim(),
    credsFile: settings.NATS_CREDS_FILE,
    caFile: settings.NATS_CA,
    certFile: settings.NATS_CERT_FILE,
    keyFile: settings.NATS_KEY_FILE,
    tlsFirst: mode === 'first',
    plain: mode === 'off',
  };
}

const RETRY_MS = 250;
/** A server that is silent for two or three of these is left: the default of nats.js, two minutes, is for idle lines. */
const PING_MS = 2_000;
/** The longest time for a server to let the connection in, before another one is tried. */
const DIAL_MS = 3_000;
/** Errors of a first connection that waiting does not help against. */
const LASTING = [AuthorizationError, UserAuthenticationExpiredError, InvalidArgumentError];

/**
 * Connects for good: waits for a server that is not there yet, and connects again when it was away or when it refuses
 * credentials that have expired, until they are renewed. Replies go to subjects below `_INBOX.<name>`, so that a user can
 * be kept from reading the replies to others.
 * @throws when the first server that is there refuses the login
 */
export async function connectNats(access: NatsAccess, name: string): Promise<NatsConnection> {
  const options = {
    ...natsOptions(access),
    name,
    inboxPrefix: inboxOf(name),
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    pingInterval: PING_MS,
    timeout: DIAL_MS,
    ignoreAuthErrorAbort: true,
    // Without the stack of the caller in the errors of requests: an Error for every published run is dear.
    noAsyncTraces: true,
  };
  for (;;) {
    try {
      return await connect(options);
    } catch (error) {
      if (LASTING.some((kind) => error instanceof kind)) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Where the replies to a user's requests go. */
export const inboxOf = (name: string): string => `_INBOX.${name}`;

/**
 * Servers, login and TLS as nats.js takes them: by itself it ignores the login of a URL.
 * @throws with words when nothing protects the way to another machine
 */
export function natsOptions(access: NatsAccess): NodeConnectionOptions {
  const { url, nkeySeed, credsFile } = access;
  const urls = url
    .split(',')
    .map((one) => new URL(one.includes('://') ? one.trim() : `nats://${one.trim()}`));
  const [first] = urls as [URL, ...URL[]];
  const login = first.username === '' ? {} : { user: decodeURIComponent(first.username) };
  const secret = first.password === '' ? {} : { pass: decodeURIComponent(first.password) };
  const authenticator = credsFile
    ? credsAuthenticator(credentials(credsFile))
    : nkeySeed && nkeyAuthenticator(new TextEncoder().encode(nkeySeed));
  const tls = tlsOf(access, urls);
  return {
    servers: urls.map(({ host }) => host),
    ...login,
    ...secret,
    ...(authenticator ? { authenticator } : {}),
    ...(tls ? { tls } : {}),
  };
}

/** Reads the file for each connection: credentials expire, and what renews them replaces the file. */
function credentials(file: string): () => Uint8Array {
  let kept = readFileSync(file);
  return () => {
    // nats.js would close the connection for good at an error here.
    if (existsSync(file)) kept = readFileSync(file);
    return kept;
  };
}

function tlsOf(access: NatsAccess, urls: readonly URL[]): NodeConnectionOptions['tls'] {
  const { caFile, certFile, keyFile, tlsFirst = false, plain = false } = access;
  if (!caFile && !certFile && !tlsFirst && urls.every(({ protocol }) => protocol !== 'tls:')) {
    const open = urls.find(({ hostname }) => !isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')));
    if (open && !plain)
      throw new Error(
        `the way to NATS at ${open.host} is not protected: write tls:// in its URL, or set NATS_TLS=off where something else protects it`,
      );
    return undefined;
  }
  // nats.js reads the files for each connection, and gives what it does not know itself to node:tls.
  return {
    ...(caFile && { caFile }),
    ...(certFile && { certFile, keyFile }),
    ...(tlsFirst && { handshakeFirst: true }),
    ...{ minVersion: MIN_VERSION },
  };
}
