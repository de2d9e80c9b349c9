import { hash } from 'node:crypto';
import type { DevelopmentIssuer } from '@lienthong/kit';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { choicePage, STYLE, troublePage } from './page.ts';
import type { Person } from './person.ts';
import { singleUse } from './single-use.ts';

/** An application that people sign in to: a public client (RFC 6749, 2.1), which proves itself by PKCE. */
export interface Application {
  clientId: string;
  /** The only addresses that a code is sent to. */
  redirectUris: readonly string[];
}

export interface SignIn {
  applications: readonly Application[];
  /** At most 30 people whose agency has this in its name; '' for those whom the sample's story is about. */
  people(text: string): Promise<Person[]>;
  /** How long a token is good for; default one hour. */
  tokenSeconds?: number;
}

const REQUEST_MS = 10 * 60_000;
const CODE_MS = 60_000;
const HOUR_S = 3_600;
const REFRESH_MS = 12 * 3_600_000;
const MAX_BODY = 16 * 1024;

const short = z.string().max(1_000);
const authorizeQuery = z.object({
  response_type: z.literal('code', { error: 'response_type must be code' }),
  scope: short.refine((scope) => scope.split(' ').includes('openid'), 'scope must have openid'),
  code_challenge: z
    .string({ error: 'code_challenge is missing' })
    .regex(/^[A-Za-z0-9_-]{43}$/, 'code_challenge must be a SHA-256 in base64url'),
  code_challenge_method: z.literal('S256', { error: 'code_challenge_method must be S256' }),
  state: short.optional(),
  nonce: short.optional(),
});

interface Request {
  clientId: string;
  redirectUri: string;
  challenge: string;
  state: string | undefined;
  nonce: string | undefined;
}

interface Grant {
  request: Request;
  person: Person;
}

/** The authorization and token endpoints (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9207). */
export function signInPages(
  issuer: DevelopmentIssuer,
  { applications, people, tokenSeconds = HOUR_S }: SignIn,
): Hono {
  const requests = singleUse<{ request: Request; shown: Person[] }>(REQUEST_MS);
  const codes = singleUse<Grant>(CODE_MS);
  const refreshes = singleUse<Grant>(REFRESH_MS);
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MAX_BODY }));

  app.get('/style.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));

  app.get('/authorize', async (c) => {
    const query = c.req.query();
    const application = applications.find(({ clientId }) => clientId === query.client_id);
    const redirectUri = application?.redirectUris.find((uri) => uri === query.redirect_uri);
    c.header('content-security-policy', policyFor(redirectUri));
    c.header('cache-control', 'no-store');
    // Nothing is sent to an address that is not registered, not even an error.
    if (application === undefined || redirectUri === undefined)
      return c.html(troublePage('Ứng dụng hoặc địa chỉ quay về không được đăng ký.'), 400);
    const parsed = authorizeQuery.safeParse(query);
    if (!parsed.success) {
      const description = parsed.error.issues.map(({ message }) => message).join('; ');
      const error = { error: 'invalid_request', error_description: description, iss: issuer.issuer };
      return c.redirect(withQuery(redirectUri, { ...error, state: query.state }), 303);
    }
    const { code_challenge: challenge, state, nonce } = parsed.data;
    const search = query.search ?? '';
    const shown = await people(search);
    const request = { clientId: application.clientId, redirectUri, challenge, state, nonce };
    return c.html(choicePage(requests.put({ request, shown }), shown, search, c.req.url));
  });

  app.post('/authorize', async (c) => {
    const form = await c.req.parseBody();
    const asked = requests.take(String(form.request));
    const person = asked?.shown[Number(form.person)];
    if (asked === undefined || person === undefined) {
      c.header('content-security-policy', policyFor(undefined));
      return c.html(troublePage('Trang đăng nhập đã quá hạn. Hãy quay lại ứng dụng và bắt đầu lại.'), 400);
    }
    const { redirectUri, state } = asked.request;
    const code = codes.put({ request: asked.request, person });
    return c.redirect(withQuery(redirectUri, { code, state, iss: issuer.issuer }), 303);
  });

  app.post('/token', async (c) => {
    c.header('cache-control', 'no-store');
    const form = await c.req.parseBody();
    const grant = grantOf(form);
    if (grant === undefined || grant.request.clientId !== form.client_id)
      return c.json({ error: 'invalid_grant' }, 400);
    const { person, request } = grant;
    return c.json({
      token_type: 'Bearer',
      access_token: await issuer.issue(person.caller, tokenSeconds),
      expires_in: tokenSeconds,
      id_token: await issuer.identify(
        { subject: person.caller.officerId, name: person.fullName, nonce: request.nonce },
        request.clientId,
        tokenSeconds,
      ),
      // A refresh token is good for one use: the reply has the next (RFC 9700, 4.14.2).
      refresh_token: refreshes.put(grant),
    });
  });

  function grantOf(form: Record<string, unknown>): Grant | undefined {
    if (form.grant_type === 'refresh_token') return refreshes.take(String(form.refresh_token));
    if (form.grant_type !== 'authorization_code') return undefined;
    const grant = codes.take(String(form.code));
    const challenge = hash('sha256', String(form.code_verifier), 'base64url');
    const matches = grant?.request.challenge === challenge && grant.request.redirectUri === form.redirect_uri;
    return matches ? grant : undefined;
  }

  return app;
}

/** Browsers apply `form-action` to where a form's answer redirects, too. */
const policyFor = (redirectUri: string | undefined): string =>
  "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" +
  (redirectUri === undefined ? '' : ` ${new URL(redirectUri).origin}`);

function withQuery(uri: string, values: Record<string, string | undefined>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
