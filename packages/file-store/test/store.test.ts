import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginBlob } from '../src/files/files.ts';
import {
  AGENCY,
  fresh,
  header,
  messages,
  type OpenStore,
  openStore,
  sha256Of,
} from './support/open-store.ts';

const CHUNK = 512 * 1024;

let store: OpenStore;
beforeAll(async () => {
  store = await openStore({ FILES_MAX_UPLOADS: '2', FILES_UPLOAD_TIMEOUT_S: '2' });
});
afterAll(() => store.stop());

const blobsLeft = async () => {
  const [row] = await store.db.query<{ orphans: number; chunks: number }>({
    text: `select (select count(*) from file_orphan) as orphans,
                  (select count(distinct blob_id) from file_chunk c
                    where not exists (select from file f where f.blob_id = c.blob_id)) as chunks`,
  });
  return row;
};
const nothing = { orphans: 0, chunks: 0 };

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
    ids.map((uploaderId) => store.files.upload(messages(bytes), { header, uploaderId })),
  );
  expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(all.map(({ isNewToUploader }) => isNewToUploader)).toEqual([true, true]);
  const again = await store.files.upload(messages(bytes), { header, uploaderId: ids[0] ?? '' });
  expect(again).toMatchObject({ isNew: false, isNewToUploader: false });
  expect(await blobsLeft()).toEqual(nothing);
});

describe('of an upload that fails, nothing is kept', () => {
  test.each([
    ['another digest', { sha256: 'ab'.repeat(32) }, 'DIGEST_MISMATCH'],
    ['fewer bytes', { sizeBytes: BigInt(CHUNK + 8) }, 'SIZE_MISMATCH'],
    ['more bytes', { sizeBytes: BigInt(CHUNK + 6) }, 'SIZE_MISMATCH'],
  ])('%s', async (_, more, reason) => {
    const upload = store.files.upload(messages(fresh(CHUNK + 7), more), { header, uploaderId: AGENCY });
    await expect(upload).rejects.toMatchObject({ refusal: { kind: 'invalid-argument', reason } });
    expect(await blobsLeft()).toEqual(nothing);
  });

  test('a lost caller', async () => {
    async function* lost() {
      yield* messages(fresh(CHUNK * 2));
      throw new Error('the caller went away');
    }
    await expect(store.files.upload(lost(), { header, uploaderId: AGENCY })).rejects.toThrow('went away');
    expect(await blobsLeft()).toEqual(nothing);
  });

  test('a dead process: the janitor finds what it left', async () => {
    const blobId = randomUUID();
    await beginBlob(store.db, blobId, 'postgresql');
    await store.db.query({ text: 'insert into file_chunk values ($1, 0, $2)', values: [blobId, fresh()] });
    await store.clean();
    expect(await blobsLeft()).toEqual({ orphans: 1, chunks: 1 });
    await store.db.query({ text: `update file_orphan set since = now() - interval '5 seconds'` });
    await store.clean();
    expect(await blobsLeft()).toEqual(nothing);
  });
});

test('one too many at once is refused, with a time to try again', async () => {
  const waiting = Promise.withResolvers<void>();
  async function* slow() {
    await waiting.promise;
    yield* messages(bytes);
  }
  const bytes = fresh();
  const running = [slow(), slow()].map((one) => store.files.upload(one, { header, uploaderId: AGENCY }));
  await expect(store.upload(fresh())).rejects.toMatchObject({
    refusal: { kind: 'resource-exhausted', reason: 'TOO_MANY_UPLOADS', retryAfterMs: 1000 },
  });
  waiting.resolve();
  expect((await Promise.all(running)).map(({ file }) => file.sha256)).toEqual([
    sha256Of(bytes),
    sha256Of(bytes),
  ]);
});
