import { readFileSync } from 'node:fs';
import { entryOf } from '@lienthong/evidence';
import {
  formatProof,
  nodesInTiles,
  parseProof,
  proveInclusion,
  readVerifier,
  tilePath,
  verifyProof,
} from '@lienthong/transparency-log';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveEntries } from '../src/archive.ts';
import { readSigningKeys } from '../src/tree/signing-keys.ts';
import { type AuditWorld, auditor, auditWorld, client, events, ORIGIN } from './support/world.ts';

let world: AuditWorld;
beforeAll(async () => {
  world = await auditWorld();
  await world.publish(...events(600));
  await world.covered(600);
});
afterAll(() => world.stop());

const archive = async (before: number, file: string) =>
  archiveEntries({ db: world.db, keys: await readSigningKeys(world.keyFile), before, file });
const atLeaf = (index: number) => ({ entry: { $case: 'index', value: BigInt(index) } }) as const;

test('a changed entry is not archived, and nothing is removed', async () => {
  const change = async (officer: string) => {
    for (const text of [
      'alter table entry disable trigger entry_append_only',
      `update entry set actor_officer_id = '${officer}' where leaf = 7`,
      'alter table entry enable trigger entry_append_only',
    ])
      await world.db.query({ text });
  };
  await change('khác');
  await expect(archive(300, `${world.keyFile}.bad`)).rejects.toThrow('Leaf 7');
  await change('test');
  expect(await world.db.query({ text: 'select 1 from entry' })).toHaveLength(600);
});

test('archived entries leave the database; old proofs verify, and new ones are made from the file and the tiles', async () => {
  const policy = { origin: ORIGIN, log: [readVerifier(world.verifierKey)], witnesses: [], quorum: 0 };
  const reader = await client(world, auditor);
  const old = await reader.getProof(atLeaf(100));
  const file = `${world.keyFile}.archive`;
  await expect(archive(10_000, file)).rejects.toThrow('archive no further');
  expect(await archive(300, file)).toEqual({ from: 0, to: 300 });
  const written = readFileSync(file);
  await expect(archive(400, file)).rejects.toThrow('EEXIST');
  expect(readFileSync(file)).toEqual(written);
  expect(await world.db.query({ text: 'select 1 from entry where leaf < 600' })).toHaveLength(300);

  await expect(reader.getProof(atLeaf(100))).rejects.toMatchObject({ code: Status.NOT_FOUND });
  await expect(async () => {
    for await (const _ of reader.exportEntries({}));
  }).rejects.toMatchObject({ code: Status.OUT_OF_RANGE });
  verifyProof(parseProof(old.proof), entryOf(JSON.parse(Buffer.from(old.record).toString())), policy);

  await world.publish(...events(50, 601));
  const { size } = await world.covered(650);
  const line = JSON.parse(readFileSync(file, 'utf8').split('\n')[101] as string);
  const nodes = nodesInTiles(
    (ids) => Promise.all(ids.map(async (id) => (await world.http(`/${tilePath(id)}`)).body)),
    size,
  );
  const proof = formatProof({
    extra: undefined,
    index: 100,
    hashes: await proveInclusion(nodes, 100, size),
    checkpoint: (await world.http(`/checkpoint/${size}`)).body.toString(),
  });
  expect(verifyProof(parseProof(proof), entryOf(line.record), policy).size).toBe(size);
  await expect(world.db.query({ text: 'delete from entry' })).rejects.toThrow('append-only');
});
