/**
 * What one Sync for all statements of a transaction brings (docs/adr/0015): the same 13 statements by kit's
 * database and by pg's own pipeline. `node bench/src/parts/flights.ts`; Linux only.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@lienthong/embedded';
import { openDatabase, type Sql } from '@lienthong/kit';
import pg from 'pg';
import { processorTime } from '../processor-time.ts';

const ROUNDS = 8;
const TRANSACTIONS = 500;

const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-flights-'));
const stack = await startStack({ dataDir });
const db = openDatabase({ url: stack.databaseUrl, schema: 'public', connections: 1, onError: console.error });
const plain = new pg.Client({
  connectionString: stack.databaseUrl,
  pipeline: true,
  options: '-c enable_seqscan=off -c jit=off',
});
await plain.connect();

await db.query({ text: 'create table part (id int primary key, body text)' });
await db.query({ text: "insert into part select i, 'body' from generate_series(1, 1000) i" });
/** With `begin` and `commit`, 13 in all. Nothing is written, so that no disk is measured. */
const statements = (n: number): Sql[] =>
  Array.from({ length: 11 }, (_, i) => ({
    name: `part_${i}`,
    text: 'select body from part where id = $1',
    values: [((n * 11 + i) % 1000) + 1],
  }));

async function byFlight(): Promise<void> {
  for (let n = 0; n < TRANSACTIONS; n += 1)
    await db.transaction(async (tx) => {
      await Promise.all(statements(n).map((sql) => tx.query(sql)));
    });
}
async function byPipeline(): Promise<void> {
  for (let n = 0; n < TRANSACTIONS; n += 1)
    await Promise.all([
      plain.query({ name: 'begin', text: 'begin' }),
      ...statements(n).map(({ name, text, values }) =>
        plain.query({ name, text, values: [...(values ?? [])] }),
      ),
      plain.query({ name: 'commit', text: 'commit' }),
    ]);
}

const backend = 'select pg_backend_pid() as pid';
const [flightPid] = await db.query<{ pid: number }>({ text: backend });
const pipelinePid = (await plain.query(backend)).rows[0];
const ways = [
  { name: 'one Sync (kit)', pid: flightPid?.pid as number, run: byFlight },
  { name: 'a Sync each (pg)', pid: pipelinePid.pid as number, run: byPipeline },
].map((way) => ({ ...way, wallMs: 0, clientMs: 0, serverMs: 0 }));
for (const { run } of ways) await run();
// In turns, so that other load on the machine affects both.
for (let round = 0; round < ROUNDS; round += 1)
  for (const way of ways) {
    const time = await processorTime(way.pid, way.run);
    way.wallMs += time.wallMs;
    way.clientMs += time.clientMs;
    way.serverMs += time.serverMs;
  }

console.log('13 statements, ms each transaction   wall   client   server');
for (const { name, wallMs, clientMs, serverMs } of ways) {
  const each = (ms: number) => (ms / ROUNDS / TRANSACTIONS).toFixed(3).padStart(8);
  console.log(`${name.padEnd(33)} ${each(wallMs)} ${each(clientMs)} ${each(serverMs)}`);
}
await plain.end();
await db.close();
await stack.stop();
rmSync(dataDir, { recursive: true });
