import { rmSync, writeFileSync } from 'node:fs';
import { entryOf } from '@lienthong/evidence';
import {
  generateSignerKey,
  leafHash,
  nodesInTiles,
  type OpenedCheckpoint,
  proveConsistency,
  type ReadTiles,
  tilePath,
} from '@lienthong/transparency-log';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ask, foreign } from '../../../packages/transparency-log/test/foreign-verifier.ts';
import { toRecord } from '../src/domain/record.ts';
import { type EntryRow, findEntry } from '../src/store/find.ts';
import { askGoOf, exported, keep, verify } from './support/verify.ts';
import { type AuditWorld, auditWorld, events, ORIGIN } from './support/world.ts';

// What somebody with the database, or with the key as well, can do to the tree, and who finds it.
const OLD = 300;
const SIZE = 400;
const LEAF = 250;
let world: AuditWorld;
/** The checkpoint that a reader has kept. */
let kept: OpenedCheckpoint & { file: string };

beforeEach(async () => {
  world = await auditWorld();
  await world.publish(...events(OLD));
  await world.covered(OLD);
  await world.db.query({ text: 'create table old_tile as select * from tile' });
  await world.publish(...events(SIZE - OLD, OLD + 1));
  const checkpoint = await world.covered(SIZE);
  kept = { ...checkpoint, file: await keep(world, 'kept', (await world.http('/checkpoint')).body) };
});
afterEach(() => world.stop());

const unguarded = async (...texts: string[]) => {
  await world.db.query({ text: 'alter table entry disable trigger entry_append_only' });
  for (const text of texts) await world.db.query({ text });
  await world.db.query({ text: 'alter table entry enable trigger entry_append_only' });
};

/** `lienthong verify` of the kept checkpoint against the log of today, by HTTP. */
const verifyKept = () => verify(world, [kept.file, '--tiles', world.url]);
/** What Go says of a checkpoint of today. */
const askGoOfCheckpoint = async () => {
  const Note = (await world.http('/checkpoint')).body.toString();
  return (await ask([{ Kind: 'checkpoint', LogKey: world.verifierKey, Note }]))[0];
};
/** Whether Go believes that the log of today begins with the kept one, by the proof that today's tiles give. */
async function askGoWhetherItExtends(): Promise<string | undefined> {
  const { size, root } = await world.checkpoint();
  const tiles: ReadTiles = (ids) =>
    Promise.all(ids.map(async (id) => (await world.http(`/${tilePath(id)}`)).body));
  const proof = kept.size > size ? [] : await proveConsistency(nodesInTiles(tiles, size), kept.size, size);
  const trees = { First: kept.size, FirstRoot: kept.root, Second: size, SecondRoot: root };
  return (await ask([{ Kind: 'consistency', ...trees, Proof: proof }]))[0];
}

test('a log that only grew is believed, from its address too', async () => {
  await world.publish(...events(50, SIZE + 1));
  await world.covered(SIZE + 50);
  expect(await verifyKept()).toMatchObject({ status: 0 });
  const file = await exported(world, SIZE + 50);
  expect(await verify(world, [file, kept.file, '--tiles', world.url])).toMatchObject({ status: 0 });
});
foreign('Go believes that a log that only grew extends the kept checkpoint', async () => {
  await world.publish(...events(50, SIZE + 1));
  await world.covered(SIZE + 50);
  expect(await askGoWhetherItExtends()).toBe('');
});

