import type { IncomingMessage } from 'node:http';
import { quote } from '@lienthong/kit';
import { HttpRefusal } from '../problem.ts';

/** The platform takes 4 MiB; base64 takes a third more, escapes of texts too. */
const MAX_BYTES = 8 * 1024 * 1024;
/** What the bodies of all requests may take at once. */
const MAX_BYTES_AT_ONCE = 256 * 1024 * 1024;
let held = 0;

/** Refuses: CONTENT_TYPE_UNSUPPORTED. */
export function requireType(request: IncomingMessage, ...types: readonly string[]): void {
  const { 'content-type': given = '', 'content-encoding': encoding = 'identity' } = request.headers;
  const type = given.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (types.includes(type) && encoding === 'identity') return;
  const found = type === '' ? 'none' : quote(type);
  throw new HttpRefusal(415, {
    kind: 'invalid-argument',
    reason: 'CONTENT_TYPE_UNSUPPORTED',
    message: `content-type must be ${types.join(' or ')}, and content-encoding absent; found ${found}`,
  });
}

/**
 * The body as a text. It is dropped when the caller goes away.
 * Refuses: REQUEST_TOO_LARGE, SERVER_BUSY, REQUEST_MALFORMED.
 */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of chunksOf(request)) {
      bytes += chunk.length;
      held += chunk.length;
      if (bytes > MAX_BYTES) throw tooLarge(MAX_BYTES);
      if (held > MAX_BYTES_AT_ONCE) throw busy();
      chunks.push(chunk);
    }
    return decode(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  } finally {
    held -= bytes;
  }
}

/** Leaves the request open when the reader stops, so that the response still reaches the caller. */
export const chunksOf = (request: IncomingMessage): AsyncIterable<Buffer> =>
  request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;

/** A line of a body may be as large as a chunk of a stream. */
const MAX_LINE_BYTES = 1024 * 1024;

/** The lines of the body that are not empty. Refuses: REQUEST_TOO_LARGE, REQUEST_MALFORMED. */
export async function* readLines(request: IncomingMessage): AsyncGenerator<string, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunksOf(request)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let to = rest.indexOf(NEW_LINE); to >= 0; to = rest.indexOf(NEW_LINE, from)) {
      const line = decode(rest.subarray(from, to)).trim();
      if (line !== '') yield line;
      from = to + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > MAX_LINE_BYTES) throw tooLarge(MAX_LINE_BYTES);
  }
  const line = decode(rest).trim();
  if (line !== '') yield line;
}

const NEW_LINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new HttpRefusal(400, {
      kind: 'invalid-argument',
      reason: 'REQUEST_MALFORMED',
      message: 'the body is not UTF-8',
    });
  }
}

const tooLarge = (maxBytes: number) =>
  new HttpRefusal(413, {
    kind: 'invalid-argument',
    reason: 'REQUEST_TOO_LARGE',
    message: `the body, or a line of it, has more than ${maxBytes} bytes; send less, or in several calls`,
    metadata: { max_bytes: String(maxBytes) },
  });

const busy = () =>
  new HttpRefusal(503, {
    kind: 'resource-exhausted',
    reason: 'SERVER_BUSY',
    message: 'the server reads as many requests at once as it can; send this one again in a moment',
    retryAfterMs: 1_000,
  });
