import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint, readVerifier } from '@lienthong/transparency-log';
import { type RunningWitness, startWitness } from '@lienthong/witness';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AuditWorld, auditWorld, events, ORIGIN } from './support/world.ts';

let world: AuditWorld;
let witness: RunningWitness;
let settings: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'lienthong-witness-'));

beforeAll(async () => {
  world = await auditWorld();
  writeFileSync(join(folder, 'logs'), `${world.verifierKey}\n`);
  witness = await startWitness({ folder, name: 'nhan-chung.test/1', listen: '127.0.0.1:0' });
  settings = {
    AUDIT_WITNESSES: `${witness.verifierKey} http://${witness.address}`,
    AUDIT_WITNESS_QUORUM: '1',
  };
  await world.restart(settings);
});
afterAll(async () => {
  await world.stop();
  await witness.stop();
  rmSync(folder, { recursive: true, force: true });
});

const cosigned = (size: number) =>
  vi.waitFor(async () => {
    const opened = openCheckpoint((await world.http('/checkpoint')).body, {
      origin: ORIGIN,
      log: [readVerifier(world.verifierKey)],
      witnesses: [readVerifier(witness.verifierKey)],
      quorum: 1,
    });
    expect(opened.size).toBe(size);
    expect(opened.cosignatures).toHaveLength(1);
  }, 20_000);

test('a checkpoint is published once the witness has cosigned it', async () => {
  await world.publish(...events(400));
  await cosigned(400);
});

test('after a restart the witness is asked from where it is', async () => {
  await world.restart(settings);
  await world.publish(...events(10, 401));
  await cosigned(410);
});

test('a forked log gets no cosignature, and is not published', async () => {
  // As somebody with the key would: all that is signed and kept goes, and another history takes its place.
  await world.restart(settings, async () => {
    rmSync(`${world.keyFile}.checkpoint`);
    for (const text of [
      'alter table entry disable trigger entry_append_only',
      `update entry set actor_officer_id = 'khác' where leaf = 3`,
      'alter table entry enable trigger entry_append_only',
      'truncate tile',
      'delete from checkpoint',
      'update tree_head set size = 0',
    ])
      await world.db.query({ text });
  });
  await world.publishAndWait(...events(10, 411));
  await vi.waitFor(async () => {
    const [row] = await world.db.query<{ size: number }>({
      text: 'select max(size) as size from checkpoint',
    });
    expect(row?.size).toBe(420);
  }, 20_000);
  const rows = await world.db.query({ text: 'select 1 from checkpoint where published or cosignatures > 0' });
  expect(rows).toEqual([]);
  expect((await world.http('/checkpoint')).status).toBe(404);
});
