/** A budget of cost that fills up again with time. */
export interface Rate {
  perSecond: number;
  /** What may be taken at once after a rest. */
  burst: number;
}

export interface Rates {
  /** Takes a cost from every budget, or from none. Returns 0, or after how many milliseconds all have it. */
  take(budgets: readonly (readonly [key: string, rate: Rate])[], cost: number): number;
}

/**
 * Budgets by key, each as one number: the time up to which it is used up (the generic cell rate algorithm). At most twice
 * as many keys as given are remembered; beyond that, those that were used longest ago start with a full budget.
 * @param now milliseconds on the monotonic clock
 */
export function createRates({ keys, now }: { keys: number; now: () => number }): Rates {
  let recent = new Map<string, number>();
  let older = new Map<string, number>();

  function waitFor(usedUpTo: number, at: number, { perSecond, burst }: Rate, cost: number): number {
    const usedMs = usedUpTo - at;
    const missingMs = usedMs + ((cost - burst) * 1000) / perSecond;
    // What costs more than a whole budget must wait for a full one.
    return Math.min(usedMs, missingMs);
  }

  function remember(key: string, usedUpTo: number): void {
    if (recent.size >= keys && !recent.has(key)) {
      older = recent;
      recent = new Map();
    }
    recent.set(key, usedUpTo);
  }

  return {
    take(budgets, cost) {
      const at = now();
      const uses = budgets.map(([key, rate]) => {
        const usedUpTo = Math.max(at, recent.get(key) ?? older.get(key) ?? at);
        return { key, rate, usedUpTo, waitMs: waitFor(usedUpTo, at, rate, cost) };
      });
      const waitMs = Math.max(...uses.map((use) => use.waitMs));
      // Also what is refused is a use: a caller that goes on is not forgotten.
      for (const { key, rate, usedUpTo } of uses)
        remember(key, waitMs > 0 ? usedUpTo : usedUpTo + (cost * 1000) / rate.perSecond);
      return waitMs > 0 ? Math.ceil(waitMs) : 0;
    },
  };
}
