import { createHash, randomBytes } from 'node:crypto';
import { createLog, migrate, openDatabase } from '@lienthong/kit';
import { testDatabase } from '@lienthong/testkit';
import { z } from 'zod';
import {
  contentHeader,
  createFileStore,
  fileStoreMigrations,
  findFile,
  type UploadMessage,
} from '../../src/index.ts';

export const AGENCY = '018f0000-0000-7000-8000-000000000001';
export const header = z.object(contentHeader({ maxBytes: 50 * 1024 * 1024, sizeReason: 'SIZE_INVALID' }));
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const fresh = (size = 1000): Buffer => randomBytes(size);

export async function* messages(
  bytes: Uint8Array,
  more: { sha256?: string; sizeBytes?: bigint } = {},
): AsyncGenerator<UploadMessage<unknown>> {
  const value = { sha256: sha256Of(bytes), sizeBytes: BigInt(bytes.length), ...more };
  yield { content: { $case: 'header', value } };
  for (let at = 0; at < bytes.length; at += 300_000)
    yield { content: { $case: 'chunk', value: bytes.subarray(at, at + 300_000) } };
}

/** @param databaseUrl of a store that is there already, opened with other settings */
export async function openStore(env: Record<string, string> = {}, databaseUrl?: string) {
  const database = databaseUrl === undefined ? await testDatabase() : undefined;
  const url = databaseUrl ?? database?.databaseUrl ?? '';
  await migrate(url, 'files', [fileStoreMigrations]);
  const db = openDatabase({ url, schema: 'files', connections: 6, onError: () => {} });
  const files = createFileStore({ db, log: createLog('file-store-test', 'silent'), env });
  return {
    url,
    db,
    files,
    async upload(bytes: Uint8Array, by = AGENCY) {
      return (await files.upload(messages(bytes), { header, uploaderId: by, principal: by })).file.sha256;
    },
    async read(sha256: string, offset = 0, length = 0) {
      const file = await findFile(db, sha256);
      if (!file) throw new Error('no such file');
      const range = { offset: BigInt(offset), length: BigInt(length) };
      const parts = await Array.fromAsync(files.download(file, range, new AbortController().signal));
      return Buffer.concat(parts.map(({ chunk }) => chunk));
    },
    clean: () => files.worker.runDue(),
    async stop() {
      await files.worker.stop();
      await db.close();
      await database?.drop();
    },
  };
}

export type OpenStore = Awaited<ReturnType<typeof openStore>>;
