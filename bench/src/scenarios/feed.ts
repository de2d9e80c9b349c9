import type { Agency } from '../agencies.ts';
import { openLoop, percentile, untilAdmitted } from '../load.ts';
import { residentMib } from '../resident-memory.ts';
import type { Target } from '../target.ts';
import { letter } from './documents.ts';
import type { EventLatency } from './events.ts';

const SENT = 'lienthong.routing.v1.DeliverySent';

/** Milliseconds from a command to its event in the feed of the agency concerned, with so many streams open. */
export async function feedLatency(
  target: Target,
  agencies: readonly Agency[],
  streams: number,
  perSecond: number,
  seconds: number,
): Promise<EventLatency> {
  const arrived = new Map<string, number>();
  const followers = agencies.slice(0, streams);
  const leave = await Promise.all(
    followers.map(async ({ id }) =>
      (await target.as(id)).follow(({ type, subject }) => {
        if (type === SENT) arrived.set(subject, performance.now());
      }),
    ),
  );
  const clients = await Promise.all(agencies.slice(-64).map(({ id }) => target.as(id)));
  const called = new Map<string, number>();
  const call = async (n: number) => {
    const start = performance.now();
    const recipient = followers[(n * 7 + 3) % followers.length] as Agency;
    const client = clients[n % clients.length] as (typeof clients)[number];
    const { deliveries } = await untilAdmitted(() => client.issueDocument(letter([recipient])));
    called.set(`delivery/${deliveries[0]?.deliveryId}`, start);
  };
  await openLoop(perSecond, 2, call);
  called.clear();
  await openLoop(perSecond, seconds, call);
  while ([...called.keys()].some((subject) => !arrived.has(subject)))
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const one of leave) one();
  await target.quiet();
  const latencies = [...called].map(([subject, start]) => (arrived.get(subject) as number) - start);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** Resident memory, in MiB, of the process of all services while so many streams are open and nothing happens. */
export async function idleStreams(
  target: Target,
  agencies: readonly Agency[],
  streams: number,
): Promise<number> {
  const leave = await Promise.all(
    Array.from({ length: streams }, async (_, n) =>
      (await target.as((agencies[n % agencies.length] as Agency).id)).follow(() => {}),
    ),
  );
  // Long enough for heartbeats to arrive.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  const mebibytes = residentMib(target.pid);
  for (const one of leave) one();
  return mebibytes;
}
