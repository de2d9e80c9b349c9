import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  generateSignerKey,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  readSigner,
  readVerifier,
} from '@lienthong/transparency-log';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type AuditWorld, auditWorld, events, keptCheckpoint, ORIGIN } from './support/world.ts';

let world: AuditWorld;
beforeEach(async () => {
  world = await auditWorld();
  await world.publish(...events(300));
  await world.covered(300);
});
afterEach(() => world.stop());

const keptSize = () => parseCheckpoint(parseNote(keptCheckpoint(world)).text).size;
/** The number of checkpoints stays the same while the tree is not signed: new entries are recorded and not covered. */
async function expectHalted() {
  const { size } = await world.checkpoint();
  const entries = await world.db.query({ text: 'select 1 from entry' });
  await world.publishAndWait(...events(20, entries.length + 1));
  expect((await world.checkpoint()).size).toBe(size);
  const [head] = await world.db.query<{ size: number }>({ text: 'select size from tree_head' });
  expect(head?.size).toBeLessThanOrEqual(300);
}

test('a tree that was cut back is neither grown nor signed, and is signed again once it is mended', async () => {
  await world.restart({}, () => world.db.query({ text: 'update tree_head set size = 250' }));
  await expectHalted();
  await world.restart({}, () => world.db.query({ text: 'update tree_head set size = 300' }));
  expect((await world.covered(320)).size).toBe(320);
});

test('a replaced tail of the same length is not signed', async () => {
  const forge = `update tile set hashes = overlay(hashes placing '\\x0000'::bytea from 41) where level = 0 and index = 1`;
  await world.restart({}, () => world.db.query({ text: forge }));
  await expectHalted();
  expect(keptSize()).toBe(300);
});

test('without its file the log goes on from the checkpoint in the database, and not past it', async () => {
  await world.restart({}, () => rmSync(`${world.keyFile}.checkpoint`));
  await world.publish(...events(10, 301));
  await world.covered(310);
  expect(keptSize()).toBe(310);
});

test('a second key signs beside the first, until the first is removed', async () => {
  const next = generateSignerKey(ORIGIN, 'note');
  const policyOf = (key: string) => ({ origin: ORIGIN, log: [readVerifier(key)], witnesses: [], quorum: 0 });
  const nextKey = readSigner(next).verifierKey;
  await world.restart({}, () => appendFileSync(world.keyFile, `${next}\n`));
  await world.publish(...events(5, 301));
  await world.covered(305);
  const both = (await world.http('/checkpoint')).body;
  for (const key of [world.verifierKey, nextKey]) expect(openCheckpoint(both, policyOf(key)).size).toBe(305);
  await world.restart({}, () => writeFileSync(world.keyFile, `${next}\n`));
  await world.publish(...events(5, 306));
  await vi.waitFor(async () => {
    const { body } = await world.http('/checkpoint');
    expect(openCheckpoint(body, policyOf(nextKey)).size).toBe(310);
    expect(() => openCheckpoint(body, policyOf(world.verifierKey))).toThrow('no key of');
  }, 20_000);
});

test('the key file is never written', async () => {
  const before = readFileSync(world.keyFile, 'utf8');
  await world.restart();
  expect(readFileSync(world.keyFile, 'utf8')).toBe(before);
});
