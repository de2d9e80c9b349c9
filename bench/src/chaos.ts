import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '@lienthong/embedded';
import pg from 'pg';
import { loadAgencies } from './agencies.ts';
import { type Cluster, startCluster } from './chaos/cluster.ts';
import { compare } from './chaos/compare.ts';
import { compareDossiers } from './chaos/compare-dossiers.ts';
import { compareDocuments, type Documents, documentTraffic } from './chaos/documents.ts';
import { type Dossiers, dossierTraffic } from './chaos/dossiers.ts';
import { faults } from './chaos/faults.ts';
import { seededRandom } from './chaos/random.ts';
import { publishProcedure } from './procedure.ts';

endWithParent();
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    /** How long faults are injected. */
    seconds: { type: 'string', default: '60' },
    /** The same seed draws the same faults. */
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

/** Of documents and of dossiers each; every one an agency of its own. */
const CALLERS = 12;

const started = performance.now();
const print = (line: string) =>
  console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}`);

const dataDir = await mkdtemp(join(resolve(process.env.BENCH_DATA ?? '.'), '.lienthong-bench-'));
// As root PostgreSQL runs as another user, who must be able to pass.
await chmod(dataDir, 0o711);
try {
  const cluster = await startCluster(dataDir, print);
  try {
    const agencies = await loadAgencies(cluster, 40);
    await publishProcedure(cluster);
    print(`seed ${values.seed}: documents and dossiers are worked on while servers and services die`);
    const running = [
      documentTraffic(cluster, agencies, CALLERS),
      dossierTraffic(cluster, agencies.slice(CALLERS), CALLERS),
    ] as const;
    const injected = await faults(cluster, Number(values.seconds), seededRandom(Number(values.seed)), print);
    const [documents, dossiers] = await Promise.all([running[0].stop(), running[1].stop()]);
    print(`${documents.acknowledged.size} documents and ${documents.reports} statuses were acknowledged`);
    print(
      `${dossiers.acknowledged.size} dossiers and ${dossiers.completions} steps were acknowledged, ` +
        `${dossiers.races} steps of them to one of two officers`,
    );
    await cluster.quiet();
    const result = {
      ...(await compared(cluster, documents, dossiers)),
      documents: documents.acknowledged.size,
      dossiers: dossiers.acknowledged.size,
      steps: dossiers.completions,
      races: dossiers.races,
      unanswered: documents.unanswered + dossiers.unanswered,
      faults: injected,
      seed: Number(values.seed),
    };
    for (const difference of result.differences.slice(0, 20)) print(`DIFFERENT  ${difference}`);
    print(
      `${result.events} events, ${result.lost} lost, ${result.doubled} doubled, ${result.disordered} out of order, after ` +
        Object.entries(injected)
          .map(([fault, times]) => `${times} × ${fault}`)
          .join(', '),
    );
    const ok = result.differences.length === 0;
    if (values.json) await writeFile(values.json, `${JSON.stringify({ ok, ...result }, null, 2)}\n`);
    process.exitCode = ok ? 0 : 1;
  } finally {
    await cluster.stop();
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

async function compared(cluster: Cluster, documents: Documents, dossiers: Dossiers) {
  const database = new pg.Client({ connectionString: cluster.databaseUrl });
  await database.connect();
  try {
    return await compare(database, cluster.natsUrl, async (note) => {
      await compareDocuments(database, documents, note);
      await compareDossiers(database, dossiers, note);
    });
  } finally {
    await database.end();
  }
}
