/**
 * What it costs to record and keep one's own traces (docs/adr/0057): documents a second without,
 * with some and with all of them. `node bench/src/parts/traces.ts`.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@lienthong/embedded';
import { loadAgencies } from '../agencies.ts';
import { documentsPerSecond } from '../scenarios/documents.ts';
import { startTarget } from '../target.ts';

const ROUNDS = 3;
const SECONDS = 5;
const CALLERS = 64;
const AGENCIES = 200;

const folder = mkdtempSync(join(tmpdir(), 'lienthong-traces-'));
// As root PostgreSQL runs as another user, who must be able to pass.
chmodSync(folder, 0o711);
const listen = async () => `127.0.0.1:${await freePort()}`;
const settings: Record<string, Record<string, string>> = {
  off: {},
  'some traces': { TRACES_LISTEN: await listen() },
  'all traces': {
    TRACES_LISTEN: await listen(),
    TRACES_PER_SECOND: '1000000',
    TRACES_SPANS_PER_SECOND: '1000000',
  },
};
const rates = new Map<string, number[]>();
// Turn by turn, so that a busy moment of the machine falls on all.
for (let round = 0; round < ROUNDS; round += 1)
  for (const [name, env] of Object.entries(settings)) {
    const target = await startTarget(join(folder, `${name} ${round}`), () => {}, env);
    const agencies = await loadAgencies(target, AGENCIES);
    const rate = await documentsPerSecond(target, agencies, CALLERS, SECONDS);
    rates.set(name, [...(rates.get(name) ?? []), rate]);
    await target.stop();
  }
for (const [name, found] of rates)
  console.log(`${name}: ${found.map((rate) => rate.toFixed(0)).join(', ')} documents a second`);
rmSync(folder, { recursive: true });
