import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { createRates, httpServer, type ListenTls, type Logger, type Worker } from '@lienthong/kit';
import { readJson } from '../otlp/json.ts';
import { readProtobuf, writeProtobuf } from '../otlp/protobuf.ts';
import { keptOf, type SentResource } from '../otlp/sent.ts';
import type { SpanQueue } from './span-queue.ts';

export interface ReceiverOptions {
  /** host:port. */
  listen: string;
  tls: ListenTls;
  log: Logger;
  queue: Pick<SpanQueue, 'offer'>;
  spansPerSecond: number;
  /** Milliseconds on the monotonic clock. */
  now?: () => number;
}

interface Format {
  type: string;
  read(body: Uint8Array): SentResource[];
  write(rejected: number, reason: string): Uint8Array | string;
}

const PROTOBUF: Format = { type: 'application/x-protobuf', read: readProtobuf, write: writeProtobuf };
const JSON_FORMAT: Format = {
  type: 'application/json',
  read: readJson,
  write: (rejectedSpans, errorMessage) =>
    JSON.stringify(rejectedSpans > 0 ? { partialSuccess: { rejectedSpans, errorMessage } } : {}),
};

interface Reply {
  status: number;
  type: string;
  body: Uint8Array | string;
  retryAfterS?: number;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MOST_DISCARDED_BYTES = 8 * MAX_BYTES;
const BURST_SECONDS = 10;
const NOT_SPANS = 'spans need a trace id of 16 bytes, a span id of 8, and the times of this century';
const unzip = promisify(gunzip);

/**
 * Receives spans over OTLP/HTTP (opentelemetry-proto 1.x): POST /v1/traces as protobuf or JSON, with or without gzip.
 * What cannot be taken now is answered with 429 or 503, and senders try again.
 */
export function receiver(options: ReceiverOptions): Worker {
  const { listen, tls, log, queue, spansPerSecond, now = () => performance.now() } = options;
  const rates = createRates({ keys: 1, now });
  const rate = { perSecond: spansPerSecond, burst: spansPerSecond * BURST_SECONDS };

  async function reply(request: IncomingMessage): Promise<Reply> {
    if (request.url?.split('?')[0] !== '/v1/traces') return plain(404, 'spans are received at /v1/traces');
    if (request.method !== 'POST') return plain(405, 'use POST');
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    const format = [PROTOBUF, JSON_FORMAT].find((one) => one.type === type);
    if (format === undefined) return plain(415, `send ${PROTOBUF.type} or ${JSON_FORMAT.type}`);
    const body = await readBody(request);
    if (body === undefined) return plain(413, `send at most ${MAX_BYTES} bytes`);
    let sent: SentResource[];
    try {
      sent = format.read(await decoded(body, request.headers['content-encoding'] ?? 'identity'));
    } catch (error) {
      log.debug({ err: error }, 'spans not read');
      return plain(400, 'the body is not an ExportTraceServiceRequest');
    }
    const { spans, rejected } = keptOf(sent);
    const waitMs = rates.take([['spans', rate]], spans.length);
    if (waitMs > 0) return { ...plain(429, 'too many spans'), retryAfterS: Math.ceil(waitMs / 1000) };
    if (!queue.offer(spans)) return { ...plain(503, 'too many spans wait'), retryAfterS: 5 };
    return { status: 200, type: format.type, body: format.write(rejected, NOT_SPANS) };
  }

  return httpServer({
    name: 'receiver of spans',
    listen,
    tls,
    async serve(request, response) {
      await reply(request)
        .catch((err): Reply => {
          log.warn({ err }, 'receiving spans failed');
          return plain(400, 'the request broke off');
        })
        .then((one) => send(response, one));
    },
  });
}

const plain = (status: number, body: string): Reply => ({ status, type: 'text/plain', body: `${body}\n` });

function send(response: ServerResponse, { status, type, body, retryAfterS }: Reply): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
  });
  response.end(body);
}

/**
 * Undefined: it is too large. What is a little too large is read to its end, so that the sender finishes and gets the
 * reply; with more the connection ends.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
    else if (size > MOST_DISCARDED_BYTES) return undefined;
    else chunks.length = 0;
  }
  return size > MAX_BYTES ? undefined : Buffer.concat(chunks);
}

async function decoded(body: Buffer, encoding: string): Promise<Uint8Array> {
  if (encoding === 'identity') return body;
  if (encoding === 'gzip') return unzip(body, { maxOutputLength: MAX_BYTES });
  throw new Error(`unknown encoding ${encoding}`);
}
