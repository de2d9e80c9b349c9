import type { Caller } from '../auth/caller.ts';
import { type Refusal, refuse } from '../errors.ts';

/** Bounds on the cost of the calls that run at once. */
export interface CostLimits {
  perProcess: number;
  /** Of one agency; of one officer, where a token names no agency. */
  perCaller: number;
}

export interface Admission {
  /** Admits a call. Returns the function that releases it. Refuses: SERVER_BUSY, CALLER_BUSY. */
  enter(caller: Caller, cost: number): () => void;
}

/** Bounds the cost of the calls that one caller runs at once, and of those that all callers run. */
export function createAdmission({ perProcess, perCaller }: CostLimits): Admission {
  const running = new Map<string, number>();
  let total = 0;
  return {
    enter(caller, cost) {
      // Not one namespace: an officer may have the id of an agency.
      const key = caller.agencyId || `officer ${caller.officerId}`;
      const own = running.get(key) ?? 0;
      // A call that costs more than a bound still runs when it is alone.
      if (own > 0 && own + cost > perCaller) return refuse(callerBusy);
      if (total > 0 && total + cost > perProcess) return refuse(serverBusy);
      running.set(key, own + cost);
      total += cost;
      return () => {
        total -= cost;
        const left = (running.get(key) ?? 0) - cost;
        if (left > 0) running.set(key, left);
        else running.delete(key);
      };
    },
  };
}

const callerBusy: Refusal = {
  kind: 'resource-exhausted',
  reason: 'CALLER_BUSY',
  message: 'your agency runs as many calls at once as it may; send this one again in a moment',
  retryAfterMs: 1000,
};

const serverBusy: Refusal = {
  kind: 'resource-exhausted',
  reason: 'SERVER_BUSY',
  message: 'the server runs as many calls at once as it can; send this one again in a moment',
  retryAfterMs: 1000,
};
