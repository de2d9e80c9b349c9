import { createHash, randomUUID } from 'node:crypto';
import type { Read } from '@lienthong/contracts/common';
import { DocumentRoutingServiceDefinition, ReadsRecorded } from '@lienthong/contracts/routing';
import type { Caller } from '@lienthong/kit';
import { agency, officer } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readDocument } from '../src/store/read-document.ts';
import { openWorld, plan, send, type World } from './support/world.ts';

const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const commune = agency({ code: 'H61.1', name: 'Xã Một' });
const stranger = agency({ code: 'H61.2', name: 'Xã Hai' });
const SERVICE = 'lienthong.routing.v1.DocumentRoutingService';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, commune, stranger);
});
afterAll(() => world.stop());

async function recorded(): Promise<Read[]> {
  const rows = await world.db.query<{ payload: Buffer; subject: string }>({
    text: `select payload, subject from event where type = 'lienthong.routing.v1.ReadsRecorded' order by position`,
  });
  // In no agency's slice.
  for (const { subject } of rows) expect(subject).toMatch(/\.routing\.reads\.recorded\._$/);
  return rows.flatMap(({ payload }) => ReadsRecorded.decode(payload).reads);
}

/** What an officer read, once as many reads as expected are in the log. */
const readsOf = (officerId: string, count: number) =>
  vi.waitFor(async () => {
    const own = (await recorded()).filter(({ actor }) => actor?.officerId === officerId);
    expect(own).toHaveLength(count);
    return own;
  }, 10_000);

const upload = (bytes: Uint8Array, sha256: string) =>
  world.as(province).attachments.uploadAttachment(
    (async function* () {
      const value = { sha256, sizeBytes: BigInt(bytes.length) };
      yield { content: { $case: 'header' as const, value } };
      yield { content: { $case: 'chunk' as const, value: bytes } };
    })(),
  );

test('the record of a document leaves the database only for agencies with a part in it', async () => {
  const { id } = await send(world.as(province), plan([commune]));
  const recordFor = async (...ids: string[]) => (await readDocument(world.db, id, ids))?.record;
  expect(await recordFor(province.id)).toBeInstanceOf(Buffer);
  expect(await recordFor(commune.id)).toBeInstanceOf(Buffer);
  expect(await recordFor(stranger.id, commune.id)).toBeInstanceOf(Buffer);
  expect(await recordFor(stranger.id)).toBeNull();
  expect(await recordFor()).toBeNull();
});

test('who may read a document is recorded as a reader, and who may not with the reason', async () => {
  const { id } = await send(world.as(province), plan([commune]));
  await world.as(commune, 'officer', 'người nhận').routing.getDocument({ documentId: id });
  const refused = world.as(stranger, 'officer', 'người lạ').routing.getDocument({ documentId: id });
  expect(await refusalOf(refused)).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' });

  const document = { method: `${SERVICE}/GetDocument`, ownerId: province.id, documentIds: [id] };
  const [allowed] = await readsOf('người nhận', 1);
  expect(allowed).toMatchObject({ ...document, actor: { agencyId: commune.id }, denied: '' });
  const [denied] = await readsOf('người lạ', 1);
  expect(denied).toMatchObject({
    ...document,
    actor: { agencyId: stranger.id },
    denied: 'DOCUMENT_NOT_FOUND',
  });
});

test('a role that may not read is recorded although its request is not looked at', async () => {
  const auditor: Caller = { agencyId: stranger.id, officerId: 'thiếu vai trò', roles: ['auditor'] };
  const client = await world.rpc(DocumentRoutingServiceDefinition, auditor);
  await expect(client.getDocument({ documentId: randomUUID() })).rejects.toThrow('needs one of the roles');
  expect(await readsOf('thiếu vai trò', 1)).toMatchObject([{ denied: 'ROLE_MISSING', documentIds: [] }]);
});

test('an officer who was dismissed is recorded by the name and agency of the token', async () => {
  const left = officer({ agencyId: commune.id, fullName: 'Đỗ Văn Đi', roles: ['officer'] });
  await world.appoint(left);
  await world.relieve(left, '2025-01-01');
  const read = world.as(commune, 'officer', left.id).routing.getDocument({ documentId: randomUUID() });
  expect(await refusalOf(read)).toMatchObject({ reason: 'OFFICER_NOT_IN_POSITION' });
  expect(await readsOf(left.id, 1)).toMatchObject([
    { actor: { agencyId: commune.id }, denied: 'OFFICER_NOT_IN_POSITION', documentIds: [] },
  ]);
});

test('a page of a list is one read for each owner, with what the page shows', async () => {
  const inbox = agency({ code: 'H61.3', name: 'Xã Ba' });
  await world.announce(inbox);
  const ids = [];
  for (const from of [province, province, commune]) ids.push((await send(world.as(from), plan([inbox]))).id);
  const list = world.as(inbox, 'clerk', 'người xem').routing;
  const first = await list.listInbox({ pageSize: 2 });
  expect(first.items).toHaveLength(2);
  const own = await readsOf('người xem', 2);
  expect(own.map(({ ownerId, documentIds }) => ({ ownerId, documentIds }))).toEqual([
    { ownerId: commune.id, documentIds: [ids[2]] },
    { ownerId: province.id, documentIds: [ids[1]] },
  ]);
});

test('a file is on record before its first byte goes out; a denied one with the documents that carry it', async () => {
  const bytes = Buffer.from(`%PDF-1.7 ${randomUUID()}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await upload(bytes, sha256);
  const attachments = [{ sha256, name: 'kế hoạch.pdf', mediaType: 'application/pdf' }];
  const { id } = await send(world.as(province), plan([commune], { attachments }));
  for await (const _ of world
    .as(commune, 'officer', 'người tải')
    .attachments.downloadAttachment({ sha256, offset: 0n, length: 0n })) {
    const own = (await recorded()).filter(({ actor }) => actor?.officerId === 'người tải');
    expect(own).toMatchObject([
      { denied: '', ownerId: province.id, documentIds: [id], fileDigests: [sha256] },
    ]);
  }
  const stolen = Array.fromAsync(
    world.as(stranger, 'officer', 'người dò').attachments.downloadAttachment({ sha256 }),
  );
  expect(await refusalOf(stolen)).toMatchObject({ reason: 'ATTACHMENT_NOT_FOUND' });
  expect(await readsOf('người dò', 1)).toMatchObject([
    { denied: 'ATTACHMENT_NOT_FOUND', ownerId: province.id, documentIds: [id], fileDigests: [sha256] },
  ]);
});

test('a reader does not learn from its own record whose other documents have the same file', async () => {
  const bytes = Buffer.from(`%PDF-1.7 ${randomUUID()}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await upload(bytes, sha256);
  const attachments = [{ sha256, name: 'kế hoạch.pdf', mediaType: 'application/pdf' }];
  const shown = await send(world.as(province), plan([commune], { attachments }));
  await send(world.as(province), plan([stranger], { attachments }));
  await Array.fromAsync(world.as(commune, 'officer', 'người đọc').attachments.downloadAttachment({ sha256 }));
  expect(await readsOf('người đọc', 1)).toMatchObject([{ documentIds: [shown.id] }]);
});

test('a stop writes the reads that wait', async () => {
  const { id } = await send(world.as(province), plan([commune]));
  for (let n = 0; n < 20; n += 1)
    await world.as(commune, 'officer', 'người vội').routing.getDocument({ documentId: id });
  await world.restart();
  await readsOf('người vội', 20);
});
