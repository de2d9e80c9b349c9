import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foreign } from '../../../packages/transparency-log/test/foreign-verifier.ts';
import { askGoOf, exported, verify, verifyProofOf } from './support/verify.ts';
import { type AuditWorld, auditWorld, events } from './support/world.ts';

// What the administrator of the database can do to the rows of a running log, and who finds it.
const COUNT = 600;
const LEAF = 250;
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

const verifyExported = async () => verify(world, [await exported(world, COUNT)]);

const FREE = 100 * COUNT;
const swap = [
  `update entry set leaf = ${FREE} where leaf = ${LEAF}`,
  `update entry set leaf = ${LEAF} where leaf = ${LEAF + 1}`,
  `update entry set leaf = ${LEAF + 1} where leaf = ${FREE}`,
];
/** The entries behind it move on by one, as far as they are exported. */
const insert = [
  `delete from entry where leaf = ${COUNT - 1}`,
  `update entry set leaf = leaf + ${FREE} where leaf >= ${LEAF} and leaf < ${COUNT}`,
  `update entry set leaf = leaf - ${FREE} + 1 where leaf >= ${FREE}`,
  `insert into entry
   select (jsonb_populate_record(u, '{"position": ${FREE}, "actor_officer_id": "khác"}')).*
     from untouched u where leaf = ${LEAF}`,
];
const changes: [string, string[]][] = [
  ['a changed row', [`update entry set actor_officer_id = 'khác' where leaf = ${LEAF}`]],
  [
    'a changed byte of a payload',
    [`update entry set payload = set_byte(payload, 3, get_byte(payload, 3) # 1) where leaf = ${LEAF}`],
  ],
  ['two swapped rows', swap],
  ['an inserted row', insert],
  [
    'a row in the place of a deleted one',
    [
      `update entry set position = ${FREE}, event_id = gen_random_uuid(), payload = other.payload, salt = other.salt
         from untouched other where entry.leaf = ${LEAF} and other.leaf = 7`,
    ],
  ],
];

test('untouched, the export and a proof are believed', async () => {
  expect(await verifyExported()).toMatchObject({ status: 0 });
  expect(await verifyProofOf(world, LEAF)).toMatchObject({ status: 0 });
});
foreign('untouched, Go believes a proof', async () => {
  expect(await askGoOf(world, LEAF)).toBe('');
});

describe.each([LEAF - 1, LEAF + 1])('the proof of leaf 250 for leaf %i', (beside) => {
  test('is not believed', async () => {
    expect(await verifyProofOf(world, LEAF, beside)).toMatchObject({ reason: 'PROOF_FALSE', leaf: beside });
  });
  foreign('is refused by Go', async () => {
    expect(await askGoOf(world, LEAF, beside)).toMatch('refused: ');
  });
});

describe.each(changes)('%s', (_, statements) => {
  test('is named by the verifier of an export', async () => {
    expect(await tampered(statements, verifyExported)).toMatchObject({
      status: 1,
      reason: 'RECORD_CHANGED',
      leaf: LEAF,
    });
  });
  test('is not believed with the proof that the service gives', async () => {
    expect(await tampered(statements, () => verifyProofOf(world, LEAF))).toMatchObject({
      reason: 'PROOF_FALSE',
      leaf: LEAF,
    });
  });
  foreign('is refused by Go', async () => {
    expect(await tampered(statements, () => askGoOf(world, LEAF))).toMatch('refused: ');
  });
});

test('a deleted row is named by the service, which exports nothing beyond it', async () => {
  const deleted = tampered([`delete from entry where leaf = ${LEAF}`], verifyExported);
  await expect(deleted).rejects.toThrow(`entry ${LEAF} is not in the database`);
});
