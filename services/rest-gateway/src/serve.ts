import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  callerOf,
  type Deps,
  HttpRefusal,
  type Route,
  requireMethod,
  serveMethod,
  serveUploadAt,
} from '@lienthong/http-api';
import { quote } from '@lienthong/kit';
import { checkHealth } from './health.ts';
import { createPages } from './openapi/pages.ts';

/** A request that has found what serves it. */
interface Found {
  /** For metrics: a path without values. */
  route: string;
  run(): Promise<void>;
}

/** Finds what serves a request by its path: a method of the contracts, an upload, or a page about them. */
export function createServe(
  deps: Deps,
  routes: ReadonlyMap<string, Route>,
  descriptors: Uint8Array,
  stopping: AbortSignal,
) {
  const pages = createPages(descriptors, routes);
  const { uploadsPath } = deps;

  return (request: IncomingMessage, response: ServerResponse): Found => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const route = routes.get(path);
    const transfer = { request, response, caller: callerOf(request) };
    if (route) return { route: path, run: () => serveMethod({ ...transfer, route }, deps, stopping) };
    if (path.startsWith(uploadsPath))
      return {
        route: `${uploadsPath}{id}`,
        run: () => serveUploadAt(path.slice(uploadsPath.length), transfer, deps),
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

const unknownPath = (path: string) =>
  new HttpRefusal(404, {
    kind: 'not-found',
    reason: 'PATH_UNKNOWN',
    message: `there is no ${quote(path)}; /openapi.json lists what there is`,
  });
