import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import type { Bridge } from '../api/bridge.ts';
import { messagePage } from '../citizen/message-page.ts';
import type { Session } from '../session/session.ts';
import { broughtElement } from './brought.ts';
import { type Built, type BuiltFile, CODINGS } from './built.ts';

export interface StaffPagesOptions {
  built: Built | undefined;
  sessionOf(c: Context): Promise<Session | undefined>;
  call: Bridge['call'];
}

/** Where the pages of staff are. */
export const STAFF = '/lam-viec';
/** Names of built files change with their content. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The application for staff: every path below `STAFF` is its page, which then shows what the path names. */
export function staffPages({ built, sessionOf, call }: StaffPagesOptions): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.get(`${STAFF}/assets/:name`, (c) => {
    const file = built?.files.get(`assets/${c.req.param('name')}`);
    return file === undefined ? c.notFound() : send(c, file, FOREVER);
  });

  // The worker that keeps the application for when the line is down, and the page that it keeps, which is nobody's.
  app.get(`${STAFF}/worker.js`, (c) => {
    const file = built?.files.get('worker.js');
    return file === undefined ? c.notFound() : send(c, file, 'no-cache');
  });
  app.get(`${STAFF}/khung`, (c) =>
    built === undefined ? c.notFound() : c.html(built.page, 200, { 'cache-control': 'no-cache' }),
  );

  app.get(`${STAFF}/*`, compress({ encoding: 'gzip' }), async (c) => {
    if (built === undefined)
      return c.html(messagePage('Chưa dùng được', 'Giao diện chưa được dựng: hãy chạy npm run build.'), 503);
    const here = new URL(c.req.url);
    const session = await sessionOf(c);
    if (session === undefined)
      return c.redirect(`/auth/login?${new URLSearchParams({ to: `${here.pathname}${here.search}` })}`, 303);
    const path = here.pathname.slice(STAFF.length);
    const brought = await broughtElement(path, here.searchParams, session.id, (...what) =>
      call(c.env.incoming, session, ...what),
    );
    return c.html(built.page.replace('</body>', () => `${brought}</body>`));
  });

  app.get(STAFF, (c) => c.redirect(`${STAFF}/`, 303));
  return app;
}

function send(c: Context, { contentType, etag, bytes, compressed }: BuiltFile, caching: string): Response {
  const headers = { 'content-type': contentType, 'cache-control': caching, etag, vary: 'accept-encoding' };
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
  const accepted = (c.req.header('accept-encoding') ?? '').split(',').map((one) => one.trim().split(';')[0]);
  for (const coding of CODINGS) {
    const smaller = compressed.get(coding);
    if (smaller !== undefined && accepted.includes(coding))
      return c.body(smaller, 200, { ...headers, 'content-encoding': coding });
  }
  return c.body(bytes, 200, headers);
}
