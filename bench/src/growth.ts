/** What documents and dossiers add to disks, and what memory the services take. Linux. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '@lienthong/embedded';
import { connectNats } from '@lienthong/kit';
import { jetstreamManager } from '@nats-io/jetstream';
import pg from 'pg';
import { loadAgencies } from './agencies.ts';
import { publishProcedure } from './procedure.ts';
import { residentMib } from './resident-memory.ts';
import { letter } from './scenarios/documents.ts';
import { wholeDossier } from './scenarios/dossiers.ts';

import { startTarget, type Target } from './target.ts';

endWithParent();
const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '10000' },
    /** The first tenth is reported by itself: whether a dossier costs the same in a fuller database. */
    dossiers: { type: 'string', default: '10000' },
  },
});
const [documents, dossiers] = [Number(values.documents), Number(values.dossiers)];
const CALLERS = 32;

interface Sizes {
  /** Bytes by schema, and of all streams. */
  stored: Record<string, number>;
  wal: number;
}

async function sizesOf(target: Target): Promise<Sizes> {
  const database = new pg.Client({ connectionString: target.databaseUrl });
  const nats = await connectNats({ url: target.natsUrl }, 'growth');
  try {
    await database.connect();
    const { rows } = await database.query<{ schema: string; bytes: string }>(
      `select schemaname as schema, sum(pg_total_relation_size(format('%I.%I', schemaname, tablename)))::text as bytes
         from pg_tables where schemaname not in ('pg_catalog', 'information_schema') group by schemaname order by schemaname`,
    );
    const { rows: wal } = await database.query<{ bytes: string }>(
      `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as bytes`,
    );
    let streams = 0;
    for await (const { state } of (await jetstreamManager(nats)).streams.list()) streams += state.bytes;
    const stored = Object.fromEntries(rows.map(({ schema, bytes }) => [schema, Number(bytes)]));
    return { stored: { ...stored, 'NATS streams': streams }, wal: Number(wal[0]?.bytes) };
  } finally {
    await nats.close();
    await database.end();
  }
}

/** Runs `once` in `count` rounds, and prints what a round has added. */
async function growth(
  target: Target,
  what: string,
  count: number,
  once: (caller: number, n: number) => Promise<unknown>,
): Promise<void> {
  await target.quiet();
  const before = await sizesOf(target);
  let [next, peak] = [0, 0];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      for (let n = next++; n < count; n = next++) {
        await once(caller, n);
        if (n % 100 === 0) peak = Math.max(peak, residentMib(target.pid));
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  await target.quiet();
  const after = await sizesOf(target);
  const perRound = (bytes: number) => `${(bytes / count / 1_000).toFixed(1)} kB`;
  const grown = Object.entries(after.stored)
    .map(([name, bytes]) => [name, bytes - (before.stored[name] ?? 0)] as const)
    .filter(([, bytes]) => bytes > 0);
  console.log(`\n${what}: ${count} in ${seconds.toFixed(0)} s`);
  for (const [name, bytes] of grown) console.log(`  ${name.padEnd(20)} ${perRound(bytes)}`);
  console.log(`  ${'all'.padEnd(20)} ${perRound(grown.reduce((sum, [, bytes]) => sum + bytes, 0))}`);
  console.log(`  ${'WAL'.padEnd(20)} ${perRound(after.wal - before.wal)}`);
  console.log(`  services in memory: ${peak} MiB at most, ${residentMib(target.pid)} MiB afterwards`);
}

const dataDir = await mkdtemp(join(resolve(process.env.BENCH_DATA ?? '.'), '.lienthong-bench-'));
// Under root PostgreSQL runs as another user, who must be able to enter the folder.
await chmod(dataDir, 0o711);
try {
  const target = await startTarget(dataDir, () => {});
  try {
    console.log(`services in memory: ${residentMib(target.pid)} MiB when they have started`);
    const agencies = await loadAgencies(target, 124);
    await publishProcedure(target);
    const calls = await Promise.all(agencies.slice(0, CALLERS).map(({ id }) => target.as(id)));
    const callsOf = (caller: number) => calls[caller] as (typeof calls)[number];
    const agency = (n: number) => agencies[n % agencies.length] as (typeof agencies)[number];
    await growth(target, 'documents to one recipient', documents, (caller, n) =>
      callsOf(caller).issueDocument(letter([agency(n)])),
    );
    await growth(target, 'documents to 124 recipients', documents / 100, (caller) =>
      callsOf(caller).issueDocument(letter(agencies)),
    );
    const dossier = (caller: number) => wholeDossier(callsOf(caller), () => {});
    await growth(target, 'dossiers of five commands', dossiers / 10, dossier);
    await growth(target, 'dossiers of five commands, in a fuller database', (dossiers * 9) / 10, dossier);
  } finally {
    await target.stop();
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
