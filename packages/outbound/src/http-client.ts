import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getCACertificates } from 'node:tls';
import type { Clock } from '@lienthong/kit';
import { AddressRefused, type AddressRules, checkLiteral, guardedLookup } from './address.ts';
import type { Resolve } from './resolve.ts';
import { retryAfterMs } from './retry-after.ts';

export interface HttpRequest {
  url: string;
  method?: 'POST' | 'PUT' | 'GET';
  /** An idempotency key is among them: a request may reach the receiver twice. */
  headers: Readonly<Record<string, string>>;
  body?: string | HttpBody;
  /** Bytes of the response that are read, instead of those of the client. */
  readBytes?: number;
  /** Ends the request before its time limit. */
  signal?: AbortSignal;
}

/** A body that is read for each attempt, and never whole in memory. */
export interface HttpBody {
  sizeBytes: number;
  read(): AsyncIterable<Uint8Array>;
}

export interface HttpResult {
  /** HTTP status; 0 when there was no complete response. */
  status: number;
  /** The beginning of the body, or why there was no response. */
  text: string;
  /** The beginning of the body as it came; absent where there was no complete response. */
  bytes?: Buffer;
  /** The media type of the body without its parameters, in small letters; absent where the response has none. */
  contentType?: string | undefined;
  /** The wait that the receiver requested, in ms. */
  retryAfterMs?: number | undefined;
  /** `HTTP_503`, `HOST_UNKNOWN`, `TIMEOUT`, `ECONNREFUSED`, …: for logs and metrics. */
  cause: string;
}

export interface HttpClient {
  /** Never rejects: a failure is a result. */
  send(request: HttpRequest): Promise<HttpResult>;
  close(): void;
}

export interface HttpClientOptions {
  clock: Clock;
  /** From resolving the name to the end of the response; in ms. */
  timeoutMs: number;
  /** For addresses from requests. Without rules every address is allowed: it comes from the settings. */
  rules?: AddressRules;
  /** Bytes of a response that are read; a connection with more is closed. */
  readBytes?: number;
  /** Instead of the resolver for these rules. */
  resolve?: Resolve;
}

const ANY_ADDRESS: AddressRules = { allowPrivate: true, allowHttp: true, ports: [] };
const MAX_PROBLEM = 500;

/** An HTTP/1.1 client whose connections stay open. It follows no redirect: that would carry secrets elsewhere. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, timeoutMs, rules = ANY_ADDRESS, readBytes = 4_096, resolve } = options;
  const { authorities } = rules;
  const shared = { lookup: guardedLookup(rules, resolve), maxFreeSockets: 64, timeout: 30_000 };
  const trusted = authorities && { ca: [...getCACertificates('default'), ...authorities] };
  const agentsWith = (keepAlive: boolean) => ({
    'http:': new HttpAgent({ ...shared, keepAlive }),
    'https:': new HttpsAgent({ ...shared, ...trusted, keepAlive }),
  });
  const kept = agentsWith(true);
  const fresh = agentsWith(false);

  function exchange(
    url: URL,
    request: HttpRequest,
    signal: AbortSignal,
    agents: typeof kept,
  ): Promise<HttpResult> {
    const { method = 'POST', headers, body } = request;
    return new Promise((done, reject) => {
      const isHttps = url.protocol === 'https:';
      const length = body === undefined ? {} : { 'content-length': sizeOf(body) };
      const sent = (isHttps ? httpsRequest : httpRequest)(url, {
        method,
        agent: agents[isHttps ? 'https:' : 'http:'],
        signal,
        headers: { ...headers, ...length, 'user-agent': 'lien-thong/1' },
      });
      const wasClosedBefore = watchForClosed(sent);
      sent.on('error', (error) => {
        if (!signal.aborted && wasClosedBefore()) exchange(url, request, signal, fresh).then(done, reject);
        else reject(error);
      });
      sent.on('response', (response) => {
        const { statusCode: status = 0 } = response;
        const wait = retryAfterMs(response.headers['retry-after'], clock.now());
        const contentType = mediaTypeOf(response.headers['content-type']);
        readBeginning(response, request.readBytes ?? readBytes).then((bytes) => {
          const text = textOf(bytes.subarray(0, readBytes));
          done({ status, text, bytes, contentType, retryAfterMs: wait, cause: `HTTP_${status}` });
        }, reject);
      });
      // Its errors, also those of reading the body, come as the request's event too.
      if (typeof body === 'object') pipeline(Readable.from(body.read()), sent).catch(() => {});
      else sent.end(body);
    });
  }

  return {
    async send(request) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
      try {
        const url = new URL(request.url);
        checkLiteral(url, rules);
        return await exchange(url, request, signal, kept);
      } catch (error) {
        return failed(error, timeoutMs);
      }
    },
    close() {
      for (const agent of [...Object.values(kept), ...Object.values(fresh)]) agent.destroy();
    },
  };
}

/**
 * The returned function is true when the receiver closed the kept connection before the request: no byte came over it
 * since. The receiver may still have read the request (RFC 9112, 9.3.1); the idempotency key is for that.
 */
function watchForClosed(request: ClientRequest): () => boolean {
  let readBefore = 0;
  request.on('socket', (socket) => {
    readBefore = socket.bytesRead;
  });
  return () => request.reusedSocket && request.socket?.bytesRead === readBefore;
}

const sizeOf = (body: string | HttpBody): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.sizeBytes;

/** A response counts once its status is there, so nothing beyond `maxBytes` is waited for. */
async function readBeginning(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, maxBytes - size));
    size += chunk.length;
    // Leaving the loop destroys the connection.
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks);
}

const mediaTypeOf = (header: string | undefined): string | undefined =>
  header?.split(';', 1)[0]?.trim().toLowerCase();

const textOf = (bytes: Buffer): string => bytes.toString('utf8').replaceAll('\u0000', '\ufffd');

function failed(error: unknown, timeoutMs: number): HttpResult {
  if (error instanceof AddressRefused)
    return { status: 0, text: `not sent: ${error.message}`, cause: error.reason };
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || code === 'ABORT_ERR')
    return { status: 0, text: `no complete response within ${timeoutMs} ms`, cause: 'TIMEOUT' };
  return { status: 0, text: oneLine(`${code ?? name}: ${message}`, MAX_PROBLEM), cause: code ?? name };
}

/** A text as one line of at most `maxCharacters`, without control and format characters. */
export const oneLine = (text: string, maxCharacters: number): string =>
  [...text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()].slice(0, maxCharacters).join('');
