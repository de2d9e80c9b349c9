/**
 * What the planner settings bring (docs/adr/0014): a named statement that was planned while its table was small, run
 * after the table has grown and before it is analyzed. `node bench/src/parts/planner.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@lienthong/embedded';
import { openDatabase } from '@lienthong/kit';
import pg from 'pg';

const ROWS = [5, 1_000, 10_000, 100_000, 1_000_000];
const CALLS = 50;

const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-planner-'));
const stack = await startStack({ dataDir });
const db = openDatabase({ url: stack.databaseUrl, schema: 'public', connections: 1, onError: console.error });
const plain = new pg.Client({ connectionString: stack.databaseUrl });
await plain.connect();
await plain.query('create table growing (id int primary key, body text) with (autovacuum_enabled = false)');
await plain.query("insert into growing select i, 'body' from generate_series(1, 5) i");
await plain.query('analyze growing');

const one = { name: 'one', text: 'select body from growing where id = $1', values: [3] };
const ways = [
  { name: 'with the settings (kit)', run: () => db.query(one) },
  { name: 'by default', run: () => plain.query(one) },
];
// PostgreSQL keeps a plan from the sixth execution on.
for (const { run } of ways) for (let i = 0; i < 10; i += 1) await run();

console.log(`rows, µs each call      ${ROWS.map((rows) => String(rows).padStart(9)).join('')}`);
const figures = ways.map(() => [] as number[]);
let have = 5;
for (const rows of ROWS) {
  if (rows > have)
    await plain.query(`insert into growing select i, 'body' from generate_series(${have + 1}, ${rows}) i`);
  have = rows;
  for (const [i, { run }] of ways.entries()) {
    await run();
    const start = performance.now();
    for (let call = 0; call < CALLS; call += 1) await run();
    figures[i]?.push(((performance.now() - start) * 1_000) / CALLS);
  }
}
for (const [i, { name }] of ways.entries())
  console.log(`${name.padEnd(24)}${figures[i]?.map((us) => us.toFixed(0).padStart(9)).join('')}`);
await plain.end();
await db.close();
await stack.stop();
rmSync(dataDir, { recursive: true });
