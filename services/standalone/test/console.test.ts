import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { agencyDirectory } from '@lienthong/agency-directory';
import { casework } from '@lienthong/casework';
import { connectAgency } from '@lienthong/client';
import { type RunningConsole, startConsole } from '@lienthong/console';
import {
  type Caller,
  createLog,
  createSealer,
  developmentIssuer,
  LOOPBACK_ONLY,
  vietnamDate,
} from '@lienthong/kit';
import { procedureRegistry } from '@lienthong/procedure-registry';
import { type RunningServices, runTestServices, type TestStack, testStack } from '@lienthong/testkit';
import { definition, step } from '@lienthong/workflow/testing';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { administrator } from '../src/administrator.ts';
import { type IssuerServer, openIssuerServer } from '../src/issuer/server.ts';
import { type Browser, browser, hidden } from './support/browser.ts';

const officer: Caller = {
  agencyId: '018f0000-0000-7000-8000-000000000001',
  officerId: '018f0000-0000-7000-8000-000000000002',
  roles: ['clerk'],
};
const NAME = '<script>alert(1)</script> "Thúy" & Hòa';
const CLIENT = 'lienthong-console';
/** Keys of the tests alone. */
const KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`;
const log = createLog('test', process.env.TEST_LOG_LEVEL ?? 'silent');

let stack: TestStack;
let issuerServer: IssuerServer;
let running: RunningServices;
let web: RunningConsole;
let tokenSeconds = 3_600;
let person: Browser;

const startWeb = (address: string, url?: string) =>
  startConsole({
    listen: '127.0.0.1:0',
    tls: LOOPBACK_ONLY,
    url,
    platform: { address },
    provider: { issuer: issuerServer.url, clientId: CLIENT, scope: 'openid' },
    sealer: createSealer(KEYS),
    connections: { CONNECTIONS: 1_000, CONNECTIONS_PER_ADDRESS: 1_000, TRUSTED_PROXIES: [] },
    log,
  });

beforeAll(async () => {
  stack = await testStack();
  issuerServer = await openIssuerServer('127.0.0.1:0', false);
  const issuer = await developmentIssuer(undefined, issuerServer.url);
  running = await runTestServices([agencyDirectory, procedureRegistry, casework], stack, {
    issuer,
    env: { LIENTHONG_SEALING_KEYS: KEYS, TRUSTED_PROXIES: '127.0.0.1' },
  });
  web = await startWeb(running.address);
  issuerServer.serve(issuer);
  offerSignIn([web.redirectUri]);
});
afterAll(async () => {
  await web.stop();
  await running.stop();
  await issuerServer.stop();
  await stack.close();
});
beforeEach(() => {
  person = browser();
});

function offerSignIn(redirectUris: string[]): void {
  issuerServer.signIn({
    applications: [{ clientId: CLIENT, redirectUris }],
    people: async () => [{ caller: officer, fullName: NAME, about: 'Chuyên viên, Phường Long Châu' }],
    tokenSeconds,
  });
}

/** From the link to the first page after it: two clicks. */
async function signIn(who = person, link = '/auth/login') {
  const offered = await who.open(`${web.url}${link}`);
  return who.submit('/authorize', { request: hidden(offered.page, 'request'), person: '0' });
}

const session = (who = person) => who.cookies(web.url).get('lienthong');

test('a person is in with two clicks, and no page holds a token', async () => {
  const home = await signIn();
  expect(home).toMatchObject({ url: `${web.url}/`, status: 200 });
  expect(home.page).toContain('Đã đăng nhập: <strong>&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(home.page).not.toMatch(/eyJ[\w-]{10,}\./);
  expect(session()?.value).toMatch(/^s1\.test\./);
  expect(session()?.attributes).toMatch(/HttpOnly/);
  expect(session()?.attributes).toMatch(/SameSite=Lax/);
});

test('every page forbids frames, foreign scripts and foreign forms', async () => {
  for (const path of ['/', '/tra-cuu', '/thu-tuc', '/khong-co', '/citizen.css']) {
    const { headers } = await person.open(`${web.url}${path}`);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'; form-action 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test.each(['//evil.example/', '/\\evil.example', 'https://evil.example/', '/\t/evil.example', 'evil'])(
  'a sign-in that should end at %j ends at the first page',
  async (to) => {
    const { url } = await signIn(person, `/auth/login?to=${encodeURIComponent(to)}`);
    expect(url).toBe(`${web.url}/`);
  },
);

test('a sign-in ends where the person wanted to go', async () => {
  const { url } = await signIn(person, `/auth/login?to=${encodeURIComponent('/thu-tuc?tim=khai+sinh')}`);
  expect(url).toBe(`${web.url}/thu-tuc?tim=khai+sinh`);
});

test('a code of another person’s sign-in signs nobody in', async () => {
  const stranger = browser();
  const offered = await stranger.open(`${web.url}/auth/login`);
  const answer = await fetch(`${issuerServer.url}/authorize`, {
    method: 'POST',
    body: new URLSearchParams({ request: hidden(offered.page, 'request'), person: '0' }),
    redirect: 'manual',
  });
  await person.open(`${web.url}/auth/login`);
  const shown = await person.open(answer.headers.get('location') as string);
  expect(shown.status).toBe(400);
  expect(shown.page).toContain('không chấp nhận');
  expect(session()).toBeUndefined();
});

test('a code is good once, at its own address, for its own proof', async () => {
  const asked = new URLSearchParams({
    client_id: CLIENT,
    redirect_uri: web.redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  /** The verifier of the challenge (RFC 7636, appendix B). */
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const authorize = async () => {
    const offered = await person.open(`${issuerServer.url}/authorize?${asked}`);
    const chosen = await fetch(`${issuerServer.url}/authorize`, {
      method: 'POST',
      body: new URLSearchParams({ request: hidden(offered.page, 'request'), person: '0' }),
      redirect: 'manual',
    });
    return new URL(chosen.headers.get('location') as string).searchParams.get('code') as string;
  };
  const redeem = (code: string, more: Record<string, string> = {}) =>
    fetch(`${issuerServer.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        client_id: CLIENT,
        redirect_uri: web.redirectUri,
        code_verifier: verifier,
        ...more,
      }),
    });
  const wrongs: Record<string, string>[] = [
    { code_verifier: `${verifier}x` },
    { redirect_uri: `${web.redirectUri}/` },
    { client_id: 'other' },
    { grant_type: 'password' },
  ];
  for (const wrong of wrongs)
    expect(await (await redeem(await authorize(), wrong)).json()).toEqual({ error: 'invalid_grant' });
  const code = await authorize();
  expect(await (await redeem(code)).json()).toMatchObject({ token_type: 'Bearer' });
  expect((await redeem(code)).status).toBe(400);
});

