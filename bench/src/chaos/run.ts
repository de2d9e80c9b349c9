import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Agency, loadAgencies } from '../agencies.ts';
import { publishProcedure } from '../procedure.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type Comparison, compare } from './compare.ts';
import { compareDossiers } from './compare-dossiers.ts';
import type { ControlName } from './controls.ts';
import { compareDocuments, type Documents, documentTraffic } from './documents.ts';
import { type Dossiers, dossierTraffic } from './dossiers.ts';
import { type FaultName, faults } from './faults.ts';
import { seededRandom } from './random.ts';
import { compareReaders, feedReaders, type Reader } from './readers.ts';
import { openReplies } from './replies.ts';
import type { SettleBounds } from './settle.ts';
import { asSuperuser } from './superuser.ts';
import { type Note, openVerdict, type Verdict } from './verdict.ts';

/** Of documents and of dossiers each; every one an agency of its own. */
const CALLERS = 12;
const AGENCIES = 40;
/** Agencies that follow their feed: callers of both kinds among them, who also receive. */
const READERS = 8;

export interface RunOptions {
  faults: readonly FaultName[];
  /** How long they are injected. */
  seconds: number;
  /** The same seed draws the same faults. */
  seed: number;
  /** The services run a build that is broken on purpose. */
  broken?: ControlName | undefined;
  bounds: SettleBounds;
  print: (line: string) => void;
}

export interface Report extends Verdict, Partial<Comparison> {
  documents: number;
  dossiers: number;
  steps: number;
  races: number;
  unanswered: number;
  faults: Record<string, number>;
  seed: number;
  /** From the first call of the load to the verdict. */
  seconds: number;
}

/** Load and faults on a platform of its own, and what the checker found then. Every wait is bounded. */
export async function run(options: RunOptions): Promise<Report> {
  const dataDir = await mkdtemp(join(resolve(process.env.BENCH_DATA ?? '.'), '.lienthong-bench-'));
  try {
    // As root PostgreSQL runs as another user, who must be able to pass.
    await chmod(dataDir, 0o711);
    return await runIn(dataDir, options);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function runIn(dataDir: string, options: RunOptions): Promise<Report> {
  const { verdict, note } = openVerdict();
  const { broken, bounds, print, seed } = options;
  const atTheStart = (error: Error) => note('stuck', `at the start: ${error.message}`);
  const cluster = await startCluster(dataDir, print, broken && { broken, bounds }).catch(atTheStart);
  let found: Findings = { ...NOTHING, seed };
  if (cluster)
    try {
      const agencies = await setUp(cluster).catch(atTheStart);
      found = await observe(cluster, agencies ?? [], options, note);
      print('stopping');
    } finally {
      await cluster.stop().catch((error: Error) => note('stuck', error.message));
    }
  return { ...verdict, ...found };
}

type Findings = Omit<Report, keyof Verdict>;
const NOTHING = { documents: 0, dossiers: 0, steps: 0, races: 0, unanswered: 0, faults: {}, seconds: 0 };

/** Without agencies the platform could not be set up: there is no load. */
async function observe(
  cluster: Cluster,
  agencies: readonly Agency[],
  options: RunOptions,
  note: Note,
): Promise<Findings> {
  const { print, bounds, seed } = options;
  const from = performance.now();
  const made = agencies.length > 0 ? await work(cluster, agencies, options, note) : undefined;
  print('waiting until everything is published and applied');
  for (const line of await cluster.behind(bounds)) note('stuck', line);
  print('comparing');
  const compared = await compareAll(cluster, made, note);
  await Promise.all(made?.readers.map((reader) => reader.stop()) ?? []);
  const seconds = Math.round((performance.now() - from) / 1_000);
  if (made === undefined) return { ...NOTHING, ...compared, seed, seconds };
  const { documents, dossiers, injected: faults } = made;
  return {
    ...compared,
    documents: documents.acknowledged.size,
    dossiers: dossiers.acknowledged.size,
    steps: dossiers.completions,
    races: dossiers.races,
    unanswered: documents.unanswered + dossiers.unanswered,
    faults,
    seed,
    seconds,
  };
}

interface Made {
  documents: Documents;
  dossiers: Dossiers;
  injected: Record<string, number>;
  readers: readonly Reader[];
}

async function work(
  cluster: Cluster,
  agencies: readonly Agency[],
  options: RunOptions,
  note: Note,
): Promise<Made> {
  const { print, seed, seconds } = options;
  print(`seed ${seed}: documents and dossiers are worked on, and faults are injected`);
  const replies = openReplies();
  const readers = feedReaders(cluster, agencies.slice(CALLERS - READERS / 2, CALLERS + READERS / 2));
  const traffic = [
    documentTraffic(cluster, agencies, CALLERS, replies.came),
    dossierTraffic(cluster, agencies.slice(CALLERS), CALLERS, replies.came),
  ] as const;
  const random = seededRandom(seed);
  const injected = await faults(cluster, { names: options.faults, seconds, random, replies, print, note });
  const [documents, dossiers] = await Promise.all([traffic[0].stop(), traffic[1].stop()]);
  print(
    `acknowledged: ${documents.acknowledged.size} documents, ${documents.reports} statuses, ` +
      `${dossiers.acknowledged.size} dossiers, ${dossiers.completions} steps, ` +
      `${dossiers.races} of them to one of two officers`,
  );
  return { documents, dossiers, injected, readers };
}

async function setUp(cluster: Cluster): Promise<Agency[]> {
  const agencies = await loadAgencies(cluster, AGENCIES);
  await publishProcedure(cluster);
  return agencies;
}

async function compareAll(
  cluster: Cluster,
  made: Made | undefined,
  note: Note,
): Promise<Comparison | undefined> {
  try {
    return await asSuperuser(cluster.databaseUrl, async (database) => {
      const { rows } = await database.query<{ deadlocks: string }>(
        'select deadlocks from pg_stat_database where datname = current_database()',
      );
      const deadlocks = Number(rows[0]?.deadlocks);
      if (deadlocks > 0) note('stuck', `${deadlocks} times transactions waited for each other`);
      if (made) {
        await compareDocuments(database, made.documents, note);
        await compareDossiers(database, made.dossiers, note);
        await compareReaders(database, made.readers, note);
      }
      return await compare(database, cluster.natsUrl, note);
    });
  } catch (error) {
    note('stuck', `the checker: ${(error as Error).message}`);
    return undefined;
  }
}
