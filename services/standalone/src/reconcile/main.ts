/**
 * Makes the streams of NATS say what the logs of PostgreSQL say, after a restore of the one, the other or both.
 *
 *   MIGRATION_DATABASE_URL=postgres://… NATS_URL=nats://… EVENT_MAC_KEYS=… npm run reconcile [-- --yes]
 *     Shows what differs and what it would do; with --yes it does that. The services must be stopped.
 *   --database feed=postgres://…
 *     The database of a service that has one of its own; may be repeated.
 */
import { parseArgs } from 'node:util';
import { isNeeded, planReconciliation, type ReconcileDeps, reconcile } from '@lienthong/eventlog';
import { skipNumbers } from '@lienthong/feed/skip-numbers';
import { baseSettings, natsSettings, readSettings } from '@lienthong/kit';
import { SOURCES } from '../nats-users.ts';
import { withPlatform } from '../with-platform.ts';
import { allowWrites } from './allow-writes.ts';
import { describePlan } from './describe.ts';
import { numbersBehind } from './feed-numbers.ts';

const { values } = parseArgs({
  options: {
    yes: { type: 'boolean', default: false },
    database: { type: 'string', multiple: true, default: [] },
  },
});
const settings = readSettings(
  natsSettings.extend({
    MIGRATION_DATABASE_URL: baseSettings.shape.MIGRATION_DATABASE_URL.unwrap(),
    NATS_URL: baseSettings.shape.NATS_URL,
    SUBJECT_ROOT: baseSettings.shape.SUBJECT_ROOT,
    LOG_LEVEL: baseSettings.shape.LOG_LEVEL.default('warn'),
  }),
  process.env,
);
const own = new Map(values.database.map(databaseOf));
await withPlatform(settings, (service) => own.get(service) ?? settings.MIGRATION_DATABASE_URL, run);

async function run(deps: ReconcileDeps): Promise<void> {
  const plans = await planReconciliation(deps);
  for (const plan of plans) console.log(describePlan(plan));
  const isDue = plans.some(isNeeded);
  const skipped = numbersBehind(plans);
  if (skipped > 0)
    console.log(`feed: its next ${skipped} numbers are left out, because readers may have got them before`);
  if (!isDue) console.log('Every stream agrees with its log: there is nothing to do.');
  else if (!values.yes) console.log('Nothing was changed. Stop all services, then do this with --yes.');
  if (!values.yes) return;
  if (isDue) {
    const done = await reconcile(deps, new Date(), (found) => skipFeedNumbers(deps, numbersBehind(found)));
    console.log(`Done for ${done.map(({ source }) => source).join(', ')}: start the services.`);
  }
  for (const { db } of deps.services) await allowWrites(db);
}

async function skipFeedNumbers({ services: all }: ReconcileDeps, count: number): Promise<void> {
  const feed = all.find(({ name }) => name === 'feed');
  if (feed !== undefined && count > 0) await skipNumbers(feed.db, count);
}

function databaseOf(text: string): [string, string] {
  const [, service = '', url = ''] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
  if (!Object.hasOwn(SOURCES, service))
    throw new Error(`--database ${text} must be SERVICE=URL, with one of ${Object.keys(SOURCES).join(', ')}`);
  return [service, url];
}
