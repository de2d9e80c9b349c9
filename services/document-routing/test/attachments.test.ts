import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { DeepPartial, UploadAttachmentRequest } from '@lienthong/contracts/routing';
import { agency, ended } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fieldRefused, openWorld, plan, say, send, type World } from './support/world.ts';

const MiB = 1024 * 1024;
const ROW = 512 * 1024;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const first = agency({ code: 'H61.1', name: 'Xã Một' });
const second = agency({ code: 'H61.2', name: 'Xã Hai' });

let world: World;
beforeAll(async () => {
  world = await openWorld({ FILES_MAX_UPLOADS: '3', FILES_UPLOAD_TIMEOUT_S: '2' });
  await world.announce(province, first, second);
});
afterAll(() => world.stop());

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* messages(
  header: { sha256: string; sizeBytes: number },
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<DeepPartial<UploadAttachmentRequest>> {
  yield {
    content: { $case: 'header', value: { sha256: header.sha256, sizeBytes: BigInt(header.sizeBytes) } },
  };
  for await (const value of chunks) yield { content: { $case: 'chunk', value } };
}

const upload = (bytes: Uint8Array, more: { sha256?: string; sizeBytes?: number } = {}, caller = province) =>
  world
    .as(caller)
    .attachments.uploadAttachment(
      messages({ sha256: digestOf(bytes), sizeBytes: bytes.length, ...more }, pieces(bytes, 300_000)),
    );

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function download(sha256: string, range: { offset?: bigint; length?: bigint } = {}, caller = province) {
  const parts: Uint8Array[] = [];
  let total = 0n;
  for await (const { chunk, totalSizeBytes } of world
    .as(caller)
    .attachments.downloadAttachment({ sha256, ...range })) {
    parts.push(chunk);
    total ||= totalSizeBytes;
  }
  return { bytes: Buffer.concat(parts), total };
}

const rowsLeft = async () => {
  const [row] = await world.db.query<{ staged: number; orphans: number }>({
    text: `select (select count(*) from file_orphan) as staged,
                  (select count(*) from file_chunk c
                    where not exists (select from file a where a.blob_id = c.blob_id)) as orphans`,
  });
  return row;
};
const nothing = { staged: 0, orphans: 0 };

describe('content', () => {
  test.each([1, ROW - 1, ROW, ROW + 1, 3 * ROW + 17])(
    'of %i bytes comes back as it went in',
    async (size) => {
      const bytes = randomBytes(size);
      expect(await upload(bytes)).toEqual({
        sha256: digestOf(bytes),
        sizeBytes: BigInt(size),
        alreadyStored: false,
      });
      const { bytes: back, total } = await download(digestOf(bytes));
      expect(total).toBe(BigInt(size));
      expect(digestOf(back)).toBe(digestOf(bytes));
    },
  );

  test('comes back in part', async () => {
    const bytes = randomBytes(2 * ROW + 100);
    await upload(bytes);
    const sha256 = digestOf(bytes);
    for (const [offset, length] of [
      [0, 1],
      [ROW - 5, 10],
      [ROW, ROW],
      [2 * ROW + 99, 1],
      [7, 0],
      [2 * ROW, 5000],
    ] as const) {
      const { bytes: part } = await download(sha256, { offset: BigInt(offset), length: BigInt(length) });
      expect(digestOf(part)).toBe(
        digestOf(bytes.subarray(offset, length === 0 ? undefined : offset + length)),
      );
    }
    expect(await refusalOf(download(sha256, { offset: BigInt(bytes.length) }))).toMatchObject({
      code: 'OUT_OF_RANGE',
      reason: 'OFFSET_OUT_OF_RANGE',
    });
    expect(await refusalOf(download(sha256, { offset: -1n }))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('is stored once, also when many agencies upload it at the same time', async () => {
    const bytes = randomBytes(2 * MiB);
    const replies = await Promise.all([upload(bytes), upload(bytes, {}, first), upload(bytes, {}, second)]);
    // That others have the same content shows to nobody.
    expect(replies.map((one) => one.alreadyStored)).toEqual([false, false, false]);
    expect((await upload(bytes)).alreadyStored).toBe(true);
    const [row] = await world.db.query<{ n: number }>({
      text: `select count(distinct blob_id) as n from file_chunk where blob_id in
               (select blob_id from file where sha256 = $1)`,
      values: [Buffer.from(digestOf(bytes), 'hex')],
    });
    expect(row?.n).toBe(1);
    expect(await rowsLeft()).toEqual(nothing);
    for (const reader of [province, first, second]) await download(digestOf(bytes), { length: 1n }, reader);
  });
});

describe('an upload that is not what it says', () => {
  const bytes = randomBytes(MiB + 7);
  test.each([
    ['another digest', { sha256: 'ab'.repeat(32) }, 'header.sha256', 'DIGEST_MISMATCH'],
    ['fewer bytes', { sizeBytes: bytes.length + 1 }, 'header.size_bytes', 'SIZE_MISMATCH'],
    ['more bytes', { sizeBytes: bytes.length - 1 }, 'header.size_bytes', 'SIZE_MISMATCH'],
    ['a size beyond the limit', { sizeBytes: 200 * MiB + 1 }, 'header.size_bytes', 'ATTACHMENT_SIZE_INVALID'],
    ['no size', { sizeBytes: 0 }, 'header.size_bytes', 'ATTACHMENT_SIZE_INVALID'],
    ['no digest', { sha256: 'x' }, 'header.sha256', 'DIGEST_INVALID'],
  ])('%s is refused and nothing is kept', async (_, more, field, reason) => {
    expect(await refusalOf(upload(bytes, more))).toEqual(fieldRefused(field, reason));
    expect(await rowsLeft()).toEqual(nothing);
    expect(await refusalOf(download(digestOf(bytes)))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'ATTACHMENT_NOT_FOUND',
    });
  });

  test('the wrong digest of content that is there', async () => {
    const there = randomBytes(1000);
    await upload(there);
    const other = randomBytes(1000);
    expect(await refusalOf(upload(other, { sha256: digestOf(there) }, first))).toEqual(
      fieldRefused('header.sha256', 'DIGEST_MISMATCH'),
    );
    expect(await refusalOf(download(digestOf(there), {}, first))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('messages out of order or too large', async () => {
    const { attachments } = world.as(province);
    async function* headless(): AsyncGenerator<DeepPartial<UploadAttachmentRequest>> {
      yield { content: { $case: 'chunk', value: bytes } };
    }
    expect(await refusalOf(attachments.uploadAttachment(headless()))).toEqual(
      fieldRefused('header', 'HEADER_MISSING'),
    );
    const header = { sha256: digestOf(bytes), sizeBytes: bytes.length };
    expect(await refusalOf(attachments.uploadAttachment(messages(header, [bytes])))).toEqual(
      fieldRefused('chunk', 'CHUNK_TOO_LARGE'),
    );
    async function* twice() {
      yield* messages(header, []);
      yield* messages(header, []);
    }
    expect(await refusalOf(attachments.uploadAttachment(twice()))).toEqual(
      fieldRefused('chunk', 'CHUNK_MISSING'),
    );
    expect(await rowsLeft()).toEqual(nothing);
  });

  test('one that falls silent is refused, one that is cancelled is dropped, and too many wait', async () => {
    const header = { sha256: digestOf(bytes), sizeBytes: bytes.length };
    const cancel = new AbortController();
    const silent = Promise.withResolvers<Uint8Array>();
    async function* stalls() {
      yield bytes.subarray(0, ROW);
      yield await silent.promise;
    }
    const start = (signal?: AbortSignal) =>
      world.as(province).attachments.uploadAttachment(messages(header, stalls()), { signal });
    const stalled = [refusalOf(start()), refusalOf(start())];
    const cancelled = start(cancel.signal).catch((error: Error) => error.name);
    await vi.waitFor(async () => expect((await rowsLeft())?.orphans).toBe(3), 10_000);
    expect(await refusalOf(start())).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'TOO_MANY_UPLOADS',
    });
    cancel.abort();
    expect(await cancelled).toBe('AbortError');
    for (const one of stalled)
      expect(await one).toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'UPLOAD_TOO_SLOW' });
    await vi.waitFor(async () => expect(await rowsLeft()).toEqual(nothing), 10_000);
    silent.resolve(bytes.subarray(ROW));
  });
});

describe('who may use an attachment', () => {
  const attach = (bytes: Uint8Array) => [
    { sha256: digestOf(bytes), name: 'Kế hoạch.pdf', contentType: 'application/pdf' },
  ];

  test('its uploader and those it was delivered to, as long as they have it', async () => {
    const bytes = randomBytes(5000);
    const sha256 = digestOf(bytes);
    await upload(bytes);
    expect(
      await refusalOf(world.as(first).routing.issueDocument(plan([second], { attachments: attach(bytes) }))),
    ).toEqual(fieldRefused('attachments[0].sha256', 'ATTACHMENT_NOT_UPLOADED'));
    const sent = await send(world.as(province), plan([first, second], { attachments: attach(bytes) }));
    expect(sent.document.attachments).toMatchObject([{ sha256, name: 'Kế hoạch.pdf', sizeBytes: 5000n }]);
    expect(digestOf((await download(sha256, {}, first)).bytes)).toBe(sha256);
    // What was received may be sent on.
    await send(world.as(first), plan([second], { attachments: attach(bytes) }));

    await say(world.as(second), sent.deliveryIds[1], 1);
    await world
      .as(province)
      .routing.recallDocument({ requestId: randomUUID(), documentId: sent.id, reason: 'nhầm' });
    // Taken back before arrival; first still issued it itself.
    await download(sha256, { length: 1n }, first);
  });

  test('not after a recall, before arrival or agreed', async () => {
    const bytes = randomBytes(5000);
    await upload(bytes);
    const sent = await send(world.as(province), plan([first, second], { attachments: attach(bytes) }));
    await say(world.as(second), sent.deliveryIds[1], 1);
    await world
      .as(province)
      .routing.recallDocument({ requestId: randomUUID(), documentId: sent.id, reason: 'nhầm' });
    expect(await refusalOf(download(digestOf(bytes), {}, first))).toMatchObject({
      reason: 'ATTACHMENT_NOT_FOUND',
    });
    await download(digestOf(bytes), { length: 1n }, second);
    await say(world.as(second), sent.deliveryIds[1], 15);
    expect(await refusalOf(download(digestOf(bytes), {}, second))).toMatchObject({
      reason: 'ATTACHMENT_NOT_FOUND',
    });
    await download(digestOf(bytes), { length: 1n });
  });

  test('a successor, with what its predecessor had', async () => {
    const old = agency({ code: 'H61.8', name: 'Xã Cũ' });
    const heir = agency({ code: 'H61.9', name: 'Xã Mới' });
    await world.announce(old, heir);
    const bytes = randomBytes(5000);
    await upload(bytes, {}, old);
    expect(await refusalOf(download(digestOf(bytes), {}, heir))).toMatchObject({ code: 'NOT_FOUND' });
    await world.announce(ended(old, '2026-01-01', heir.id));
    await download(digestOf(bytes), {}, heir);
    await send(world.as(heir), plan([first], { attachments: attach(bytes) }));
  });
});
