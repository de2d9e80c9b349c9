import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  AGENCY,
  fresh,
  header,
  messages,
  type OpenStore,
  openStore,
  sha256Of,
} from './support/open-store.ts';
import { findS3Server, NO_S3_SERVER, type S3Server, startS3Server } from './support/s3-server.ts';

const CHUNK = 512 * 1024;

const s3Server = findS3Server();
const STORES = ['postgresql', 's3'] as const;

describe.each(STORES)('files in %s', (name) => {
  if (name === 's3' && s3Server === undefined) return test.skip(NO_S3_SERVER);

  let s3: S3Server | undefined;
  let store: OpenStore;
  beforeAll(async () => {
    if (name === 's3') s3 = await startS3Server(s3Server ?? '');
    store = await openStore({
      ...s3?.env,
      FILES_STORE: name,
      FILES_MAX_UPLOADS: '2',
      FILES_UPLOAD_TIMEOUT_S: '2',
    });
  });
  afterAll(async () => {
    await store.stop();
    await s3?.stop();
  });

  /** Makes every orphan old enough for the janitor, and runs it. */
  async function timePasses() {
    await store.db.query({ text: `update file_orphan set since = now() - interval '5 seconds'` });
    await store.clean();
  }

  /** Blobs without a file, as the database knows them and as the store has them. */
  async function countLeft() {
    const files = new Set(
      (await store.db.query<{ id: string }>({ text: 'select blob_id as id from file' })).map(({ id }) => id),
    );
    const orphans = await store.db.query({ text: 'select from file_orphan' });
    const kept = s3
      ? (await s3.objects()).map((key) => key.replace('files/', ''))
      : (await store.db.query<{ id: string }>({ text: 'select distinct blob_id as id from file_chunk' })).map(
          ({ id }) => id,
        );
    return { orphans: orphans.length, blobs: kept.filter((id) => !files.has(id)).length };
  }
  /** What is left of failed uploads; S3 may finish a write that was interrupted, so the janitor drops it once more. */
  async function blobsLeft() {
    if (s3) await timePasses();
    return countLeft();
  }
  const nothing = { orphans: 0, blobs: 0 };

  test.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])(
    '%i bytes come back as they went in',
    async (size) => {
      const bytes = fresh(size);
      expect((await store.read(await store.upload(bytes))).equals(bytes)).toBe(true);
    },
  );

  test.each([
    [0, 1],
    [CHUNK - 5, 10],
    [CHUNK, CHUNK],
    [2 * CHUNK + 99, 1],
    [7, 0],
    [2 * CHUNK, 5000],
  ])('the bytes from %i, %i of them, come back', async (offset, length) => {
    const bytes = fresh(2 * CHUNK + 100);
    const part = await store.read(await store.upload(bytes), offset, length);
    expect(part.equals(bytes.subarray(offset, length === 0 ? undefined : offset + length))).toBe(true);
  });

  test('content is stored once, however many send it at once', async () => {
    const bytes = fresh(2 * CHUNK);
    const ids = [randomUUID(), randomUUID()];
    const all = await Promise.all(
      ids.map((uploaderId) =>
        store.files.upload(messages(bytes), { header, uploaderId, principal: uploaderId }),
      ),
    );
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(all.map(({ isNewToUploader }) => isNewToUploader)).toEqual([true, true]);
    const again = await store.files.upload(messages(bytes), {
      header,
      uploaderId: ids[0] ?? '',
      principal: 'p',
    });
    expect(again).toMatchObject({ isNew: false, isNewToUploader: false });
    expect(await blobsLeft()).toEqual(nothing);
  });

  describe('of an upload that fails, nothing is kept', () => {
    test.each([
      ['another digest', { sha256: 'ab'.repeat(32) }, 'DIGEST_MISMATCH'],
      ['fewer bytes', { sizeBytes: BigInt(CHUNK + 8) }, 'SIZE_MISMATCH'],
      ['more bytes', { sizeBytes: BigInt(CHUNK + 6) }, 'SIZE_MISMATCH'],
    ])('%s', async (_, more, reason) => {
      const upload = store.files.upload(messages(fresh(CHUNK + 7), more), {
        header,
        uploaderId: AGENCY,
        principal: 'p',
      });
      await expect(upload).rejects.toMatchObject({ refusal: { kind: 'invalid-argument', reason } });
      expect(await blobsLeft()).toEqual(nothing);
    });

    test('a lost caller', async () => {
      async function* lost() {
        yield* messages(fresh(CHUNK * 2));
        throw new Error('the caller went away');
      }
      await expect(
        store.files.upload(lost(), { header, uploaderId: AGENCY, principal: 'p' }),
      ).rejects.toThrow('went away');
      expect(await blobsLeft()).toEqual(nothing);
    });

    test('a dead process: the janitor finds what it left', async () => {
      const bytes = fresh();
      // The upload has written its blob, and dies before it links it.
      await store.upload(bytes);
      await store.db.query({
        text: `with gone as (delete from file where sha256 = $1 returning blob_id, store)
             insert into file_orphan (blob_id, store) select * from gone`,
        values: [Buffer.from(sha256Of(bytes), 'hex')],
      });
      await store.clean();
      expect(await countLeft()).toEqual({ orphans: 1, blobs: 1 });
      await timePasses();
      expect(await countLeft()).toEqual(nothing);
    });
  });

  test('one too many at once is refused, with a time to try again', async () => {
    const waiting = Promise.withResolvers<void>();
    async function* slow() {
      const [head, ...rest] = await Array.fromAsync(messages(bytes));
      if (head) yield head;
      started += 1;
      await waiting.promise;
      yield* rest;
    }
    const bytes = fresh();
    let started = 0;
    const running = [slow(), slow()].map((one) =>
      store.files.upload(one, { header, uploaderId: AGENCY, principal: 'p' }),
    );
    await vi.waitFor(() => expect(started).toBe(2));
    await expect(store.upload(fresh())).rejects.toMatchObject({
      refusal: { kind: 'resource-exhausted', reason: 'TOO_MANY_UPLOADS', retryAfterMs: 1000 },
    });
    waiting.resolve();
    expect((await Promise.all(running)).map(({ file }) => file.sha256)).toEqual([
      sha256Of(bytes),
      sha256Of(bytes),
    ]);
  });
});
