import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAgencies } from './agencies.ts';
import { startCluster } from './chaos/cluster.ts';
import { compare } from './chaos/compare.ts';
import { faults } from './chaos/faults.ts';
import { seededRandom } from './chaos/random.ts';
import { traffic } from './chaos/traffic.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    /** How long faults are injected. */
    seconds: { type: 'string', default: '60' },
    /** The same seed draws the same faults. */
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const started = performance.now();
const say = (line: string) =>
  console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}`);

const dataDir = await mkdtemp(join(resolve(process.env.BENCH_DATA ?? '.'), '.lienthong-bench-'));
// As root PostgreSQL runs as another user, who must be able to pass.
await chmod(dataDir, 0o711);
try {
  const cluster = await startCluster(dataDir, say);
  try {
    const agencies = await loadAgencies(cluster, 40);
    say(`seed ${values.seed}: documents are issued and received while servers and services die`);
    const load = traffic(cluster, agencies);
    const injected = await faults(cluster, Number(values.seconds), seededRandom(Number(values.seed)), say);
    const acknowledged = await load.stop();
    say(`${acknowledged.documents.size} documents and ${acknowledged.reports} statuses were acknowledged`);
    await cluster.quiet();
    const result = { ...(await compare(cluster, acknowledged)), faults: injected, seed: Number(values.seed) };
    for (const difference of result.differences.slice(0, 20)) say(`DIFFERENT  ${difference}`);
    say(
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
