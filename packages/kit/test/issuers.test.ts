import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import {
  discoveredKeys,
  type KeySet,
  keySet,
  type RefusalError,
  TOKEN_AUDIENCE,
  tokenVerifier,
  trust,
} from '../src/index.ts';

/** An issuer over HTTP: its documents may change, fail, or never come. */
async function httpIssuer(onRequest?: (request: IncomingMessage, response: ServerResponse) => boolean) {
  const counts = { configuration: 0, jwks: 0 };
  let keys: JWK[] = [];
  const server = createServer((request, response) => {
    const isConfiguration = request.url === '/.well-known/openid-configuration';
    counts[isConfiguration ? 'configuration' : 'jwks'] += 1;
    if (onRequest?.(request, response)) return;
    const body = isConfiguration ? { issuer: url, jwks_uri: `${url}/jwks` } : { keys };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyOf = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const token = (sub = 'officer-1') =>
      new SignJWT({ roles: [] })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setSubject(sub)
        .setIssuer(url)
        .setAudience(TOKEN_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('10 minutes')
        .sign(privateKey);
    return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, token };
  };
  return {
    url,
    counts,
    keyOf,
    serve: (...next: JWK[]) => {
      keys = next;
    },
  };
}

const verifierOf = (issuer: string, keys: KeySet) => tokenVerifier([trust({ issuer }, keys)]);
const reasonOf = (verified: Promise<unknown>) =>
  verified.then(
    () => 'accepted',
    (error) => (error as RefusalError).refusal.reason,
  );

test('an issuer is discovered, and its keys are read once for many tokens', async () => {
  const issuer = await httpIssuer();
  const key = await issuer.keyOf('one');
  issuer.serve(key.jwk);
  const verify = verifierOf(issuer.url, discoveredKeys(issuer.url));
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, i) => key.token(`officer-${i}`)));
  await Promise.all(tokens.map(verify));
  expect(issuer.counts).toEqual({ configuration: 1, jwks: 1 });
});

test('a new key is found when its first token comes; unknown keys lead to few readings', async () => {
  let at = 0;
  const issuer = await httpIssuer();
  const [first, second, stranger] = await Promise.all(['one', 'two', 'three'].map(issuer.keyOf));
  if (!first || !second || !stranger) throw new Error('three keys');
  issuer.serve(first.jwk);
  const read = async () => (await (await fetch(`${issuer.url}/jwks`)).json()) as { keys: JWK[] };
  const verify = verifierOf(
    issuer.url,
    keySet(read, () => at),
  );
  await verify(await first.token());
  issuer.serve(first.jwk, second.jwk);
  at += 6_000;
  await verify(await second.token());
  for (let n = 0; n < 10; n += 1)
    expect(await reasonOf(verify(await stranger.token(`x${n}`)))).toBe('TOKEN_INVALID');
  expect(issuer.counts.jwks).toBe(2);
});

test('a token is not remembered beyond the removal of its key', async () => {
  let at = 0;
  const issuer = await httpIssuer();
  const [old, fresh] = await Promise.all(['old', 'fresh'].map(issuer.keyOf));
  if (!old || !fresh) throw new Error('two keys');
  issuer.serve(old.jwk);
  let read = Promise.resolve();
  const keys = keySet(
    () => {
      const jwks = fetch(`${issuer.url}/jwks`).then((found) => found.json()) as Promise<{ keys: JWK[] }>;
      read = jwks.then(() => {});
      return jwks;
    },
    () => at,
  );
  const verify = verifierOf(issuer.url, keys);
  const token = await old.token();
  await verify(token);
  issuer.serve(fresh.jwk);
  await verify(token);
  at += 31_000;
  // Still from memory; the keys are read meanwhile.
  await verify(token);
  await read;
  await expect.poll(() => reasonOf(verify(token))).toBe('TOKEN_INVALID');
});

test('an issuer that fails or hangs is not tried again at once, and keys read before go on', async () => {
  let at = 0;
  let failing = true;
  const issuer = await httpIssuer((_, response) => failing && !!response.writeHead(503).end());
  const key = await issuer.keyOf('one');
  issuer.serve(key.jwk);
  const read = async () => {
    const found = await fetch(`${issuer.url}/jwks`);
    if (!found.ok) throw new Error(`${found.status}`);
    return (await found.json()) as { keys: JWK[] };
  };
  const verify = verifierOf(
    issuer.url,
    keySet(read, () => at),
  );
  for (let n = 0; n < 5; n += 1)
    expect(await reasonOf(verify(await key.token(`x${n}`)))).toBe('ISSUER_UNAVAILABLE');
  expect(issuer.counts.jwks).toBe(1);
  failing = false;
  at += 6_000;
  await verify(await key.token());
  failing = true;
  at += 600_000;
  await verify(await key.token('later'));
  at += 3_600_000;
  expect(await reasonOf(verify(await key.token('much later')))).toBe('ISSUER_UNAVAILABLE');
});

test("one issuer's outage does not stop another", async () => {
  const [up, down] = await Promise.all([httpIssuer(), httpIssuer(() => true)]);
  const [good, bad] = await Promise.all([up.keyOf('one'), down.keyOf('one')]);
  up.serve(good.jwk);
  const verify = tokenVerifier([up, down].map(({ url }) => trust({ issuer: url }, discoveredKeys(url))));
  const hanging = reasonOf(verify(await bad.token()));
  expect(await verify(await good.token())).toMatchObject({ officerId: 'officer-1' });
  expect(await hanging).toBe('ISSUER_UNAVAILABLE');
});

test.each([
  [
    'another issuer in its configuration',
    JSON.stringify({ issuer: 'http://other', jwks_uri: 'http://other' }),
  ],
  ['an endless document', 'x'.repeat(300_000)],
  ['keys at an address without TLS', undefined],
  ['no JSON', 'no JSON'],
])('%s gives no keys', async (_, body) => {
  const issuer = await httpIssuer((_, response) => {
    response.end(body ?? JSON.stringify({ issuer: issuer.url, jwks_uri: 'http://192.0.2.1/jwks' }));
    return true;
  });
  const key = await issuer.keyOf('one');
  const verify = verifierOf(issuer.url, discoveredKeys(issuer.url));
  expect(await reasonOf(verify(await key.token()))).toBe('ISSUER_UNAVAILABLE');
});
