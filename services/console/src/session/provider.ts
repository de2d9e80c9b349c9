import { randomUUID } from 'node:crypto';
import * as oidc from 'openid-client';
import type { PendingSignIn, Session } from './session.ts';

export interface ProviderOptions {
  /** The issuer of its tokens. */
  issuer: string;
  clientId: string;
  /** Absent: a public client, which proves itself by PKCE alone. */
  clientSecret?: string | undefined;
  scope: string;
  /** Where it sends people back to. */
  redirectUri: string;
}

/** What of a session stays when its tokens are replaced. */
type SignedIn = Pick<Session, 'id' | 'fullName'>;

/** The OpenID provider that signs staff in. */
export interface Provider {
  /** Where to send the person, and what to remember until they are back. */
  begin(returnTo: string): Promise<{ url: string; pending: PendingSignIn }>;
  /** @param answer the address at which the person came back @throws when it does not belong to the pending sign-in */
  finish(answer: URL, pending: PendingSignIn): Promise<Session>;
  /** The next tokens of a session. Calls with one refresh token at the same time get the same tokens. */
  refresh(refreshToken: string, who: SignedIn): Promise<Session>;
}

const TIMEOUT_S = 10;
/** How long the reply to a refresh token is remembered: a page sends several requests with one cookie. */
const REMEMBERED_MS = 30_000;

export function connectProvider(options: ProviderOptions): Provider {
  let known: Promise<oidc.Configuration> | undefined;
  const refreshes = new Map<string, Promise<Session>>();

  /** Read at the first sign-in, and again until it can be read: the console starts without its provider. */
  function configuration(): Promise<oidc.Configuration> {
    known ??= discover(options).catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  return {
    async begin(returnTo) {
      const config = await configuration();
      const pending = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
        returnTo,
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: options.redirectUri,
        scope: options.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, pending };
    },
    async finish(answer, { state, nonce, codeVerifier }) {
      const tokens = await oidc.authorizationCodeGrant(await configuration(), answer, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      const fullName = String(claims?.name ?? claims?.preferred_username ?? claims?.sub ?? '');
      return toSession(tokens, { id: randomUUID(), fullName });
    },
    refresh(refreshToken, who) {
      const running = refreshes.get(refreshToken);
      if (running !== undefined) return running;
      const renewed = (async () =>
        toSession(await oidc.refreshTokenGrant(await configuration(), refreshToken), who))();
      refreshes.set(refreshToken, renewed);
      const forget = () => void refreshes.delete(refreshToken);
      renewed.then(() => setTimeout(forget, REMEMBERED_MS).unref(), forget);
      return renewed;
    },
  };
}

function discover({ issuer, clientId, clientSecret }: ProviderOptions): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return oidc.discovery(
    url,
    clientId,
    clientSecret,
    clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
    // Plain text only to this machine, as the development issuer speaks.
    { timeout: TIMEOUT_S, ...(isLocal && { execute: [oidc.allowInsecureRequests] }) },
  );
}

/** A provider that does not say how long its token is good for is asked again after five minutes. */
const DEFAULT_SECONDS = 300;

const toSession = (
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  { id, fullName }: SignedIn,
): Session => ({
  id,
  accessToken: tokens.access_token,
  ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
  expiresAt: Date.now() + (tokens.expiresIn() ?? DEFAULT_SECONDS) * 1_000,
  fullName,
});
