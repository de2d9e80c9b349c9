import { downWait, waitAfter, waitAfterLost } from './retry.ts';

/** What became of one attempt. */
export interface Outcome {
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** The beginning of the answer, or why there was none. */
  answer: string;
  /** What the receiver asks for, in ms. */
  retryAfterMs?: number | undefined;
}

export const isDelivered = ({ status }: Outcome): boolean => status >= 200 && status < 300;
/** 410: the receiver wants nothing more (Standard Webhooks). */
export const isGone = ({ status }: Outcome): boolean => status === 410;

/** How a webhook's receiver does. */
export interface Health {
  /** Failed attempts since the last success, of any event. */
  failures: number;
  failingSince: Date | undefined;
  lastSuccessAt: Date | undefined;
  lastError: string;
  /** Nothing is sent before. */
  restUntil: Date | undefined;
}

export interface HealthRules {
  /** Seconds between attempts. */
  schedule: readonly number[];
  /** Failing for so long without any success, a webhook is suspended; in ms. */
  suspendAfterMs: number;
}

/** @param random from [0, 1) */
export function afterAttempt(
  health: Health,
  outcome: Outcome,
  { schedule, suspendAfterMs }: HealthRules,
  now: Date,
  random: number,
): { health: Health; suspend: boolean } {
  if (isDelivered(outcome))
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
  const rest = Math.max(downWait(failures, schedule, random), outcome.retryAfterMs ?? 0);
  return {
    health: {
      ...health,
      failures,
      failingSince,
      lastError: errorOf(outcome),
      restUntil: rest > 0 ? new Date(now.getTime() + rest) : health.restUntil,
    },
    suspend: isGone(outcome) || now.getTime() - failingSince.getTime() >= suspendAfterMs,
  };
}

/** When an event that was not delivered is tried again; undefined: given up. */
export function nextAttempt(
  attempt: { number: number; isLoss: boolean },
  outcome: Outcome,
  schedule: readonly number[],
  now: Date,
  random: number,
): Date | undefined {
  const wait = attempt.isLoss
    ? waitAfterLost(attempt.number, schedule, random)
    : waitAfter(attempt.number, schedule, random);
  return wait === undefined ? undefined : new Date(now.getTime() + Math.max(wait, outcome.retryAfterMs ?? 0));
}

const errorOf = ({ status, answer }: Outcome): string =>
  (status === 0 ? answer : `HTTP ${status}${answer === '' ? '' : `: ${answer}`}`).slice(0, 300);