test.each([
  ['client_id', 'other'],
  ['redirect_uri', 'https://evil.example/callback'],
])('the provider sends nobody to an address that is not registered: %s', async (name, value) => {
  const asked = { client_id: CLIENT, redirect_uri: web.redirectUri, [name]: value };
  const response = await fetch(`${issuerServer.url}/authorize?${new URLSearchParams(asked)}`, {
    redirect: 'manual',
  });
  expect(response.status).toBe(400);
});

test('the provider tells the application what is wrong with its request', async () => {
  const asked = { client_id: CLIENT, redirect_uri: web.redirectUri, response_type: 'token', scope: 'openid' };
  const response = await fetch(`${issuerServer.url}/authorize?${new URLSearchParams(asked)}`, {
    redirect: 'manual',
  });
  const { origin, searchParams } = new URL(response.headers.get('location') as string);
  expect(origin).toBe(web.url);
  expect(searchParams.get('error')).toBe('invalid_request');
  expect(searchParams.get('error_description')).toContain('response_type must be code');
});

test('another site’s page cannot sign a person out', async () => {
  await signIn();
  const refused = await person.submit(`${web.url}/auth/logout`, {}, 'https://evil.example');
  expect(refused.status).toBe(403);
  expect(session()).toBeDefined();
  await person.open(`${web.url}/`);
  const { page } = await person.submit('/auth/logout', {});
  expect(page).toContain('Đăng nhập');
  expect(session()).toBeUndefined();
});

test('an altered session is none', async () => {
  await signIn();
  const { value = '' } = session() ?? {};
  const cookie = `lienthong=${value.slice(0, -4)}AAAA`;
  const page = await (await fetch(web.url, { headers: { cookie } })).text();
  expect(page).toContain('<a href="/auth/login?to=/lam-viec/">');
});

