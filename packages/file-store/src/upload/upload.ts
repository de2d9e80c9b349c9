import { type Database, type Logger, uuidv7 } from '@lienthong/kit';
import type { z } from 'zod';
import type { BlobStores } from '../blobs/blob-stores.ts';
import { addUploader, beginBlob, linkFile, renewFile, type StoredFile } from '../files/files.ts';
import { dropOrphan } from '../files/orphans.ts';
import {
  beforeDeadline,
  type ContentHeader,
  readContent,
  readHeader,
  type UploadMessage,
} from './receive.ts';

/** What a service requires of an upload. */
export interface UploadRules<H extends ContentHeader> {
  /** The schema of the header; its fields are reported under `header`. */
  header: z.ZodType<H>;
  /** The agency that shows to have the content. */
  uploaderId: string;
}

export interface Uploaded {
  file: ContentHeader;
  /** True when the content was not stored before. */
  isNew: boolean;
  /** True when the uploader had not shown before to have it. */
  isNewToUploader: boolean;
}

export interface UploadDeps {
  db: Database;
  log: Logger;
  stores: BlobStores;
  timeoutMs: number;
}

/**
 * Stores content under its digest, once. A part is written before the next message is read: memory stays flat and the
 * sender waits. Content that is stored already is only hashed: a caller that sends all of it has proved to have it.
 */
export async function receiveUpload<H extends ContentHeader>(
  deps: UploadDeps,
  stream: AsyncIterable<UploadMessage<unknown>>,
  { header: schema, uploaderId }: UploadRules<H>,
): Promise<Uploaded> {
  const messages = beforeDeadline(stream, deps.timeoutMs);
  const header = await readHeader(messages, schema);
  const content = readContent(messages, header);
  const known = await renewFile(deps.db, header.sha256);
  if (known) {
    for await (const _ of content);
    const isNewToUploader = await addUploader(deps.db, header.sha256, uploaderId);
    return { file: header, isNew: false, isNewToUploader };
  }
  const isNew = await storeBlob(deps, content, header, (file) => linkFile(deps.db, file, uploaderId));
  return { file: header, isNew, isNewToUploader: true };
}

/** Writes content as a blob and links it. A blob that is not linked is dropped. Resolves to what `link` resolves to. */
export async function storeBlob(
  { db, log, stores }: Omit<UploadDeps, 'timeoutMs'>,
  content: AsyncIterable<Uint8Array>,
  { sha256, sizeBytes }: ContentHeader,
  link: (file: StoredFile) => Promise<boolean>,
): Promise<boolean> {
  const blobId = uuidv7();
  const { name: store, write } = stores.current;
  await beginBlob(db, blobId, store);
  let isLinked = false;
  try {
    await write(blobId, sizeBytes, content);
    isLinked = await link({ sha256, blobId, store, sizeBytes });
    return isLinked;
  } finally {
    // If this fails, the janitor drops it later.
    if (!isLinked)
      await dropOrphan(db, stores, blobId).catch((err) =>
        log.warn({ err, blobId }, 'dropping a failed upload'),
      );
  }
}
