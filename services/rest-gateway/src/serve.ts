import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Logger, quote } from '@lienthong/kit';
import { serveCall } from './forms/call.ts';
import { serveDownload } from './forms/download.ts';
import type { Deps, Exchange } from './forms/exchange.ts';
import { serveLines } from './forms/lines.ts';
import { serveStream } from './forms/stream.ts';
import { checkHealth } from './health.ts';
import { createPages } from './openapi/pages.ts';
import { HttpRefusal, problemOf } from './problem.ts';
import type { Form, Route } from './routes.ts';
import type { UploadStore } from './uploads/store.ts';
import { beginUpload, describeUploads, serveUpload, UPLOADS } from './uploads/tus.ts';

export interface ServeDeps extends Deps {
  uploads: UploadStore;
  log: Logger;
}

/** A request that has found what serves it. */
interface Found {
  /** For metrics: a path without values. */
  route: string;
  run(): Promise<void>;
}

const ALLOWED: Record<Form, readonly string[]> = {
  call: ['POST'],
  stream: ['POST', 'GET'],
  download: ['POST'],
  lines: ['POST'],
  upload: ['POST', 'OPTIONS'],
};
const OF_UPLOADS = ['GET', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'];

/** Finds what serves a request by its path: a method of the contracts, an upload, or a page about them. */
export function createServe(
  deps: ServeDeps,
  routes: ReadonlyMap<string, Route>,
  descriptors: Uint8Array,
  stopping: AbortSignal,
) {
  const pages = createPages(descriptors, routes);

  async function serveMethod(
    route: Route,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    requireMethod(request, ALLOWED[route.form]);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = route.form === 'stream' ? AbortSignal.any([gone.signal, stopping]) : gone.signal;
    const exchange: Exchange = { route, request, response, signal };
    try {
      await serveForm(exchange);
    } finally {
      // A stream that is left before its end goes on at the platform otherwise.
      gone.abort();
    }
  }

  async function serveForm(exchange: Exchange): Promise<void> {
    switch (exchange.route.form) {
      case 'call':
        return serveCall(exchange, deps);
      case 'stream':
        return serveStream(exchange, deps, (error) => problemOf(error, deps.log));
      case 'download':
        return serveDownload(exchange, deps);
      case 'lines':
        return serveLines(exchange, deps);
      case 'upload':
        if (exchange.request.method === 'OPTIONS') return describeUploads(exchange.response);
        return beginUpload(exchange, deps);
    }
  }

  return (request: IncomingMessage, response: ServerResponse): Found => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const route = routes.get(path);
    if (route) return { route: path, run: () => serveMethod(route, request, response) };
    if (path.startsWith(UPLOADS))
      return {
        route: `${UPLOADS}{id}`,
        async run() {
          requireMethod(request, OF_UPLOADS);
          if (request.method === 'OPTIONS') return describeUploads(response);
          await serveUpload({ request, response }, path.slice(UPLOADS.length), deps);
        },
      };
    if (path === '/health')
      return {
        route: path,
        async run() {
          requireMethod(request, ['GET', 'HEAD']);
          await checkHealth(deps.platform);
          response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"SERVING"}');
        },
      };
    const page = pages.get(path);
    if (page)
      return {
        route: path,
        async run() {
          requireMethod(request, ['GET', 'HEAD']);
          await page(response);
        },
      };
    return {
      route: 'unknown',
      async run() {
        throw unknownPath(path);
      },
    };
  };
}

/** Refuses: HTTP_METHOD_UNSUPPORTED. */
function requireMethod(request: IncomingMessage, allowed: readonly string[]): void {
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

const unknownPath = (path: string) =>
  new HttpRefusal(404, {
    kind: 'not-found',
    reason: 'PATH_UNKNOWN',
    message: `there is no ${quote(path)}; /openapi.json lists what there is`,
  });
