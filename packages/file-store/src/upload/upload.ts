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
import type { UploadSlots } from './slots.ts';

/** What a service requires of an upload. Each step refuses by throwing; then nothing is kept. */
export interface UploadRules<H extends ContentHeader> {
  /** The schema of the header; its fields are reported under `header`. */
  header: z.ZodType<H>;
  /** Whether the caller may upload this, before any content is read. */
  admit?(header: H): Promise<void>;
  /** Looks at content on its way. */
  inspect?(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Checks stored content before the upload succeeds. It also runs for content that was stored before. */
  approve?(content: StoredContent): Promise<void>;
  /** The agency that uploads. Undefined if the service itself will reference the file. */
  uploaderId?: string;
  /** Who uploads, as `principalOf` gives it: no principal may take all slots. */
  principal: string;
  /** The slots that this upload uses. Default: those of the store. */
  slots?: UploadSlots;
}

/** Content that can be read more than once. */
export interface StoredContent extends ContentHeader {
  read(): AsyncIterable<Uint8Array>;
}

export interface Uploaded<H extends ContentHeader> {
  file: H;
  /** True when the content was not stored before. */
  isNew: boolean;
  /**
   * True if this agency had not uploaded the content before. True for every content that was not stored when the upload
   * began, also if a concurrent upload stored it first. False for stored content if no agency is named.
   */
  isNewToUploader: boolean;
}

export interface UploadDeps {
  db: Database;
  log: Logger;
  stores: BlobStores;
  timeoutMs: number;
  slots: UploadSlots;
}

/**
 * Stores content under its digest, once. A part is written before the next message is read: memory stays flat and the
 * sender waits. Content that is stored already is only hashed: a caller that sends all of it has proved to have it.
 */
export async function receiveUpload<H extends ContentHeader>(
  deps: UploadDeps,
  stream: AsyncIterable<UploadMessage<unknown>>,
  rules: UploadRules<H>,
): Promise<Uploaded<H>> {
  const messages = beforeDeadline(stream, deps.timeoutMs);
  try {
    const header = await readHeader(messages, rules.header);
    await rules.admit?.(header);
    // Silent callers, and callers without permission, take no slot.
    const release = (rules.slots ?? deps.slots).take(rules.principal);
    try {
      return await receiveContent(deps, messages, header, rules);
    } finally {
      release();
    }
  } finally {
    // Not awaited: return() would wait for the pending read, which ends with its message or its deadline.
    void messages.return();
  }
}

async function receiveContent<H extends ContentHeader>(
  deps: UploadDeps,
  messages: AsyncIterableIterator<UploadMessage<unknown>>,
  header: H,
  { inspect, approve, uploaderId }: UploadRules<H>,
): Promise<Uploaded<H>> {
  const { db, stores } = deps;
  const { sha256, sizeBytes } = header;
  const sent = readContent(messages, header);
  const content = inspect ? inspect(sent) : sent;
  const approveBlob = ({ blobId, store }: Pick<StoredFile, 'blobId' | 'store'>) =>
    approve?.({ sha256, sizeBytes, read: () => stores.of(store).read(blobId, 0, sizeBytes) });
  const known = await renewFile(db, sha256);
  if (known) {
    // Reads everything, to verify the digest.
    for await (const _ of content);
    await approveBlob(known);
    const isNewToUploader = uploaderId !== undefined && (await addUploader(db, sha256, uploaderId));
    return { file: header, isNew: false, isNewToUploader };
  }
  const isNew = await storeBlob(deps, content, header, async (file) => {
    await approveBlob(file);
    return linkFile(db, file, uploaderId);
  });
  return { file: header, isNew, isNewToUploader: true };
}

/** Writes content as a blob and links it. A blob that is not linked is dropped. Resolves to what `link` resolves to. */
export async function storeBlob(
  { db, log, stores }: Pick<UploadDeps, 'db' | 'log' | 'stores'>,
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
        log.warn(
          { err, blobId },
          'the blob of a failed upload could not be deleted; the janitor will delete it',
        ),
      );
  }
}
