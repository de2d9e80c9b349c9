import type { Logger, Sealer } from '@lienthong/kit';
import { type Context, Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { messagePage } from '../citizen/message-page.ts';
import { LEFT } from '../first/left.ts';
import type { Provider } from './provider.ts';
import { sealedCookie } from './sealed-cookie.ts';
import { localPath, pendingSignIn, type Session, session } from './session.ts';

export interface SignInOptions {
  provider: Provider;
  sealer: Sealer;
  /** The console is reached over TLS. */
  secure: boolean;
  /** The address of the console, as browsers have it. */
  url: string;
  log: Logger;
}

/** As long as a working day and the evening after it; a provider may end it earlier. */
const SESSION_SECONDS = 12 * 3_600;
const PENDING_SECONDS = 10 * 60;
const LEFT_SECONDS = 365 * 24 * 3_600;
/** A token this near to its end is replaced before it is used. */
export const RENEW_MS = 60_000;

export const SESSION_COOKIE = 'lienthong';

export const CALLBACK = '/auth/callback';

export interface SignIn {
  /** Sign-in, the provider's answer, and sign-out. */
  routes: Hono;
  /** The session of a request, with tokens that are still good; renews them in the response's cookie. */
  sessionOf(c: Context): Promise<Session | undefined>;
}

export function createSignIn({ provider, sealer, secure, url, log }: SignInOptions): SignIn {
  const sessions = sealedCookie({
    name: SESSION_COOKIE,
    schema: session,
    sealer,
    maxAgeSeconds: SESSION_SECONDS,
    secure,
  });
  const pendings = sealedCookie({
    name: 'lienthong-sign-in',
    schema: pendingSignIn,
    sealer,
    maxAgeSeconds: PENDING_SECONDS,
    secure,
  });
  const routes = new Hono();

  routes.get('/auth/login', async (c) => {
    const { url: there, pending } = await provider.begin(localPath(c.req.query('to')));
    pendings.write(c, pending);
    return c.redirect(there, 303);
  });

  routes.get(CALLBACK, async (c) => {
    const pending = pendings.read(c);
    pendings.clear(c);
    // The person went back, or began in another window.
    if (pending === undefined) return c.redirect('/auth/login', 303);
    const answer = new URL(`${CALLBACK}${new URL(c.req.url).search}`, url);
    try {
      sessions.write(c, await provider.finish(answer, pending));
      deleteCookie(c, LEFT, { secure });
    } catch (err) {
      log.warn({ err }, 'sign-in failed');
      return c.html(
        messagePage(
          'Không đăng nhập được',
          'Hệ thống xác thực không chấp nhận lần đăng nhập này. Hãy thử lại.',
        ),
        400,
      );
    }
    return c.redirect(localPath(pending.returnTo), 303);
  });

  routes.post('/auth/logout', (c) => {
    sessions.clear(c);
    setCookie(c, LEFT, '1', { secure, sameSite: 'Lax', maxAge: LEFT_SECONDS });
    return c.redirect('/', 303);
  });

  async function renew(c: Context, current: Session): Promise<Session | undefined> {
    const stillGood = current.expiresAt > Date.now() ? current : undefined;
    if (current.refreshToken === undefined) return stillGood;
    try {
      const renewed = await provider.refresh(current.refreshToken, current);
      sessions.write(c, renewed);
      return renewed;
    } catch (err) {
      // Another process of the console may have used the refresh token: the browser then has the next cookie.
      log.info({ err }, 'session not renewed');
      return stillGood;
    }
  }

  return {
    routes,
    async sessionOf(c) {
      const current = sessions.read(c);
      if (current === undefined || current.expiresAt - Date.now() > RENEW_MS) return current;
      return renew(c, current);
    },
  };
}
