import { freePort } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { fresh, openStore } from './support/open-store.ts';
import { findS3Server, NO_S3_SERVER, startS3Server } from './support/s3-server.ts';

const program = findS3Server();

test.skipIf(program === undefined)(
  `files move when the setting changes, and back; downloads go on${program ? '' : `; ${NO_S3_SERVER}`}`,
  async () => {
    const s3 = await startS3Server(program ?? '');
    const before = await openStore();
    const after = await openStore({ ...s3.env, FILES_STORE: 's3', FILES_UPLOAD_TIMEOUT_S: '1' }, before.url);
    const back = await openStore({ ...s3.env, FILES_UPLOAD_TIMEOUT_S: '1' }, before.url);
    onTestFinished(async () => {
      await after.stop();
      await back.stop();
      await before.stop();
      await s3.stop();
    });
    const contents = [fresh(1), fresh(600_000), fresh(2_000_000)];
    const digests = await Promise.all(contents.map((bytes) => before.upload(bytes)));
    const whole = async () => {
      const read = await Promise.all(digests.map((sha256) => after.read(sha256)));
      return read.every((bytes, i) => bytes.equals(contents[i] ?? Buffer.alloc(0)));
    };
    const rows = async () =>
      (await before.db.query({ text: 'select distinct blob_id from file_chunk' })).length;
    const letTimePass = () =>
      before.db.query({ text: `update file_orphan set since = now() - interval '1 hour'` });

    // Readable from either place before, while and after they move.
    expect(await whole()).toBe(true);
    expect(await after.clean()).toBe(3);
    expect([await rows(), (await s3.objects()).length]).toEqual([3, 3]);
    expect(await whole()).toBe(true);
    await letTimePass();
    await after.clean();
    expect([await rows(), (await s3.objects()).length]).toEqual([0, 3]);
    expect(await whole()).toBe(true);

    await back.clean();
    await letTimePass();
    await back.clean();
    expect([await rows(), await s3.objects()]).toEqual([3, []]);
    expect(await whole()).toBe(true);
  },
);

test('a store that cannot be reached refuses with a time to try again, and keeps nothing', async () => {
  const port = await freePort();
  const store = await openStore({
    FILES_STORE: 's3',
    FILES_S3_BUCKET: 'files',
    FILES_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    FILES_S3_ACCESS_KEY: 'key',
    FILES_S3_SECRET_KEY: 'secret',
  });
  onTestFinished(() => store.stop());
  await expect(store.upload(fresh())).rejects.toMatchObject({
    refusal: { kind: 'unavailable', reason: 'FILE_STORE_UNAVAILABLE', retryAfterMs: 5_000 },
  });
  expect(await store.db.query({ text: 'select from file' })).toEqual([]);
});

test('the store s3 without its settings does not start', async () => {
  await expect(openStore({ FILES_STORE: 's3' })).rejects.toThrow('FILES_S3_');
});
