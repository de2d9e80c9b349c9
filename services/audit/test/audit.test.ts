import { EntryKind } from '@lienthong/contracts/audit';
import { AgencyEnded } from '@lienthong/contracts/directory';
import type { Caller } from '@lienthong/kit';
import { Status } from 'nice-grpc';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type AuditWorld,
  auditor,
  auditWorld,
  client as clientOf,
  ended,
  agencyId as province,
} from './support/world.ts';

const commune = '018f0000-0000-7000-8000-0000000000b2';
const clerk: Caller = { agencyId: commune, officerId: 'văn thư', roles: ['clerk'] };

let world: AuditWorld;
const documentId = crypto.randomUUID();

/** Reads of the audit are entries too. */
const events = { kind: EntryKind.EVENT };

const client = (caller: Caller) => clientOf(world, caller);

beforeAll(async () => {
  world = await auditWorld();
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
    const { entries } = await reader.listEntries({ filter: { documentId, ...events } });
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
    const count = async (filter: object) =>
      Number((await reader.countEntries({ filter: { ...events, ...filter } })).count);
    expect(await count({ officerId: 'test' })).toBe(302);
    expect(await count({ officerId: 'nobody' })).toBe(0);
    expect(await count({ from: new Date(Date.now() - 3_600_000) })).toBe(302);
    expect(await count({ to: new Date(Date.now() - 3_600_000) })).toBe(0);
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

describe('an agency', () => {
  test.each(['clerk', 'leader', 'admin', 'auditor'] as const)(
    'sees by its %s what it did or what concerns it',
    async (role) => {
      const reader = await client({ ...clerk, roles: [role] });
      expect((await reader.countEntries({ filter: events })).count).toBe(2n);
      expect((await reader.countEntries({ filter: { agencyId: province } })).count).toBe(0n);
      expect((await reader.listEntries({ filter: { documentId, ...events } })).entries).toHaveLength(1);
    },
  );

  test.each([[], ['officer'], ['system']] as const)(
    'shows nothing to a token with the roles %s',
    async (...roles) => {
      const reader = await client({ ...clerk, roles });
      const refused = { code: Status.PERMISSION_DENIED };
      await expect(reader.listEntries({ filter: { documentId } })).rejects.toMatchObject(refused);
      await expect(reader.countEntries({})).rejects.toMatchObject(refused);
      await expect(reader.getProof({ entry: { $case: 'index', value: 301n } })).rejects.toMatchObject(
        refused,
      );
    },
  );

  test.each(['admin', 'auditor'] as const)('has an %s that is not the platform’s', async (role) => {
    const reader = await client({ agencyId: commune, officerId: 'x', roles: [role] });
    expect((await reader.countEntries({ filter: { agencyId: province } })).count).toBe(0n);
    await expect(reader.getProof({ entry: { $case: 'index', value: 0n } })).rejects.toMatchObject({
      code: Status.NOT_FOUND,
    });
    await expect(async () => {
      for await (const _ of reader.exportEntries({})) throw new Error('something was exported');
    }).rejects.toMatchObject({ code: Status.PERMISSION_DENIED });
  });

  test('is needed unless the caller is an administrator or auditor of the platform', async () => {
    for (const [agencyId, code] of [
      ['', Status.PERMISSION_DENIED],
      ['H61', Status.UNAUTHENTICATED],
    ] as const) {
      const reader = await client({ agencyId, officerId: 'x', roles: ['clerk'] });
      await expect(reader.listEntries({})).rejects.toMatchObject({ code });
    }
  });
});

test('entries cannot be changed or removed', async () => {
  for (const text of ["update entry set type = 'x'", 'delete from entry', 'truncate entry']) {
    await expect(world.db.query({ text })).rejects.toThrow('append-only');
  }
});

test('a restart goes on where it was, each event once', async () => {
  await world.restart({}, () => world.publish(ended(commune, 3)));
  const reader = await client(auditor);
  const count = async (agencyId: string) =>
    (await reader.countEntries({ filter: { agencyId, ...events } })).count;
  await vi.waitFor(async () => expect(await count(commune)).toBe(3n), 20_000);
  expect(await count(province)).toBe(300n);
});
