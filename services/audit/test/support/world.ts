import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditServiceDefinition, type DeepPartial } from '@lienthong/contracts/audit';
import type { Read } from '@lienthong/contracts/common';
import { AgencyEnded } from '@lienthong/contracts/directory';
import { ReadsRecorded } from '@lienthong/contracts/routing';
import { type NewEvent, toAct } from '@lienthong/eventlog';
import type { Caller } from '@lienthong/kit';
import { agency } from '@lienthong/reference-data/testing';
import { freePort, type TestWorld, type TestWorldOptions, testWorld } from '@lienthong/testkit';
import {
  generateSignerKey,
  type OpenedCheckpoint,
  openCheckpoint,
  readSigner,
  readVerifier,
} from '@lienthong/transparency-log';
import { vi } from 'vitest';
import { audit } from '../../src/service.ts';

export const ORIGIN = 'lienthong.test/audit';
export const auditor: Caller = { agencyId: '', officerId: 'kiểm toán', roles: ['auditor'] };
export const agencyId = '018f0000-0000-7000-8000-0000000000a1';

export interface AuditWorld extends TestWorld {
  keyFile: string;
  /** Of the first key. */
  verifierKey: string;
  /** Where the log is served by HTTP. */
  url: string;
  /** What the log serves by HTTP: status, headers and bytes. */
  http(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: Buffer }>;
  /** The published checkpoint, verified with the first key. */
  checkpoint(): Promise<OpenedCheckpoint>;
  /** Resolves once a published checkpoint covers so many leaves. */
  covered(size: number): Promise<OpenedCheckpoint>;
}

/** The real service with logs of a directory and a routing beside it, and a signing key of its own. */
export async function auditWorld({ env, ...options }: TestWorldOptions = {}): Promise<AuditWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-audit-'));
  const keyFile = join(folder, 'signing-key');
  const key = generateSignerKey(ORIGIN, 'note');
  writeFileSync(keyFile, `${key}\n`);
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  const world = await testWorld(audit, {
    sources: ['directory', 'routing'],
    ...options,
    env: { AUDIT_SIGNING_KEY: keyFile, AUDIT_LISTEN: listen, AUDIT_CHECKPOINT_MS: '50', ...env },
  });
  const { verifierKey } = readSigner(key);
  const policy = { origin: ORIGIN, log: [readVerifier(verifierKey)], witnesses: [], quorum: 0 };

  async function http(path: string, init?: RequestInit) {
    const response = await fetch(`${url}${path}`, init);
    return {
      status: response.status,
      headers: response.headers,
      body: Buffer.from(await response.arrayBuffer()),
    };
  }
  async function checkpoint() {
    const { status, body } = await http('/checkpoint');
    if (status !== 200) throw new Error(`no checkpoint: ${status}`);
    return openCheckpoint(body, policy);
  }
  const { stop } = world;
  return Object.assign(world, {
    keyFile,
    verifierKey,
    url,
    http,
    checkpoint,
    covered: (size: number) =>
      vi.waitFor(
        async () => {
          const newest = await checkpoint();
          if (newest.size < size) throw new Error(`the checkpoint covers ${newest.size} of ${size} leaves`);
          return newest;
        },
        { timeout: 20_000, interval: 20 },
      ),
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

export const keptCheckpoint = ({ keyFile }: AuditWorld): string =>
  readFileSync(`${keyFile}.checkpoint`, 'utf8');

/** An event of the directory. */
export const ended = (of: string, version: number, more: Partial<NewEvent> = {}): NewEvent =>
  ({
    type: 'lienthong.directory.v1.AgencyEnded',
    payload: AgencyEnded.fromPartial({
      agency: agency({ id: of, code: 'H61', name: 'Ủy ban nhân dân', version }),
      effectiveOn: '2025-07-01',
      legalBasis: 'NQ 202/2025/QH15',
    }),
    aggregateId: of,
    version,
    agencyCode: 'H61',
    agencyId: of,
    ...more,
  }) as NewEvent;

export const events = (count: number, from = 1, of = agencyId): NewEvent[] =>
  Array.from({ length: count }, (_, n) => ended(of, from + n));

export const READS = 'lienthong.routing.v1.ReadsRecorded';

/** One event of routing with these reads. */
export const readsEvent = (reads: readonly DeepPartial<Read>[]): NewEvent =>
  toAct(READS, ReadsRecorded.fromPartial({ reads: [...reads] }));

export const client = (world: TestWorld, caller: Caller) => world.rpc(AuditServiceDefinition, caller);
