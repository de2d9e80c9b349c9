import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@lienthong/kit';
import { createHttpClient } from '@lienthong/outbound';
import { openCheckpoint, readVerifier } from '@lienthong/transparency-log';
import { type RunningWitness, startWitness } from '@lienthong/witness';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newestCheckpoint } from '../src/store/checkpoints.ts';
import { askWitness } from '../src/witnesses/ask.ts';
import { buildLitewitness, startLitewitness } from './support/litewitness.ts';
import { type AuditWorld, auditWorld, events, ORIGIN } from './support/world.ts';

const built = mkdtempSync(join(tmpdir(), 'lienthong-litewitness-'));
const litewitness = await buildLitewitness(built);
afterAll(() => rmSync(built, { recursive: true, force: true }));

async function startOurs(folder: string, logKey: string): Promise<RunningWitness> {
  writeFileSync(join(folder, 'logs'), `${logKey}\n`);
  return startWitness({ folder, name: 'nhan-chung.test/1', listen: '127.0.0.1:0' });
}
const startTheirs = (folder: string, logKey: string) => startLitewitness(litewitness ?? '', folder, logKey);

describe.each([
  ['our witness', startOurs, true],
  ['litewitness', startTheirs, litewitness !== undefined],
] as const)('with %s', (_, start, isHere) => {
  const witnessed = test.skipIf(!isHere);
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-witness-'));
  let world: AuditWorld;
  let witness: RunningWitness;
  let settings: Record<string, string>;

  beforeAll(async () => {
    if (!isHere) return;
    world = await auditWorld();
    witness = await start(folder, world.verifierKey);
    settings = {
      AUDIT_WITNESSES: `${witness.verifierKey} http://${witness.address}`,
      AUDIT_WITNESS_QUORUM: '1',
    };
    await world.restart(settings);
  });
  afterAll(async () => {
    if (isHere) await Promise.all([world.stop(), witness.stop()]);
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
  /** What the witness replies to the newest checkpoint, from the tree on that it has cosigned. */
  async function askAgain() {
    const http = createHttpClient({ clock: systemClock, timeoutMs: 10_000 });
    try {
      const { signal } = new AbortController();
      const newest = await newestCheckpoint(world.db, ORIGIN, { published: false });
      const verifier = readVerifier(witness.verifierKey);
      const to = { name: verifier.name, verifier, url: `http://${witness.address}` };
      return newest && (await askWitness({ db: world.db, http, signal }, to, newest, 410));
    } finally {
      http.close();
    }
  }
  const run = async (...texts: string[]) => {
    for (const text of texts) await world.db.query({ text });
  };

  witnessed('a checkpoint is published once the witness has cosigned it', async () => {
    await world.publish(...events(400));
    await cosigned(400);
  });

  witnessed('after a restart the witness is asked from where it is', async () => {
    await world.restart(settings);
    await world.publish(...events(10, 401));
    await cosigned(410);
  });

  witnessed('a forked log gets no cosignature, and is not published', async () => {
    // As somebody with the key would: all that is signed and kept goes, and another history takes its place.
    await world.restart(settings, () => {
      rmSync(`${world.keyFile}.checkpoint`);
      return run(
        'alter table entry disable trigger entry_append_only',
        `update entry set actor_officer_id = 'khác', record_hash = null where leaf = 3`,
        'alter table entry enable trigger entry_append_only',
        'truncate tile',
        'delete from checkpoint',
        'update tree_head set size = 0',
      );
    });
    await world.publishAndWait(...events(10, 411));
    await vi.waitFor(async () => {
      const [row] = await world.db.query<{ size: number }>({
        text: 'select max(size) as size from checkpoint',
      });
      expect(row?.size).toBe(420);
    }, 20_000);
    const rows = await world.db.query({
      text: 'select 1 from checkpoint where published or cosignatures > 0',
    });
    expect(rows).toEqual([]);
    expect((await world.http('/checkpoint')).status).toBe(404);
    expect(await askAgain()).toEqual({
      kind: 'disagrees',
      problem: 'the tree does not extend the 410 leaves that it has cosigned',
    });
  });
});
