import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { MIN_VERSION } from '../tls/key-pair.ts';
import { isLoopback } from '../tls/listen-tls.ts';

/** How to reach a server, as pg takes it. */
export interface PostgresServer {
  connectionString: string;
  /** False: plain text. */
  ssl: ConnectionOptions | false;
}

/**
 * The server of a URL. `?sslmode=verify-full` is TLS that checks the certificate and the host's name, by default against
 * the system's authorities; the files `sslrootcert`, `sslcert` and `sslkey` are those of libpq.
 * @throws with words when nothing protects the way to another machine, or a file cannot be read
 */
export function serverOf(url: string): PostgresServer {
  const server = new URL(url);
  const query = server.searchParams;
  const take = (name: string) => {
    const value = query.get(name) ?? undefined;
    query.delete(name);
    return value;
  };
  const mode = take('sslmode');
  const files = { ca: take('sslrootcert'), cert: take('sslcert'), key: take('sslkey') };
  const connectionString = server.href;
  if (mode === 'verify-full') return { connectionString, ssl: { secureContext: contextOf(files) } };
  if (mode !== undefined && mode !== 'disable')
    throw new Error(`sslmode=${mode} in the URL of PostgreSQL: use verify-full, or disable`);
  const host = query.get('host') ?? decodeURIComponent(server.hostname.replace(/^\[(.*)\]$/, '$1'));
  // A path is a socket of this machine.
  if (mode === undefined && !isLoopback(host) && !host.startsWith('/'))
    throw new Error(
      `the way to PostgreSQL at ${host} is not protected: add ?sslmode=verify-full&sslrootcert=FILE to its URL, or ?sslmode=disable where something else protects it`,
    );
  return { connectionString, ssl: false };
}

/** The same for many connections: each one reads the files again; when that fails, it takes what was read last. */
export function serverOfMany(url: string, onError: (error: Error) => void): PostgresServer {
  const { connectionString, ssl } = serverOf(url);
  if (!ssl) return { connectionString, ssl };
  let last = ssl.secureContext;
  const renewing = {
    get secureContext() {
      try {
        const now = serverOf(url).ssl;
        if (now) last = now.secureContext;
      } catch (error) {
        onError(error as Error);
      }
      return last;
    },
  };
  return { connectionString, ssl: renewing };
}

function contextOf(files: Readonly<Record<'ca' | 'cert' | 'key', string | undefined>>) {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file));
  return createSecureContext({
    minVersion: MIN_VERSION,
    ca: read(files.ca),
    cert: read(files.cert),
    key: read(files.key),
  });
}
