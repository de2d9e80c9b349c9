import type { HttpResult } from '@lienthong/outbound';
import { downWait, MAX_RETRY_AFTER_MS, waitAfter, waitAfterLost } from './retry.ts';

/** The result of one attempt. */
export type AttemptResult = Pick<HttpResult, 'status' | 'text' | 'retryAfterMs'>;

export const isDelivered = ({ status }: AttemptResult): boolean => status >= 200 && status < 300;
/** 410: the receiver wants nothing more (Standard Webhooks). */
export const isGone = ({ status }: AttemptResult): boolean => status === 410;

/** Whether a webhook's receiver works. */
export interface Health {
  /** Failed attempts since the last success, of any event. */
  failures: number;
  failingSince: Date | undefined;
  lastSuccessAt: Date | undefined;
  lastError: string;
  /** Nothing is sent before this moment. */
  restUntil: Date | undefined;
}

export interface HealthRules {
  /** Seconds between attempts. */
  schedule: readonly number[];
  /** A webhook without a success for so long after its first failure is suspended; in ms. */
  suspendAfterMs: number;
}

/** @param random from [0, 1) */
export function afterAttempt(
  health: Health,
  result: AttemptResult,
  { schedule, suspendAfterMs }: HealthRules,
  now: Date,
  random: number,
): { health: Health; suspend: boolean } {
  if (isDelivered(result))
    return {
      health: {
        failures: 0,
        failingSince: undefined,
        lastSuccessAt: now,
        lastError: '',
        restUntil: undefined,
      },
      suspend: false,
    };
  const failures = health.failures + 1;
  const failingSince = health.failingSince ?? now;
  const rest = Math.max(downWait(failures, schedule, random), requestedWait(result));
  return {
    health: {
      ...health,
      failures,
      failingSince,
      lastError: errorOf(result),
      restUntil: rest > 0 ? new Date(now.getTime() + rest) : health.restUntil,
    },
    suspend: isGone(result) || now.getTime() - failingSince.getTime() >= suspendAfterMs,
  };
}

/**
 * When the next attempt of an event that was not delivered is due; undefined when it is given up. Of a webhook that keeps
 * failing one attempt is made at the moment of its suspension, so that a long wait does not move the suspension.
 */
export function nextAttempt(
  attempt: { number: number; isLoss: boolean },
  result: AttemptResult,
  { schedule, suspendAfterMs }: HealthRules,
  failingSince: Date | null,
  now: Date,
  random: number,
): Date | undefined {
  const wait = attempt.isLoss
    ? waitAfterLost(attempt.number, schedule, random)
    : waitAfter(attempt.number, schedule, random);
  if (wait === undefined) return undefined;
  const untilSuspension = failingSince === null ? 0 : failingSince.getTime() + suspendAfterMs - now.getTime();
  const planned = untilSuspension > 0 ? Math.min(wait, untilSuspension) : wait;
  return new Date(now.getTime() + Math.max(planned, requestedWait(result)));
}

const requestedWait = ({ retryAfterMs = 0 }: AttemptResult): number =>
  Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);

const errorOf = ({ status, text }: AttemptResult): string =>
  (status === 0 ? text : `HTTP ${status}${text === '' ? '' : `: ${text}`}`).slice(0, 300);
