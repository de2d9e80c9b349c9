import { readFile } from 'node:fs/promises';
import { Exit, Failure, usage } from './failure.ts';
import type { IssuerLogin } from './logins.ts';

/** Renewed so long before its end that no call is under way with it then. */
const EARLY_S = 60;

/** @throws Failure when the file is missing or empty */
export async function readText(file: string, what: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usage(`${what} ${file} cannot be read (${error.code})`, error);
  });
  if (text.trim() === '') throw usage(`${what} ${file} is empty`);
  return text;
}

/** Read for every call, so that another program may renew it. */
export const tokenFromFile = (file: string) => async (): Promise<string> =>
  (await readText(file, 'the file of the token')).trim();

/** A token of an OpenID provider for a system, kept until shortly before it ends. */
export function tokenFromIssuer(issuer: IssuerLogin): () => Promise<string> {
  let kept: { token: string; endsAt: number } | undefined;
  return async () => {
    if (kept === undefined || kept.endsAt < Date.now()) kept = await fetchToken(issuer);
    return kept.token;
  };
}

async function fetchToken({ url, clientId, clientSecretFile, scope, resource }: IssuerLogin) {
  const oidc = await import('openid-client');
  const secret = (await readText(clientSecretFile, "the file of the client's secret")).trim();
  const issuer = new URL(url);
  // Plain text only on this machine, where nobody listens in between.
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(issuer.hostname);
  try {
    const provider = await oidc.discovery(issuer, clientId, undefined, oidc.ClientSecretBasic(secret), {
      execute: isLocal ? [oidc.allowInsecureRequests] : [],
    });
    const reply = await oidc.clientCredentialsGrant(provider, {
      ...(scope && { scope }),
      ...(resource && { resource }),
    });
    const forS = Math.max(0, (reply.expiresIn() ?? 0) - EARLY_S);
    return { token: reply.access_token, endsAt: Date.now() + forS * 1000 };
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    throw new Failure(Exit.NO_LOGIN, `no token from ${url}: ${why}`, error);
  }
}