/** A row and its hash in the tiles, both changed; their checkpoint is the genuine one. */
const changeRowAndTile = async () => {
  await unguarded(`update entry set actor_officer_id = 'khác' where leaf = ${LEAF}`);
  const row = (await findEntry(world.db, { $case: 'index', value: LEAF }, undefined)) as EntryRow;
  await world.db.query({
    text: `update tile set hashes = overlay(hashes placing $1::bytea from ${32 * LEAF + 1})
            where level = 0 and index = 0`,
    values: [leafHash(entryOf(toRecord(row)))],
  });
};
test('a row that was changed like its tile is found by the root, and named by a copy of the tiles', async () => {
  for (const name of ['tile/0/000', `tile/0/001.p/${SIZE - 256}`, 'tile/1/000.p/1']) {
    await keep(world, `copy/${name}`, (await world.http(`/${name}`)).body);
  }
  await changeRowAndTile();
  const file = await exported(world, SIZE);
  expect(await verify(world, [file])).toMatchObject({ status: 1, reason: 'TREE_DIFFERENT' });
  expect(await verify(world, [file, '--tiles', `${world.keyFile}.copy`])).toMatchObject({
    status: 1,
    leaf: LEAF,
  });
});
foreign('Go refuses the proof of a row that was changed like its tile', async () => {
  await changeRowAndTile();
  expect(await askGoOf(world, LEAF)).toMatch('refused: ');
});

const cutBack = () =>
  world.restart({}, () =>
    unguarded(
      `delete from entry where leaf >= ${OLD}`,
      `update entry_head set leaves = ${OLD}`,
      `update tree_head set size = ${OLD}`,
      'truncate tile',
      'insert into tile select * from old_tile',
      `delete from checkpoint where size > ${OLD}`,
    ),
  );
test('a log that was cut back to an older checkpoint is found by the kept one alone', async () => {
  await cutBack();
  expect(await verify(world, [await exported(world, OLD)])).toMatchObject({ status: 0 });
  expect(await verifyKept()).toMatchObject({ status: 1, reason: 'LOG_CUT_BACK', leaf: OLD });
});
foreign('Go believes a log that was cut back, and not that it extends the kept checkpoint', async () => {
  await cutBack();
  expect(await askGoOfCheckpoint()).toBe('');
  expect(await askGoWhetherItExtends()).toMatch('refused: ');
});

/** Another history from a leaf on, with the hashes that go with it, in a log that seems to have signed nothing yet. */
const replaceTail = () => {
  rmSync(`${world.keyFile}.checkpoint`);
  return unguarded(
    `update entry set actor_officer_id = 'khác', record_hash = null where leaf >= ${LEAF}`,
    'truncate tile',
    'delete from checkpoint',
    'update tree_head set size = 0',
  );
};
const replaceTailAndGrow = async () => {
  await world.restart({}, replaceTail);
  await world.publish(...events(20, SIZE + 1));
  await world.covered(SIZE + 20);
};
test('a tail that was replaced and signed with the log’s key is found by the kept checkpoint alone', async () => {
  await replaceTailAndGrow();
  const file = await exported(world, SIZE);
  expect(await verify(world, [file])).toMatchObject({ status: 0 });
  expect(await verify(world, [file, kept.file])).toMatchObject({ status: 1, reason: 'LOG_FORKED' });
  expect(await verifyKept()).toMatchObject({ status: 1, reason: 'LOG_FORKED' });
});
foreign('Go believes a replaced tail, and not that it extends the kept checkpoint', async () => {
  await replaceTailAndGrow();
  expect(await askGoOfCheckpoint()).toBe('');
  expect(await askGoWhetherItExtends()).toMatch('refused: ');
});

const replaceTailAndKey = async () => {
  await world.restart({}, async () => {
    await replaceTail();
    writeFileSync(world.keyFile, `${generateSignerKey(ORIGIN, 'note')}\n`);
  });
  await vi.waitFor(async () => {
    const rows = await world.db.query({ text: 'select 1 from checkpoint where size >= $1', values: [SIZE] });
    expect(rows).not.toEqual([]);
  }, 20_000);
};
test('a tail that was replaced and signed with another key is not believed', async () => {
  await replaceTailAndKey();
  const file = await exported(world, SIZE);
  expect(await verify(world, [file])).toMatchObject({ status: 1, reason: 'CHECKPOINT_REFUSED' });
});
foreign('Go refuses a checkpoint that another key has signed', async () => {
  await replaceTailAndKey();
  expect(await askGoOfCheckpoint()).toMatch('refused: ');
});
