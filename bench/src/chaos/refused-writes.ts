import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { asSuperuser } from './superuser.ts';

const WHILE_MS = 3_000;

/** One event in so many cannot be recorded. */
const ONE_IN = 11;
const REPLAY_MS = 30_000;
const CONSUMER = { service: 'audit', consumer: 'record' };

/** The audit cannot record some events for a while. Then an operator replays what was parked. */
export async function refuseEffects(cluster: Cluster): Promise<void> {
  await refuse(cluster, ['audit.entry'], 'each row', `new.position % ${ONE_IN} = 0`, 'P0001');
  const admin = cluster.admin();
  try {
    // What is still parked at the bound is found when the platform has settled.
    for (const until = performance.now() + REPLAY_MS; performance.now() < until; await sleep(200)) {
      await admin.operations.replayParkedEvents(CONSUMER);
      const { consumers } = await admin.operations.getStatus({});
      if (!consumers.some(({ service, parked }) => service === CONSUMER.service && parked > 0n)) return;
    }
  } finally {
    admin.close();
  }
}

/** As on a full disk, commands and consumers cannot write for a while. Nobody has to do anything afterwards. */
export const fillDisk = (cluster: Cluster): Promise<void> =>
  refuse(
    cluster,
    ['casework.event', 'document_routing.event', 'audit.entry', 'feed.feed_event'],
    'each statement',
    'true',
    '53100',
  );

async function refuse(
  { databaseUrl }: Cluster,
  tables: readonly string[],
  each: 'each row' | 'each statement',
  when: string,
  code: string,
): Promise<void> {
  await asSuperuser(databaseUrl, async (database) => {
    await database.query(
      `create or replace function public.chaos_refuse() returns trigger language plpgsql as $$
         begin
           if ${when} then raise 'refused for a while' using errcode = '${code}'; end if;
           return new;
         end $$`,
    );
    try {
      for (const table of tables)
        await database.query(
          `create trigger chaos_refuse before insert on ${table} for ${each} execute function public.chaos_refuse()`,
        );
      await sleep(WHILE_MS);
    } finally {
      for (const table of tables) await database.query(`drop trigger if exists chaos_refuse on ${table}`);
    }
  });
}
