import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { expect, onTestFinished, test } from 'vitest';
import { readKeys } from '../src/auth/key-set.ts';
import { discoveredKeys, keySet, type RefusalError, tokenVerifier, trust } from '../src/index.ts';

const AGENCY = '018f0000-0000-7000-8000-000000000001';
const SECRET = 'a secret of the one-stop software';

/** An OpenID-certified provider, whose key can be replaced. It gives software of an agency tokens for the platform. */
async function openProvider() {
  const server = createServer((request, response) => serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const providerWith = async (kid: string) => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const provider = new Provider(url, {
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }] },
      clients: [
        {
          client_id: 'one-stop',
          client_secret: SECRET,
          grant_types: ['client_credentials'],
          response_types: [],
          redirect_uris: [],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_: unknown, resource: string) => ({
            scope: '',
            audience: resource === 'urn:lienthong' ? 'lienthong' : resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 600,
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
      },
      extraTokenClaims: () => ({ agency: AGENCY, realm_access: { roles: ['system', 'uma_authorization'] } }),
    });
    return provider.callback();
  };
  let serve = await providerWith('one');
  return {
    url,
    async replaceKey() {
      serve = await providerWith('two');
    },
    async token(resource = 'urn:lienthong'): Promise<string> {
      const response = await fetch(`${url}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`one-stop:${encodeURIComponent(SECRET)}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
      });
      const reply = (await response.json()) as { access_token?: string };
      return reply.access_token ?? expect.fail(JSON.stringify(reply));
    },
  };
}

const settingsFor = (issuer: string) => ({
  issuer,
  grants: ['system' as const],
  roles: { claim: 'realm_access.roles' },
});
const reasonOf = (verified: Promise<unknown>) =>
  verified.then(
    () => 'accepted',
    (error: RefusalError) => error.refusal.reason,
  );

test("a certified provider's token is accepted by discovery alone, with the claims that its issuer is set to", async () => {
  const provider = await openProvider();
  const verify = tokenVerifier([trust(settingsFor(provider.url), discoveredKeys(provider.url))]);
  expect(await verify(await provider.token())).toEqual({
    agency: { id: AGENCY },
    officerId: 'one-stop',
    roles: [],
    granted: ['system'],
    agencies: undefined,
    expiresAt: expect.any(Number),
  });
  expect(await reasonOf(verify(await provider.token('urn:another-system')))).toBe('TOKEN_INVALID');
});

test('after the provider has replaced its key, new tokens are accepted and old ones refused', async () => {
  let at = 0;
  const provider = await openProvider();
  const keys = keySet(
    () => readKeys(`${provider.url}/jwks`),
    () => at,
  );
  const verify = tokenVerifier([trust(settingsFor(provider.url), keys)]);
  const old = await provider.token();
  await verify(old);
  await provider.replaceKey();
  at += 6_000;
  expect(await verify(await provider.token())).toMatchObject({ officerId: 'one-stop' });
  expect(await reasonOf(verify(old))).toBe('TOKEN_INVALID');
});
