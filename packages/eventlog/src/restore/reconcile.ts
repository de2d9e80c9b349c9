import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { takeLead } from '../leader.ts';
import { readBounds } from '../relay/read-log.ts';
import { hasHole, relayName } from '../relay/relay.ts';
import { isNeeded, planSource, type SourcePlan } from './plan.ts';
import { openSourceLog, type ReconcileDeps, type ServiceDatabase, type SourceLog } from './source-log.ts';
import { withdrawLost } from './withdraw.ts';

const POLL_MS = 50;

/** What `reconcile` would do, for each source. Changes nothing. */
export const planReconciliation = (deps: ReconcileDeps): Promise<SourcePlan[]> =>
  Promise.all(
    deps.services.map((service) =>
      connected(service, (connection) => planSource(openSourceLog(deps, service), connection, deps.services)),
    ),
  );

/**
 * Makes every stream what its log says, after a restore of PostgreSQL, of NATS or of both. May be repeated; what agrees
 * is left alone.
 * @param prepare gets the plans when all services are known to be stopped, before the first change
 * @returns what was done
 * @throws when a service still runs
 */
export async function reconcile(
  deps: ReconcileDeps,
  now: Date,
  prepare: (plans: readonly SourcePlan[]) => Promise<void> = async () => {},
): Promise<SourcePlan[]> {
  const leads: pg.Client[] = [];
  const all: { service: ServiceDatabase; sourceLog: SourceLog; plan: SourcePlan }[] = [];
  try {
    for (const service of deps.services) leads.push(await lead(service));
    for (const [n, service] of deps.services.entries()) {
      const sourceLog = openSourceLog(deps, service);
      const plan = await planSource(sourceLog, leads[n] as pg.Client, deps.services);
      all.push({ service, sourceLog, plan });
    }
    await prepare(all.map(({ plan }) => plan));
    for (const { service, sourceLog, plan } of all) {
      if (plan.lost.length > 0)
        await service.db.transaction((tx) => withdrawLost(tx, plan, deps.subjectRoot, now));
      if (plan.rebuild) await sourceLog.stream.delete();
    }
  } finally {
    for (const connection of leads) await connection.end();
  }
  const needed = all.filter(({ plan }) => isNeeded(plan));
  for (const { service, sourceLog } of needed) await publishAll(service, sourceLog);
  return needed.map(({ plan }) => plan);
}

/** A connection that keeps the service's relay, and so the service, from running. */
async function lead({ name, source, db }: ServiceDatabase): Promise<pg.Client> {
  const connection = await db.connect();
  if (await takeLead(connection, db.schema, relayName(source))) return connection;
  await connection.end();
  throw new Error(`${name} is running: stop all services first`);
}

/** Lets the relay publish what the stream lacks. */
async function publishAll(service: ServiceDatabase, { stream, createRelay }: SourceLog): Promise<void> {
  const { first, last } = await connected(service, readBounds);
  const relay = createRelay();
  await relay.start();
  try {
    while (true) {
      const state = await stream.state();
      if (state?.lastSeq === last && !hasHole(state, first)) return;
      const { halted } = relay.status();
      if (halted !== '') throw new Error(halted);
      await sleep(POLL_MS);
    }
  } finally {
    await relay.stop();
  }
}

async function connected<T>({ db }: ServiceDatabase, run: (connection: pg.Client) => Promise<T>): Promise<T> {
  const connection = await db.connect();
  try {
    return await run(connection);
  } finally {
    await connection.end();
  }
}
