import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryOf } from '@lienthong/evidence';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, foreign } from '../../../packages/transparency-log/test/foreign-verifier.ts';
import { type AuditWorld, auditor, auditWorld, client, events } from './support/world.ts';

// What the administrator of the database can do to the rows of a running log, and who finds it.
const COUNT = 600;
const LEAF = 250;
const program = join(import.meta.dirname, '../../../packages/verify/src/main.ts');
let world: AuditWorld;

beforeAll(async () => {
  world = await auditWorld();
  await world.publish(...events(COUNT));
  await world.covered(COUNT);
  await world.db.query({ text: 'create table untouched as select * from entry' });
});
afterAll(() => world.stop());

/** The rows as they are changed, until `use` ends; the trigger that refuses changes is switched off. */
async function tampered<R>(statements: readonly string[], use: () => Promise<R>): Promise<R> {
  const columns = (
    await world.db.query<{ name: string }>({
      text: `select attname as name from pg_attribute where attrelid = 'entry'::regclass and attnum > 0 and not attisdropped`,
    })
  ).map(({ name }) => name);
  const run = async (texts: readonly string[]) => {
    for (const text of texts) await world.db.query({ text });
  };
  await run(['alter table entry disable trigger entry_append_only', ...statements]);
  try {
    return await use();
  } finally {
    const list = columns.join(', ');
    await run([
      `delete from entry where leaf in (select leaf from untouched) or leaf > ${10 * COUNT}`,
      `insert into entry (${list}) select ${list} from untouched`,
      'alter table entry enable trigger entry_append_only',
    ]);
  }
}

/** The export of all entries, verified by the command in a process of its own. */
async function verifyExported(): Promise<{ status: number | null; out: string }> {
  const reader = await client(world, auditor);
  const parts: Uint8Array[] = [];
  for await (const { content } of reader.exportEntries({ from: 0n, to: BigInt(COUNT) })) parts.push(content);
  const file = `${world.keyFile}.export`;
  writeFileSync(file, Buffer.concat(parts));
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [program, 'verify', file, '--log', world.verifierKey],
      { encoding: 'utf8' },
    );
    return { status, out: stdout + stderr };
  } finally {
    rmSync(file);
  }
}

/** What Go says of the proof that the service gives for a leaf. */
async function verdictOf(leaf: number, indexInFile = leaf): Promise<string | undefined> {
  const reader = await client(world, auditor);
  const { record, proof } = await reader.getProof({ entry: { $case: 'index', value: BigInt(leaf) } });
  const [verdict] = await ask([
    {
      Kind: 'proof',
      LogKey: world.verifierKey,
      Entry: entryOf(JSON.parse(Buffer.from(record).toString())),
      ProofFile: proof.replace(`index ${leaf}\n`, `index ${indexInFile}\n`),
    },
  ]);
  return verdict;
}

const FREE = 100 * COUNT;
const swap = [
  `update entry set leaf = ${FREE} where leaf = ${LEAF}`,
  `update entry set leaf = ${LEAF} where leaf = ${LEAF + 1}`,
  `update entry set leaf = ${LEAF + 1} where leaf = ${FREE}`,
];
const changes: [string, string[]][] = [
  ['a changed row', [`update entry set actor_officer_id = 'khác' where leaf = ${LEAF}`]],
  ['two swapped rows', swap],
  [
    'a row in the place of a deleted one',
    [
      `update entry set position = ${FREE}, event_id = gen_random_uuid(), payload = other.payload, salt = other.salt
         from untouched other where entry.leaf = ${LEAF} and other.leaf = 7`,
    ],
  ],
];

test('untouched, the export is believed', async () => {
  expect(await verifyExported()).toMatchObject({ status: 0 });
});
foreign('untouched, Go believes a proof, and not for the leaf before or after', async () => {
  expect(await verdictOf(LEAF)).toBe('');
  for (const beside of [LEAF - 1, LEAF + 1]) expect(await verdictOf(LEAF, beside)).toMatch('refused: ');
});

describe.each(changes)('%s', (_, statements) => {
  test('is named by the verifier of an export', async () => {
    const { status, out } = await tampered(statements, verifyExported);
    expect(out).toContain(`SAI: Lá ${LEAF}: `);
    expect(status).toBe(1);
  });
  foreign('is refused by Go', async () => {
    expect(await tampered(statements, () => verdictOf(LEAF))).toMatch('refused: ');
  });
});

test('a changed byte of a payload is named by the verifier of an export', async () => {
  const change = `update entry set payload = set_byte(payload, 3, get_byte(payload, 3) # 1) where leaf = ${LEAF}`;
  const { status, out } = await tampered([change], verifyExported);
  expect(out).toContain(`SAI: Lá ${LEAF}: `);
  expect(status).toBe(1);
});

test('a deleted row is named by the service, which exports nothing beyond it', async () => {
  const exported = tampered([`delete from entry where leaf = ${LEAF}`], verifyExported);
  await expect(exported).rejects.toThrow(`entry ${LEAF} is not in the database`);
});
