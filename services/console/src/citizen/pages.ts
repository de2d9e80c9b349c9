import type { AgencyClient } from '@lienthong/client';
import { type Context, Hono } from 'hono';
import { problemOf } from '../http/problem.ts';
import type { Session } from '../session/session.ts';
import { figuresPage } from './figures.ts';
import { homePage } from './home.ts';
import { messagePage } from './message-page.ts';
import { procedurePage, proceduresPage } from './procedures.ts';
import { STYLE } from './style.ts';
import { trackedPage, trackPage } from './track.ts';

export interface CitizenDeps {
  /** The platform as anybody calls it, from the address of the request. */
  publicClient(c: Context): AgencyClient;
  sessionOf(c: Context): Promise<Session | undefined>;
}

const PAGE_SIZE = 20;
const NO_YEAR = 'Chưa có số liệu của năm này.';
/** Refusals after which the form is shown again. */
const FORM_ERRORS: Readonly<Record<number, string>> = {
  400: 'Mã hồ sơ hoặc mã bí mật không đúng dạng.',
  404: 'Không có hồ sơ nào có mã hồ sơ và mã bí mật này. Hãy xem lại giấy tiếp nhận.',
  429: 'Đã thử quá nhiều lần. Hãy đợi một lúc rồi thử lại.',
};

/** Pages that need no sign-in and no JavaScript. */
export function citizenPages({ publicClient, sessionOf }: CitizenDeps): Hono {
  const app = new Hono();

  app.get('/citizen.css', (c) =>
    c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }),
  );

  app.get('/', async (c) => c.html(homePage(await sessionOf(c))));

  app.get('/tra-cuu', (c) => c.html(trackPage({ code: c.req.query('ma') ?? '' })));

  app.post('/tra-cuu', async (c) => {
    const form = await c.req.parseBody();
    const code = typeof form.code === 'string' ? form.code.trim() : '';
    const secret = typeof form.secret === 'string' ? form.secret.trim() : '';
    try {
      return c.html(trackedPage(await publicClient(c).tracking.trackDossier({ code, secret })));
    } catch (error) {
      const status = problemOf(error)?.status;
      const message = status && FORM_ERRORS[status];
      if (status === undefined || message === undefined) throw error;
      return c.html(trackPage({ code, error: message }), status);
    }
  });

  app.get('/so-lieu', async (c) => {
    const year = Number(c.req.query('nam') || 0);
    if (!Number.isInteger(year)) return c.html(messagePage('Chưa xem được', NO_YEAR), 400);
    const { statistics } = publicClient(c);
    try {
      const figures = await statistics.getOpenFigures({ year });
      return c.html(figuresPage({ year, sort: c.req.query('xep') ?? '', figures }));
    } catch (error) {
      if (problemOf(error)?.status === 400) return c.html(messagePage('Chưa xem được', NO_YEAR), 400);
      throw error;
    }
  });

  app.get('/thu-tuc', async (c) => {
    const text = (c.req.query('tim') ?? '').trim();
    const pageToken = c.req.query('trang') ?? '';
    const { procedures, nextPageToken } = await publicClient(c).procedures.searchProcedures({
      text,
      pageSize: PAGE_SIZE,
      pageToken,
    });
    return c.html(proceduresPage({ text, procedures, nextPageToken }));
  });

  app.get('/thu-tuc/:code', async (c) => {
    const { procedure } = await publicClient(c).procedures.getProcedure({ code: c.req.param('code') });
    if (procedure?.definition === undefined)
      return c.html(messagePage('Không tìm thấy', 'Không có thủ tục này.'), 404);
    return c.html(procedurePage(procedure, procedure.definition));
  });

  return app;
}
