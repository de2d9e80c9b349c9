import { getConnInfo } from '@hono/node-server/conninfo';
import type { AgencyClient } from '@lienthong/client';
import type { Platform as ApiPlatform } from '@lienthong/http-api';
import { addressBehind, type ConnectionSettings, type Logger, type Sealer } from '@lienthong/kit';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createBridge } from './api/bridge.ts';
import { messagePage } from './citizen/message-page.ts';
import { citizenPages } from './citizen/pages.ts';
import { problemOf } from './http/problem.ts';
import { sameOrigin, securityHeaders } from './http/security.ts';
import { createLive, type LiveTimes } from './live/live.ts';
import type { Built } from './pages/built.ts';
import { staffPages } from './pages/staff.ts';
import type { Platform } from './platform.ts';
import type { Provider } from './session/provider.ts';
import { createSignIn } from './session/sign-in.ts';

export interface AppOptions {
  platform: Platform;
  /** The same, for calls that pages make. */
  api: ApiPlatform;
  /** The application for staff; undefined when it has not been built. */
  built: Built | undefined;
  provider: Provider;
  sealer: Sealer;
  /** The address at which browsers find the console. */
  url: string;
  connections: ConnectionSettings;
  liveTimes: LiveTimes;
  log: Logger;
}

export interface App {
  fetch: Hono['fetch'];
  /** Ends the lines to pages, which open them again elsewhere. */
  endLines(): void;
  /** Drops uploads that are under way. */
  endUploads(): void;
}

const MAX_FORM_BYTES = 64 * 1024;

/** Lines of one session: browsers have six connections to a host over HTTP/1.1, and a page needs one for its requests. */
const LINES_PER_SESSION = 4;

/** Everything that the console serves. */
export function createApp({
  platform,
  api,
  built,
  provider,
  sealer,
  url,
  connections,
  liveTimes,
  log,
}: AppOptions): App {
  const secure = url.startsWith('https:');
  const { routes, sessionOf } = createSignIn({ provider, sealer, secure, url, log });
  const addressOf = requestAddress(connections.TRUSTED_PROXIES);
  const publicClient = (c: Context): AgencyClient => platform.for({ address: addressOf(c).passed });
  const live = createLive({
    ...{ platform, sessionOf, addressOf, log },
    times: liveTimes,
    // The other half of the connections is for requests.
    limits: {
      perSession: LINES_PER_SESSION,
      perAddress: Math.ceil(connections.CONNECTIONS_PER_ADDRESS / 2),
      perProcess: Math.ceil(connections.CONNECTIONS / 2),
    },
  });
  const bridge = createBridge({ platform: api, sessionOf, log });

  const app = new Hono();
  app.use(securityHeaders(secure));
  app.use(sameOrigin(url));
  // Its bodies have bounds of their own: files are larger than forms.
  app.route('/', bridge.routes);
  app.use(bodyLimit({ maxSize: MAX_FORM_BYTES, onError: tooLarge }));
  app.get('/health', (c) => c.json({ status: 'SERVING' }));
  app.route('/', routes);
  app.route('/', live.routes);
  app.route('/', staffPages({ built, sessionOf, call: bridge.call }));
  app.route('/', citizenPages({ publicClient, sessionOf }));
  app.notFound((c) => c.html(messagePage('Không tìm thấy', 'Không có trang này.'), 404));
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem === undefined) {
      log.error({ err: error, method: c.req.method, route: c.req.routePath }, 'request failed');
      return c.html(messagePage('Có lỗi', 'Máy chủ gặp lỗi. Hãy thử lại sau.'), 500);
    }
    if (problem.status === 503) log.warn({ err: error }, 'the platform did not reply');
    return c.html(messagePage('Chưa xem được', MESSAGES[problem.status] ?? problem.detail), problem.status);
  });
  return { fetch: app.fetch, endLines: live.end, endUploads: bridge.stop };
}

const tooLarge = (c: Context) => c.html(messagePage('Không nhận được', 'Yêu cầu quá lớn.'), 413);

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Yêu cầu không đúng dạng.',
  404: 'Không tìm thấy.',
  429: 'Có quá nhiều yêu cầu từ địa chỉ này. Hãy đợi một lúc rồi thử lại.',
  503: 'Hệ thống đang bận hoặc tạm ngừng. Hãy thử lại sau ít phút.',
};

/**
 * Where a request comes from: the addresses that it passed (the platform believes those that its trusted proxies have
 * added), and the one by which the console counts it.
 */
function requestAddress(trustedProxies: readonly string[]) {
  const countedOf = addressBehind(trustedProxies);
  return (c: Context): { passed: string; counted: string } => {
    const connected = (getConnInfo(c).remote.address ?? '').replace(/^::ffff:/, '');
    const before = c.req.header('x-forwarded-for')?.replaceAll(/[^\x20-\x7e]/g, '?');
    return {
      passed: before === undefined ? connected : `${before}, ${connected}`,
      counted: countedOf(connected, before ?? ''),
    };
  };
}
