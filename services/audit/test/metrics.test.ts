import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTelemetry } from '@lienthong/kit';
import { freePort, scrape } from '@lienthong/testkit';
import { type RunningWitness, startWitness } from '@lienthong/witness';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AuditWorld, auditWorld, events } from './support/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-witness-'));
const name = 'nhan-chung.test/1';
let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let world: AuditWorld;
let listen: string;
let settings: Record<string, string>;
let witness: RunningWitness | undefined;

const startOurs = async () => {
  witness = await startWitness({ folder, name, listen });
};
const stopWitness = async () => {
  await witness?.stop();
  witness = undefined;
};

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'audit-test', metricsListen: '127.0.0.1:0' });
  world = await auditWorld();
  writeFileSync(join(folder, 'logs'), `${world.verifierKey}\n`);
  listen = `127.0.0.1:${await freePort()}`;
  // The first start makes the key.
  await startOurs();
  settings = {
    AUDIT_WITNESSES: `${witness?.verifierKey} http://${listen}`,
    AUDIT_WITNESS_QUORUM: '1',
  };
  await stopWitness();
  await world.restart(settings);
});
afterAll(async () => {
  await world.stop();
  await stopWitness();
  await telemetry.stop();
  rmSync(folder, { recursive: true });
});

/** Resolves once the gauges are as expected. */
const shows = (expected: Record<string, unknown>) =>
  vi.waitFor(
    async () => {
      const now = await scrape(telemetry.metricsAddress ?? '');
      const value = (gauge: string, labels = {}) => now.value(`lienthong_audit_${gauge}`, labels);
      const labels = { lienthong_witness: name };
      expect({
        leaves: value('leaves'),
        treeLag: value('tree_lag'),
        halted: value('tree_halted'),
        checkpointLag: value('checkpoint_lag'),
        silence: value('witness_silence', labels),
        disagrees: value('witness_disagrees', labels),
      }).toEqual(expected);
    },
    { timeout: 30_000, interval: 100 },
  );
const well = { leaves: 100, treeLag: 0, halted: 0, checkpointLag: 0, silence: 0, disagrees: 0 };
const sinceSome = expect.toSatisfy((seconds: number) => seconds > 0);

test('a witness that is silent shows, and for how long entries are not covered by a published checkpoint', async () => {
  await shows({ ...well, leaves: 0 });
  await world.publish(...events(100));
  await shows({ ...well, checkpointLag: sinceSome, silence: sinceSome });
  await startOurs();
  await shows(well);
  expect((await world.checkpoint()).size).toBe(100);
});

const run = async (...texts: string[]) => {
  for (const text of texts) await world.db.query({ text });
};

test('a tree that is not signed any more shows, with the entries that it lacks', async () => {
  await world.restart(settings, () => run('update tree_head set size = 90'));
  await shows({ ...well, treeLag: 10, halted: 1 });
  await world.restart(settings, () => run('update tree_head set size = 100'));
  await shows(well);
});

test('a witness that disagrees shows', async () => {
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
  await shows({ ...well, checkpointLag: sinceSome, silence: sinceSome, disagrees: 1 });
});
