import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@lienthong/kit';
import { gzipWorthwhile, takesGzip } from '../http/gzip.ts';
import type { HttpCaller } from '../http/metadata.ts';
import type { Codec } from '../json/codec.ts';
import type { Platform } from '../platform.ts';
import type { Route } from '../routes.ts';
import type { UploadStore } from '../uploads/store.ts';

/** What the forms of methods work with. */
export interface Deps {
  platform: Platform;
  codec: Codec;
  uploads: UploadStore;
  /** What addresses of uploads begin with, such as `/uploads/`. */
  uploadsPath: string;
  log: Logger;
}

/** A request over HTTP, and what it is replied by. */
export interface Exchange {
  route: Route;
  request: IncomingMessage;
  response: ServerResponse;
  caller: HttpCaller;
  /** Aborts when the caller goes away, or the gateway stops. */
  signal: AbortSignal;
}

/** The longest that a call without a stream may take. */
export const CALL_MS = 60_000;
/** The platform ends streams after an hour. */
export const STREAM_MS = 2 * 3_600_000;

/** Replies, compressed to a caller that takes it: lines of communes are slow. */
export async function sendJson(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  json: string,
  status = 200,
): Promise<void> {
  const text = Buffer.from(json);
  const accepted = request.headers['accept-encoding'];
  const zipped = takesGzip(accepted?.toString()) ? await gzipWorthwhile(text) : undefined;
  const body = zipped ?? text;
  // The caller may have gone meanwhile.
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(zipped && { 'content-encoding': 'gzip' }),
  });
  response.end(body);
}
