import { AuditServiceDefinition } from '@lienthong/contracts/audit';
import { AgencyEnded } from '@lienthong/contracts/directory';
import type { NewEvent } from '@lienthong/eventlog';
import type { Caller } from '@lienthong/kit';
import { type TestWorld, testWorld } from '@lienthong/testkit';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { audit } from '../src/service.ts';

const province = '018f0000-0000-7000-8000-0000000000a1';
const commune = '018f0000-0000-7000-8000-0000000000b2';
const auditor: Caller = { agencyId: province, officerId: 'kiểm toán', roles: ['auditor'] };
const clerk: Caller = { agencyId: commune, officerId: 'văn thư', roles: ['clerk'] };

let world: TestWorld;
const documentId = crypto.randomUUID();

const ended = (agencyId: string, version: number, more: Partial<NewEvent> = {}): NewEvent =>
  ({
    type: 'lienthong.directory.v1.AgencyEnded',
    payload: AgencyEnded.fromPartial({ effectiveOn: '2025-07-01', legalBasis: 'NQ 202/2025/QH15' }),
    aggregateId: agencyId,
    version,
    agencyCode: 'H61',
    agencyId,
    ...more,
  }) as NewEvent;

const client = (caller: Caller) => world.rpc(AuditServiceDefinition, caller);

beforeAll(async () => {
  world = await testWorld(audit, { sources: ['directory'] });
  await world.publish(...Array.from({ length: 300 }, (_, i) => ended(province, i + 1)));
  await world.publish(ended(commune, 1, { documentId }), ended(commune, 2));
  const reader = await client(auditor);
  await vi.waitFor(
    async () => expect((await reader.countEntries({ filter: { agencyId: commune } })).count).toBe(2n),
    20_000,
  );
});
afterAll(() => world.stop());

describe('an auditor', () => {
  test('reads all entries of an agency, newest first, page by page, each once', async () => {
    const reader = await client(auditor);
    const positions: bigint[] = [];
    let pageToken = '';
    do {
      const page = await reader.listEntries({ filter: { agencyId: province }, pageSize: 70, pageToken });
      positions.push(...page.entries.map((entry) => entry.position));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(positions).toEqual(Array.from({ length: 300 }, (_, i) => BigInt(300 - i)));
  });

  test('finds by document, officer and period, and gets the event as it was', async () => {
    const reader = await client(auditor);
    const { entries } = await reader.listEntries({ filter: { documentId } });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      source: 'directory',
      position: 301n,
      type: 'lienthong.directory.v1.AgencyEnded',
      agencyId: commune,
      actor: { agencyId: '', officerId: 'test' },
      aggregateVersion: 1n,
    });
    expect(AgencyEnded.decode(entries[0]?.payload ?? new Uint8Array()).legalBasis).toBe('NQ 202/2025/QH15');
    const count = async (filter: object) => Number((await reader.countEntries({ filter })).count);
    expect(await count({ officerId: 'test' })).toBe(302);
    expect(await count({ officerId: 'nobody' })).toBe(0);
    expect(await count({ from: new Date(Date.now() - 3_600_000) })).toBe(302);
    // Reads of the audit are entries too, by the test's clock.
    const types = ['lienthong.directory.v1.AgencyEnded'];
    expect(await count({ to: new Date(Date.now() - 3_600_000), types })).toBe(0);
    expect(await count({ agencyId: commune, types: ['lienthong.directory.v1.AgencyMoved'] })).toBe(0);
  });

  test('must narrow the search', async () => {
    const reader = await client(auditor);
    await expect(reader.listEntries({})).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT });
    await expect(reader.listEntries({ filter: { documentId: 'x' } })).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: expect.stringContaining('filter.document_id'),
    });
    const from = new Date();
    await expect(reader.listEntries({ filter: { from, to: from } })).rejects.toMatchObject({
      details: expect.stringContaining('filter.to'),
    });
    await expect(reader.listEntries({ filter: { documentId }, pageToken: 'nonsense' })).rejects.toMatchObject(
      {
        code: Status.INVALID_ARGUMENT,
        details: expect.stringContaining('page_token'),
      },
    );
  });
});

test('an agency sees what it did or what concerns it, and nothing else', async () => {
  const reader = await client(clerk);
  expect((await reader.countEntries({})).count).toBe(2n);
  expect((await reader.countEntries({ filter: { agencyId: province } })).count).toBe(0n);
  expect((await reader.listEntries({ filter: { documentId } })).entries).toHaveLength(1);
});

test('entries cannot be changed or removed', async () => {
  for (const text of ["update entry set type = 'x'", 'delete from entry', 'truncate entry']) {
    await expect(world.db.query({ text })).rejects.toThrow('append-only');
  }
});

test('a restart goes on where it was, each event once', async () => {
  await world.restart({}, () => world.publish(ended(commune, 3)));
  const reader = await client(auditor);
  await vi.waitFor(
    async () => expect((await reader.countEntries({ filter: { agencyId: commune } })).count).toBe(3n),
    20_000,
  );
  expect((await reader.countEntries({ filter: { agencyId: province } })).count).toBe(300n);
});
