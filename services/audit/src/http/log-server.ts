import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Database, httpServer, type ListenTls, type Logger, type Worker } from '@lienthong/kit';
import { parseTilePath } from '@lienthong/transparency-log';
import { checkpointOf, newestCheckpoint } from '../store/checkpoints.ts';
import { readTile } from '../store/tiles.ts';
import type { SigningKeys } from '../tree/signing-keys.ts';

export interface LogServerOptions {
  /** host:port. */
  listen: string;
  tls: ListenTls;
  db: Database;
  log: Logger;
  keys: SigningKeys;
}

interface Reply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string | Buffer;
}

/** Requests in progress; more get 503, so that readers of the log cannot take all connections to the database. */
const AT_ONCE = 32;

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
/** A checkpoint gets cosignatures, and the newest one is replaced. */
const CHANGING = { ...TEXT, 'cache-control': 'no-cache' };
/** A tile of a width never changes. */
const FOREVER = {
  'content-type': 'application/octet-stream',
  'cache-control': 'public, max-age=31536000, immutable',
};

/**
 * The log over HTTP, for everybody: C2SP tlog-tiles (`/checkpoint`, `/tile/…`), kept checkpoints (`/checkpoint/SIZE`)
 * and the keys that verify them (`/keys`). Nothing here is secret: an entry is a digest.
 */
export function logServer({ listen, tls, db, log, keys }: LogServerOptions): Worker {
  const { origin } = keys;
  const verifierKeys = keys.signers.map(({ verifierKey }) => `${verifierKey}\n`).join('');
  let running = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers = TEXT, body } = await reply(request);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async function reply(request: IncomingMessage): Promise<Reply> {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return { status: 405, headers: { ...TEXT, allow: 'GET, HEAD' }, body: 'use GET\n' };
    if (running >= AT_ONCE)
      return {
        status: 503,
        headers: { ...TEXT, 'retry-after': '1' },
        body: 'too many requests at once; try again\n',
      };
    running += 1;
    try {
      return (await find(request.url ?? '')) ?? { status: 404, body: 'the log has nothing here\n' };
    } catch (err) {
      log.warn({ err }, 'reading the log over HTTP failed');
      return { status: 503, headers: { ...TEXT, 'retry-after': '1' }, body: 'try again later\n' };
    } finally {
      running -= 1;
    }
  }

  async function find(url: string): Promise<Reply | undefined> {
    if (url === '/keys') return { status: 200, headers: CHANGING, body: verifierKeys };
    const tile = parseTilePath(url.slice(1));
    if (tile) {
      const body = await readTile(db, tile);
      return body && { status: 200, headers: FOREVER, body };
    }
    const [, size] = /^\/checkpoint(?:\/(0|[1-9]\d{0,14}))?$/.exec(url) ?? [undefined, ''];
    if (size === '') return undefined;
    const checkpoint =
      size === undefined
        ? await newestCheckpoint(db, origin, { published: true })
        : await checkpointOf(db, origin, Number(size));
    return checkpoint && { status: 200, headers: CHANGING, body: checkpoint.note };
  }

  return httpServer({ name: 'log over HTTP', listen, tls, serve });
}
