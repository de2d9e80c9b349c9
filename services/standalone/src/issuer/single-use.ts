import { randomBytes } from 'node:crypto';

/** Values under secrets that nobody can guess; each is taken once, and only for some time. */
export interface SingleUse<T> {
  /** The secret of the value. */
  put(value: T): string;
  /** Undefined when there is none, when it was taken, or when its time is over. */
  take(secret: string): T | undefined;
}

/** @param most so many are kept; the oldest goes first */
export function singleUse<T>(lifeMs: number, most = 1_000): SingleUse<T> {
  const kept = new Map<string, { value: T; until: number }>();
  return {
    put(value) {
      if (kept.size >= most) kept.delete(kept.keys().next().value as string);
      const secret = randomBytes(24).toString('base64url');
      kept.set(secret, { value, until: Date.now() + lifeMs });
      return secret;
    },
    take(secret) {
      const found = kept.get(secret);
      kept.delete(secret);
      return found && found.until > Date.now() ? found.value : undefined;
    },
  };
}
