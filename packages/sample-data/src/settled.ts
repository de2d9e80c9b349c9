import { setTimeout as sleep } from 'node:timers/promises';
import type { AgencyClient } from '@lienthong/client';

const WAIT_MS = 60_000;

/**
 * Waits until everything committed is published and applied by every consumer (services decide on copies of the
 * directory that follow it by events), and until `also` holds.
 * @throws when a relay has halted, an event was parked, or a minute has passed
 */
export async function settled(
  admin: AgencyClient,
  also: (sequenced: (source: string) => number) => boolean = () => true,
): Promise<void> {
  for (const until = Date.now() + WAIT_MS; Date.now() < until; await sleep(50)) {
    const { logs, consumers } = await admin.operations.getStatus({});
    const halted = logs.find((log) => log.halted !== '');
    if (halted) throw new Error(halted.halted);
    const parked = consumers.find((consumer) => consumer.parked > 0n);
    if (parked)
      throw new Error(`consumer ${parked.service}/${parked.name} has parked ${parked.parked} events`);
    const published = logs.every((log) => log.published === log.sequenced);
    const sequenced = (source: string) => Number(logs.find((log) => log.source === source)?.sequenced ?? 0);
    // Not by `lag`: a service reads its lag at another moment than other services read their logs.
    const applied = consumers.every(({ source, cursor }) => Number(cursor) >= sequenced(source));
    if (published && applied && also(sequenced)) return;
  }
  throw new Error('the platform has not settled in a minute');
}
