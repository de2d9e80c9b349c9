import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readSigner, readVerifier, type Verifier } from '@lienthong/transparency-log';
import { addCheckpoint, type Cosigner, type Reply } from './cosign.ts';
import { readKey } from './key-file.ts';
import { MAX_REQUEST_BYTES } from './request.ts';
import { openState } from './state.ts';

export interface WitnessOptions {
  /** Holds `key`, `logs` and `state.db`. */
  folder: string;
  /** The witness's name in its cosignatures; needed for the first start only, which makes the key. */
  name?: string;
  /** host:port; port 0 picks a free one. */
  listen: string;
  now?: () => number;
  log?: (line: string) => void;
}

export interface RunningWitness {
  /** For the logs and for those who verify. */
  verifierKey: string;
  /** host:port. */
  address: string;
  stop(): Promise<void>;
}

/** @throws when the folder has no list of logs, a key does not follow its format, or the port is taken */
export async function startWitness({
  folder,
  name,
  listen,
  now = Date.now,
  log = () => {},
}: WitnessOptions): Promise<RunningWitness> {
  const signer = readSigner(await readKey(join(folder, 'key'), name));
  const logs = logsOf(await readFile(join(folder, 'logs'), 'utf8'));
  const state = openState(join(folder, 'state.db'));
  const cosigner: Cosigner = { signer, logs, state, log };
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      serve(request, cosigner, now).then(
        (reply) => send(response, reply),
        (error) => {
          if (request.destroyed && !request.complete) return;
          log(`error: ${error instanceof Error ? error.stack : error}`);
          send(response, { status: 500, body: 'the request failed; nothing was cosigned\n' });
        },
      );
    },
  );
  server.maxConnections = 256;
  const colon = listen.lastIndexOf(':');
  server.listen(Number(listen.slice(colon + 1)), listen.slice(0, colon).replace(/^\[|\]$/g, ''));
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  return {
    verifierKey: signer.verifierKey,
    address: family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
      state.close();
    },
  };
}

/** One verifier key a line; # begins a comment. A log may have several keys. */
function logsOf(text: string): Map<string, Verifier[]> {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(readVerifier);
  if (keys.length === 0 || keys.some(({ kind }) => kind !== 'note'))
    throw new Error('the file "logs" has one verifier key of a log a line, and at least one');
  return Map.groupBy(keys, (key) => key.name);
}

async function serve(request: IncomingMessage, cosigner: Cosigner, now: () => number): Promise<Reply> {
  if (request.url === '/' && request.method === 'GET') return { status: 200, body: aboutOf(cosigner) };
  if (request.url !== '/add-checkpoint') return { status: 404, body: 'use POST /add-checkpoint\n' };
  if (request.method !== 'POST') return { status: 405, body: 'use POST\n' };
  const body = await readBody(request);
  if (body === undefined) return { status: 413, body: `a request has at most ${MAX_REQUEST_BYTES} bytes\n` };
  return addCheckpoint(body, Math.floor(now() / 1000), cosigner);
}

/** The witness's key, and what it has cosigned last: anybody may compare it with their own checkpoints. */
const aboutOf = ({ signer, state }: Cosigner): string =>
  [signer.verifierKey, ...state.all().map(({ origin, size }) => `${origin} ${size}`), ''].join('\n');

/** Undefined: it is too long. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > MAX_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  // The rest of a body that is too long is not read.
  const close = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': type ?? 'text/plain; charset=utf-8', ...close }).end(body);
}
