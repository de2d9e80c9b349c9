import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { splitFrames, toFrame } from './frames.ts';

/** A call with one message as its request, which a system has sent through the line. */
export interface Call {
  /** `/package.Service/Method` */
  path: string;
  hasDeadline: boolean;
  request: Buffer;
}

/** What happens to a call. The platform gets it in any case. */
export interface Fate {
  /** Of a call with one reply, once the platform has carried it out: whether the reply is lost. */
  losesReply?(): boolean;
  /** Of a stream, for each message: whether the line is lost before it. */
  losesMessage?(message: Buffer): boolean;
}

export interface Line {
  /** host:port */
  address: string;
  close(): Promise<void>;
}

export interface LineOptions {
  /** host:port; port 0 picks a free one */
  listen: string;
  /** http://host:port or https://host:port */
  platform: string;
  tls: SecureClientSessionOptions;
  /** Whether calls of this path have one message as their request. */
  isSingle(path: string): boolean;
  decide(call: Call): Fate;
}

const LOST = { 'grpc-status': '14', 'grpc-message': 'the line was lost (lienthong conformance)' };
const REFUSED = { ':status': 200, 'content-type': 'application/grpc' };
const COMPRESSED = {
  'grpc-status': '12',
  'grpc-message': 'send requests without compression through this line',
};
const CONNECT_MS = 10_000;
/** Replies come as they are to be looked at: not compressed. */
const NOT_PASSED_ON = new Set(['host', 'grpc-accept-encoding', ':authority', ':scheme']);

/** A line between a system and the platform, which loses what lines lose. It speaks HTTP/2 without TLS to the system. */
export async function openLine({ listen, platform, tls, isSingle, decide }: LineOptions): Promise<Line> {
  let kept: ClientHttp2Session | undefined;
  const session = () => {
    if (kept === undefined || kept.closed || kept.destroyed) {
      kept = connect(platform, tls);
      // Each call on it fails by itself.
      kept.on('error', () => {});
    }
    return kept;
  };
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (one) => {
    sessions.add(one);
    one.on('close', () => sessions.delete(one));
    one.on('error', () => {});
  });
  server.on('stream', (near, headers) => {
    near.on('error', () => {});
    pass(near, headers).catch(() => {
      if (near.headersSent) near.close();
      else if (!near.destroyed) near.respond({ ...REFUSED, ...LOST }, { endStream: true });
    });
  });

  async function pass(near: ServerHttp2Stream, given: IncomingHttpHeaders): Promise<void> {
    if ((given['grpc-encoding'] ?? 'identity') !== 'identity')
      return near.respond({ ...REFUSED, ...COMPRESSED }, { endStream: true });
    const headers = Object.fromEntries(Object.entries(given).filter(([name]) => !NOT_PASSED_ON.has(name)));
    const path = given[':path'] ?? '';
    if (!isSingle(path)) {
      const far = session().request(headers);
      near.pipe(far);
      return reply(near, far, {});
    }
    const body = await buffer(near);
    const { messages } = splitFrames(body);
    const hasDeadline = given['grpc-timeout'] !== undefined;
    const fate = messages[0] === undefined ? {} : decide({ path, hasDeadline, request: messages[0] });
    const far = session().request(headers);
    far.end(body);
    return reply(near, far, fate);
  }

  async function close(): Promise<void> {
    for (const one of sessions) one.destroy();
    kept?.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  const host = listen.slice(0, listen.lastIndexOf(':'));
  try {
    await once(session(), 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    server.listen(Number(listen.slice(host.length + 1)), host);
    await once(server, 'listening');
  } catch (error) {
    await close();
    throw error;
  }
  return { address: `${host}:${(server.address() as AddressInfo).port}`, close };
}

/** Passes on what the platform replies, as far as the fate of the call lets it. */
async function reply(near: ServerHttp2Stream, far: ClientHttp2Stream, fate: Fate): Promise<void> {
  near.on('close', () => far.close());
  // Each step below fails by itself when the platform is gone.
  far.on('error', () => {});
  let trailers: IncomingHttpHeaders = {};
  far.on('trailers', (given) => {
    trailers = given;
  });
  const gone = new AbortController();
  far.once('close', () => gone.abort());
  const [headers] = (await once(far, 'response', { signal: gone.signal })) as [IncomingHttpHeaders];
  // A refusal has its status in the first headers, and no message.
  if (headers['grpc-status'] !== undefined) return near.respond(headers, { endStream: true });

  let isLost = false;
  const body = fate.losesReply && (await buffer(far));
  near.respond(headers, { waitForTrailers: true });
  near.on('wantTrailers', () => near.sendTrailers(isLost ? LOST : trailers));
  if (body !== undefined) {
    isLost = trailers['grpc-status'] === '0' && fate.losesReply?.() === true;
    near.end(isLost ? undefined : body);
    return;
  }
  await pipeline(
    far,
    async function* (chunks: AsyncIterable<Buffer>) {
      let rest: Buffer = Buffer.alloc(0);
      for await (const chunk of chunks) {
        const split = splitFrames(Buffer.concat([rest, chunk]));
        rest = split.rest;
        for (const message of split.messages) {
          isLost = fate.losesMessage?.(message) === true;
          if (isLost) return;
          yield toFrame(message);
        }
      }
    },
    near,
  );
}
