import {
  type Database,
  type DueWorker,
  type Logger,
  type MigrationSet,
  type Refusal,
  refuse,
} from '@lienthong/kit';
import { z } from 'zod';
import { openBlobStores } from './blobs/blob-stores.ts';
import type { StoredFile } from './files/files.ts';
import { createJanitor } from './janitor.ts';
import { readFileSettings } from './settings.ts';
import type { ContentHeader, UploadMessage } from './upload/receive.ts';
import { uploadSlots } from './upload/slots.ts';
import { receiveUpload, type Uploaded, type UploadRules } from './upload/upload.ts';

/** The tables, for a service's `migrations`. */
export const fileStoreMigrations: MigrationSet = {
  name: 'file-store',
  folder: new URL('../migrations/', import.meta.url),
};

/** The largest file of an agency. */
export const MAX_FILE_BYTES = 200 * 1024 * 1024;

const count = z.bigint().min(0n, 'must not be negative');
/** The fields `offset` and `length` of a download; length 0 means to the end. */
export const rangeFields = { offset: count, length: count };

export interface Range {
  offset: bigint;
  length: bigint;
}

/** A message of a download, in the form of every contract. */
export interface DownloadMessage {
  chunk: Uint8Array;
  /** 0 in every message but the first. */
  totalSizeBytes: bigint;
}

/** The files of one service, in its own database. Whose a file is, the service knows. */
export interface FileStore {
  /** Refuses: TOO_MANY_UPLOADS, UPLOAD_TOO_SLOW, and by field what is wrong with header and chunks. */
  upload<H extends ContentHeader>(
    stream: AsyncIterable<UploadMessage<unknown>>,
    rules: UploadRules<H>,
  ): Promise<Uploaded<H>>;
  /** Reads a part when the one before has gone out, and none that is outside the range. Refuses: OFFSET_OUT_OF_RANGE. */
  download(file: StoredFile, range: Range, signal: AbortSignal): AsyncIterable<DownloadMessage>;
  /** To be among the service's workers: deletes what nobody needs any more. */
  worker: DueWorker;
}

export function createFileStore({
  db,
  log,
  env,
}: {
  db: Database;
  log: Logger;
  env: Readonly<Record<string, string | undefined>>;
}): FileStore {
  const settings = readFileSettings(env);
  const stores = openBlobStores(db, settings);
  const deps = {
    db,
    log,
    stores,
    timeoutMs: settings.FILES_UPLOAD_TIMEOUT_S * 1000,
    slots: uploadSlots({
      perProcess: settings.FILES_MAX_UPLOADS,
      perPrincipal: settings.FILES_MAX_UPLOADS_PER_CALLER,
    }),
  };
  const janitor = createJanitor({ db, log, stores, settings });
  return {
    upload: (stream, rules) => receiveUpload(deps, stream, rules),
    async *download({ blobId, store, sizeBytes }, { offset, length }, signal) {
      const size = BigInt(sizeBytes);
      if (offset >= size) return refuse(outOfRange(sizeBytes));
      const end = length === 0n || offset + length > size ? size : offset + length;
      let totalSizeBytes = size;
      for await (const chunk of stores.of(store).read(blobId, Number(offset), Number(end))) {
        if (signal.aborted) return;
        yield { chunk, totalSizeBytes };
        totalSizeBytes = 0n;
      }
    },
    worker: {
      ...janitor,
      async stop() {
        await janitor.stop();
        stores.close();
      },
    },
  };
}

const outOfRange = (sizeBytes: number): Refusal => ({
  kind: 'out-of-range',
  reason: 'OFFSET_OUT_OF_RANGE',
  message: `the file has ${sizeBytes} bytes; offset must be less`,
  metadata: { size_bytes: String(sizeBytes) },
});
