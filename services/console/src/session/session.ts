import { z } from 'zod';

/** Who has signed in, and with which tokens the console calls the platform for them. */
export const session = z.object({
  /** The same from the sign-in on, whatever tokens replace the first ones. */
  id: z.string(),
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number(),
  fullName: z.string(),
});
export type Session = z.output<typeof session>;

/** A sign-in that has begun and waits for the provider. */
export const pendingSignIn = z.object({
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  /** Where the person wanted to go: a path of the console. */
  returnTo: z.string(),
});
export type PendingSignIn = z.output<typeof pendingSignIn>;

/** A path of the console itself, else its first page: an address from outside must not lead away. */
export function localPath(text: string | undefined): string {
  if (text === undefined || !text.startsWith('/')) return '/';
  const here = 'http://console.invalid';
  const url = URL.parse(text, here);
  return url?.origin === here ? `${url.pathname}${url.search}` : '/';
}
