import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from '@bufbuild/protobuf';
import type { Codec } from '../json/codec.ts';
import type { Platform } from '../platform.ts';
import type { Route } from '../routes.ts';

/** What the forms of methods work with. */
export interface Deps {
  platform: Platform;
  codec: Codec;
  registry: Registry;
}

/** A request over HTTP, and what it is replied by. */
export interface Exchange {
  route: Route;
  request: IncomingMessage;
  response: ServerResponse;
  /** Aborts when the caller goes away, or the gateway stops. */
  signal: AbortSignal;
}

/** The longest that a call without a stream may take. */
export const CALL_MS = 60_000;
/** The platform ends streams after an hour. */
export const STREAM_MS = 2 * 3_600_000;

export function sendJson(response: ServerResponse, json: string, status = 200): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
  });
  response.end(json);
}
