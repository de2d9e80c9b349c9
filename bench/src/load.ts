/** Callers that each wait for their answer before they ask again, for so many seconds. Returns calls per second. */
export async function closedLoop(
  callers: number,
  seconds: number,
  call: (caller: number, n: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  const until = start + seconds * 1_000;
  const counts = await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      let n = 0;
      while (performance.now() < until) {
        await call(caller, n);
        n += 1;
      }
      return n;
    }),
  );
  const total = counts.reduce((sum, n) => sum + n, 0);
  return (total / (performance.now() - start)) * 1_000;
}

/** Calls at a fixed rate, whether or not the earlier ones are answered; resolves when all are. */
export async function openLoop(
  perSecond: number,
  seconds: number,
  call: (n: number) => Promise<unknown>,
): Promise<void> {
  const start = performance.now();
  const calls: Promise<unknown>[] = [];
  const total = Math.floor(perSecond * seconds);
  while (calls.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * perSecond));
    while (calls.length < due) calls.push(call(calls.length));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(calls);
}

/** The value that a share (0–1) of the samples does not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
