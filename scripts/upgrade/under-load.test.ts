import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '@lienthong/standalone';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { loadAgencies } from '../../bench/src/agencies.ts';
import { type ServiceProcess, startCluster, THIS_PROGRAM } from '../../bench/src/chaos/cluster.ts';
import { compare } from '../../bench/src/chaos/compare.ts';
import { compareDossiers } from '../../bench/src/chaos/compare-dossiers.ts';
import { compareDocuments, documentTraffic } from '../../bench/src/chaos/documents.ts';
import { dossierTraffic } from '../../bench/src/chaos/dossiers.ts';
import { openVerdict } from '../../bench/src/chaos/verdict.ts';
import { publishProcedure } from '../../bench/src/procedure.ts';
import { migrateBeyond } from './beyond.ts';
import { unpack } from './unpack.ts';
import { readVersionBefore } from './version-before.ts';

/** Agencies that issue documents, and as many that work on dossiers. */
const CALLERS = 3;
/** Events of documents and of dossiers each that a stage lasts. */
const STAGE = 30;
/** For the calls under way at the end. */
const STOP_MS = 180_000;

const { commit } = readVersionBefore();

test('calls under way survive the upgrade and the way back', { timeout: 600_000 }, async ({ skip }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-upgrade-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // As root PostgreSQL runs as another user, who must be able to pass.
  chmodSync(folder, 0o711);
  const [sources, dataDir] = [join(folder, 'before'), join(folder, 'data')];
  for (const each of [sources, dataDir]) mkdirSync(each);
  const before = unpack(commit, sources);
  if (before === undefined)
    return skip(`this clone lacks the version before, ${commit}: git fetch --unshallow`);

  const cluster = await startCluster(dataDir, () => {}, { program: before });
  onTestFinished(() => cluster.stop());
  const database = new pg.Client({ connectionString: cluster.databaseUrl });
  await database.connect();
  onTestFinished(() => database.end());
  const agencies = await loadAgencies(cluster, 2 * CALLERS);
  await publishProcedure(cluster);
  const [first, second] = cluster.processes as [ServiceProcess, ServiceProcess];
  const documents = documentTraffic(cluster, agencies, CALLERS);
  const dossiers = dossierTraffic(cluster, agencies.slice(CALLERS), CALLERS);

  await goOn(database);
  for (const service of services)
    expect(await migrateBeyond(database, cluster.databaseUrl, service, folder)).not.toEqual([]);
  // Two processes of the version before, on a schema that is newer than both versions.
  await goOn(database);
  second.signal('SIGTERM');
  await second.restart(THIS_PROGRAM);
  await goOn(database);
  first.signal('SIGKILL');
  await first.restart(THIS_PROGRAM);
  await goOn(database);
  second.signal('SIGTERM');
  await second.restart(before);
  await goOn(database);

  const made = { documents: await documents.stop(STOP_MS), dossiers: await dossiers.stop(STOP_MS) };
  await cluster.quiet();
  const { verdict, note } = openVerdict();
  await compareDocuments(database, made.documents, note);
  await compareDossiers(database, made.dossiers, note);
  await compare(database, cluster.natsUrl, note);
  expect(verdict.differences).toEqual([]);
  expect(made.documents.unanswered + made.dossiers.unanswered).toBe(0);
  expect(made.documents.acknowledged.size).toBeGreaterThan(0);
  expect(made.dossiers.acknowledged.size).toBeGreaterThan(0);
});

/** Waits until documents and dossiers went on for a stage. */
async function goOn(database: pg.Client): Promise<void> {
  const heads = async () => {
    const { rows } = await database.query<{ position: string }>(
      'select position from document_routing.event_head union all select position from casework.event_head',
    );
    return rows.map(({ position }) => Number(position));
  };
  const from = await heads();
  while ((await heads()).some((position, i) => position < (from[i] as number) + STAGE)) await sleep(50);
}
