import { status } from '@grpc/grpc-js';

/** Runs callers that each wait for a reply before the next call. Returns calls per second. */
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

const BUSY_PAUSE_MS = 100;

/** Calls again while the server is busy, as an agency's client does. */
export async function untilAdmitted<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as { code?: status }).code !== status.RESOURCE_EXHAUSTED) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

/** Calls at a fixed rate without waiting for replies; resolves when all calls have one. */
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

/** How many pages are read before any is measured. */
const WARMING = 200;

/**
 * Milliseconds for a page of a list, the 99th percentile over clients, filters, first and second pages.
 * @param read resolves to the token of the page that follows
 */
export async function pageP99<C, F>(
  clients: readonly C[],
  filters: readonly F[],
  pages: number,
  read: (client: C, filter: F, pageToken: string) => Promise<string>,
): Promise<number> {
  const samples: number[] = [];
  let pageToken = '';
  for (let n = 0; n < pages + WARMING; n += 1) {
    const turn = Math.floor(n / 2);
    const start = performance.now();
    pageToken = await read(
      clients[turn % clients.length] as C,
      filters[turn % filters.length] as F,
      n % 2 === 0 ? '' : pageToken,
    );
    if (n >= WARMING) samples.push(performance.now() - start);
  }
  return percentile(samples, 0.99);
}
