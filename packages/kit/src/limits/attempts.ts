import { type Origin, principalOf } from './admission.ts';

const HOUR_MS = 3_600_000;
/** With the limit of one address, as many addresses must fail to make the process forget a count. */
const KEYS_REMEMBERED = 100_000;

export interface AttemptingCall extends Origin {
  now: Date;
}

/** Limits failed attempts at secrets, per hour and by the address that they come from. */
export interface Attempts {
  /**
   * Counts the attempt of a call, once however often the call is carried out. Returns 0 when it is allowed, else the
   * milliseconds until the next one is.
   */
  begin(secretOf: string, call: AttemptingCall): number;
  /** Takes the attempt of a call back, because it did not fail. */
  succeeded(secretOf: string, call: AttemptingCall): void;
}

export interface AttemptLimits {
  /** Failed attempts of one address at one secret. */
  perSecret: number;
  /** Failed attempts of one address at all secrets. A caller with a token, who attempts for many, has no such limit. */
  perAddress: number;
  keys?: number;
}

/**
 * Allows so many failed attempts in the hour from the first. An attempt counts when it begins, so that parallel attempts
 * cannot exceed a limit. Failures from one address lock nobody out who calls from another. The counts are in this
 * process's memory; when there are too many, the oldest is dropped.
 */
export function createAttempts({ perSecret, perAddress, keys = KEYS_REMEMBERED }: AttemptLimits): Attempts {
  // A Map keeps the order of insertion, so the key whose hour began first comes first.
  const hours = new Map<string, { since: number; count: number }>();
  const counted = new WeakSet<object>();

  function limitsOf(secretOf: string, call: AttemptingCall): [key: string, limit: number][] {
    const principal = principalOf(call);
    const atSecret: [string, number] = [`${principal} ${secretOf}`, perSecret];
    return call.caller.officerId === '' ? [atSecret, [principal, perAddress]] : [atSecret];
  }

  function forget(now: number): void {
    for (const [key, { since }] of hours) {
      if (hours.size <= keys && now < since + HOUR_MS) return;
      hours.delete(key);
    }
  }

  return {
    begin(secretOf, call) {
      if (counted.has(call)) return 0;
      const now = call.now.getTime();
      forget(now);
      const limits = limitsOf(secretOf, call);
      const waits = limits.map(([key, limit]) => {
        const hour = hours.get(key);
        return hour !== undefined && hour.count >= limit ? hour.since + HOUR_MS - now : 0;
      });
      const waitMs = Math.max(...waits);
      if (waitMs > 0) return waitMs;
      for (const [key] of limits) {
        const hour = hours.get(key);
        if (hour) hour.count += 1;
        else hours.set(key, { since: now, count: 1 });
      }
      forget(now);
      counted.add(call);
      return 0;
    },
    succeeded(secretOf, call) {
      if (!counted.delete(call)) return;
      for (const [key] of limitsOf(secretOf, call)) {
        const hour = hours.get(key);
        if (hour === undefined) continue;
        hour.count -= 1;
        if (hour.count === 0) hours.delete(key);
      }
    },
  };
}
