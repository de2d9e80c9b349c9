import type { MiddlewareHandler } from 'hono';

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** Nothing but the console's own files; no frame around it, no plug-in, no other address of a form. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  // Papers and attachments are shown in place.
  "frame-src 'self' blob:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

export const securityHeaders =
  (secure: boolean): MiddlewareHandler =>
  async (c, next) => {
    await next();
    c.header('content-security-policy', POLICY);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'same-origin');
    c.header('cross-origin-opener-policy', 'same-origin');
    c.header('permissions-policy', 'camera=(self), geolocation=(), microphone=()');
    if (secure) c.header('strict-transport-security', 'max-age=31536000');
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  };

/**
 * Refuses requests that change something unless a page of this console sends them: browsers name the origin of the page
 * with every such request (Fetch, 3.2), and no page can name another one.
 */
export const sameOrigin =
  (origin: string): MiddlewareHandler =>
  async (c, next) => {
    if (!SAFE.includes(c.req.method) && c.req.header('origin') !== origin)
      return c.text('This request comes from another site.', 403);
    await next();
  };