test('a token near its end is replaced, for two requests at once with the same session', async () => {
  tokenSeconds = 30;
  offerSignIn([web.redirectUri]);
  try {
    await signIn();
    const before = session()?.value;
    const [first, second] = await Promise.all([person.open(web.url), person.open(web.url)]);
    expect(first?.page).toContain('Đã đăng nhập');
    expect(second?.page).toContain('Đã đăng nhập');
    expect(session()?.value).not.toBe(before);
  } finally {
    tokenSeconds = 3_600;
    offerSignIn([web.redirectUri]);
  }
});

test('another process of the console knows the session', async () => {
  const other = await startWeb(running.address);
  try {
    await signIn();
    const cookie = `lienthong=${session()?.value}`;
    expect(await (await fetch(other.url, { headers: { cookie } })).text()).toContain('Đã đăng nhập');
  } finally {
    await other.stop();
  }
});

test('behind TLS the session belongs to the host alone, and browsers keep to TLS', async () => {
  const other = await startWeb(running.address, 'https://console.example');
  try {
    const response = await fetch(`${other.listening}/auth/login`, { redirect: 'manual' });
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-lienthong-sign-in=.*; Secure/);
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(response.headers.get('location')).toContain(
      encodeURIComponent('https://console.example/auth/callback'),
    );
  } finally {
    await other.stop();
  }
});

test('citizens find a procedure and what it needs, whatever its name holds', async () => {
  const admin = connectAgency({ address: running.address, token: () => running.issuer.issue(administrator) });
  const subject = step('cap', { produces: ['giay-phep'] });
  const draft = { ...definition(subject), code: '1.000123', name: `Khai sinh ${NAME}` };
  const { procedure } = await admin.procedures.draftProcedure({ definition: draft });
  const procedureId = procedure?.id ?? '';
  await admin.procedures.validateProcedure({ procedureId });
  await admin.procedures.publishProcedure({
    procedureId,
    effectiveOn: vietnamDate(new Date()),
    decision: { number: '01/QĐ', decidedOn: '2026-01-05', signerName: 'Mẫu', signerPosition: 'Chủ tịch' },
  });
  admin.close();
  for (const form of ['NFC', 'NFD']) {
    const search = new URLSearchParams({ tim: 'khai sinh thúy'.normalize(form) });
    const found = await vi.waitFor(async () => {
      const shown = await person.open(`${web.url}/thu-tuc?${search}`);
      expect(shown.page).toContain('/thu-tuc/1.000123');
      return shown;
    });
    expect(found.page).not.toContain('<script>alert');
  }
  const { page } = await person.open(`${web.url}/thu-tuc/1.000123`);
  expect(page).toContain('Giấy tờ cần có');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;Thúy&quot; &amp; Hòa');
  expect(page).not.toContain('<script>');
});

test('open figures are shown without a sign-in, and of a year without any with words', async () => {
  const { page, status } = await person.open(`${web.url}/so-lieu`);
  expect(status).toBe(200);
  expect(page).toContain('Chưa có hồ sơ nào');
  for (const year of ['1999', '2150', 'abc', '20.5', '-1', '1e999']) {
    const refused = await person.open(`${web.url}/so-lieu?nam=${year}`);
    expect(refused.status, year).toBe(400);
    expect(refused.page).toContain('Chưa có số liệu');
  }
});

test.each(['/thu-tuc/9.999999', '/khong-co'])('%s is not found, with words', async (path) => {
  const { status, page } = await person.open(`${web.url}${path}`);
  expect(status).toBe(404);
  expect(page).toContain('Không');
});

test('a broken page token is refused with words', async () => {
  const { status, page } = await person.open(`${web.url}/thu-tuc?trang=xyz`);
  expect(status).toBe(400);
  expect(page).toContain('Yêu cầu không đúng dạng');
});

test('a request that is too large is refused', async () => {
  await person.open(`${web.url}/tra-cuu`);
  const { status } = await person.submit('/tra-cuu', { code: 'x'.repeat(100_000), secret: 'y' });
  expect(status).toBe(413);
});

test('while the platform is away the console says so, and goes on', async () => {
  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(silent.listening).toBe(true));
  const { port } = silent.address() as AddressInfo;
  silent.close();
  const other = await startWeb(`127.0.0.1:${port}`);
  try {
    const away = await person.open(`${other.url}/thu-tuc`);
    expect(away.status).toBe(503);
    expect(away.page).toContain('tạm ngừng');
    expect((await person.open(`${other.url}/tra-cuu`)).status).toBe(200);
  } finally {
    await other.stop();
  }
}, 60_000);
