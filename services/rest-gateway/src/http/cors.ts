import type { IncomingMessage, ServerResponse } from 'node:http';

const METHODS = 'GET, HEAD, POST, PATCH, DELETE';
const REQUEST_HEADERS =
  'accept, authorization, content-type, idempotency-key, last-event-id, lienthong-after, traceparent, tracestate, ' +
  'tus-resumable, upload-length, upload-metadata, upload-offset';
const RESPONSE_HEADERS =
  'lienthong-written, location, retry-after, tus-extension, tus-max-size, tus-resumable, tus-version, upload-length, upload-offset';
const MAX_AGE_S = '600';

/**
 * Lets pages of the given origins call (Fetch standard). Tokens travel in a header that pages set themselves, so no
 * origin gets cookies or passwords along. Returns true when the request was a question of the browser, now replied.
 */
export function allowOrigins(origins: readonly string[]) {
  const all = origins.includes('*');
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (origins.length === 0) return false;
    const { origin } = request.headers;
    response.setHeader('vary', 'origin');
    if (origin === undefined || !(all || origins.includes(origin))) return false;
    response.setHeader('access-control-allow-origin', all ? '*' : origin);
    response.setHeader('access-control-expose-headers', RESPONSE_HEADERS);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return false;
    response.writeHead(204, {
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': MAX_AGE_S,
    });
    response.end();
    return true;
  };
}
