import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveCall } from './forms/call.ts';
import { serveDownload } from './forms/download.ts';
import type { Deps, Exchange } from './forms/exchange.ts';
import { serveLines } from './forms/lines.ts';
import { serveStream } from './forms/stream.ts';
import type { HttpCaller } from './http/metadata.ts';
import { HttpRefusal } from './problem.ts';
import type { Form, Route } from './routes.ts';
import { beginUpload, describeUploads, serveUpload, type Transfer } from './uploads/tus.ts';

const ALLOWED: Record<Form, readonly string[]> = {
  call: ['POST'],
  stream: ['POST', 'GET'],
  download: ['POST'],
  lines: ['POST'],
  upload: ['POST', 'OPTIONS'],
};
const OF_UPLOADS = ['GET', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Serves a request for one method of the contracts. Throws what `sendProblem` takes.
 * @param stopping ends streams, which would go on for an hour
 */
export async function serveMethod(
  transfer: Transfer & { route: Route },
  deps: Deps,
  stopping: AbortSignal,
): Promise<void> {
  const { route, request, response } = transfer;
  requireMethod(request, ALLOWED[route.form]);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = route.form === 'stream' ? AbortSignal.any([gone.signal, stopping]) : gone.signal;
  try {
    await serveForm({ ...transfer, signal }, deps);
  } finally {
    // A stream that is left before its end goes on at the platform otherwise.
    gone.abort();
  }
}

async function serveForm(exchange: Exchange, deps: Deps): Promise<void> {
  switch (exchange.route.form) {
    case 'call':
      return serveCall(exchange, deps);
    case 'stream':
      return serveStream(exchange, deps);
    case 'download':
      return serveDownload(exchange, deps);
    case 'lines':
      return serveLines(exchange, deps);
    case 'upload':
      if (exchange.request.method === 'OPTIONS') return describeUploads(exchange.response);
      return beginUpload(exchange, deps);
  }
}

/** Serves a request for an upload that has begun, at `Deps.uploadsPath` with its id. */
export async function serveUploadAt(id: string, transfer: Transfer, deps: Deps): Promise<void> {
  requireMethod(transfer.request, OF_UPLOADS);
  if (transfer.request.method === 'OPTIONS') return describeUploads(transfer.response);
  await serveUpload(transfer, id, deps);
}

/** Refuses: HTTP_METHOD_UNSUPPORTED. */
export function requireMethod(request: IncomingMessage, allowed: readonly string[]): void {
  if (allowed.includes(request.method ?? '')) return;
  throw new HttpRefusal(
    405,
    {
      kind: 'invalid-argument',
      reason: 'HTTP_METHOD_UNSUPPORTED',
      message: `send ${allowed.join(' or ')} here`,
    },
    { allow: allowed.join(', ') },
  );
}

/** What a request without a session of its own is: its header Authorization says who calls. */
export const callerOf = (request: IncomingMessage): HttpCaller => {
  const { authorization = '' } = request.headers;
  return { authorization, owner: authorization };
};

/** Drops the rest of a refused body, so that the caller comes to read the response; false when nobody reads it. */
export function awaitsResponse(request: IncomingMessage, response: ServerResponse): boolean {
  if (response.destroyed || request.errored) return false;
  request.resume();
  return true;
}
