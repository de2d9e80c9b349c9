import { createHash } from 'node:crypto';
import type { UploadAttachmentRequest } from '@lienthong/contracts/routing';
import {
  type Database,
  field,
  invalid,
  parse,
  type Refusal,
  RefusalError,
  refuse,
  uuidv7,
} from '@lienthong/kit';
import { z } from 'zod';
import {
  addUploader,
  beginUpload,
  dropUpload,
  findAttachment,
  link,
  ROW_BYTES,
  writeRow,
} from '../store/blobs.ts';
import { type AttachmentDeps, Attachments, upload, WORKS_WITH_DOCUMENTS } from './deps.ts';

const MAX_BYTES = 200 * 1024 * 1024;
const MAX_CHUNK_BYTES = 1024 * 1024;

const header = z.object({
  sha256: field.sha256,
  sizeBytes: z.bigint().superRefine((size, context) => {
    if (size < 1n || size > BigInt(MAX_BYTES))
      context.addIssue({
        code: 'custom',
        message: `must be between 1 and ${MAX_BYTES} bytes (200 MiB)`,
        params: { reason: 'ATTACHMENT_SIZE_INVALID' },
      });
  }),
});

const headerMessage = z.object({ header });

/**
 * Stores content under its digest, once. A row is written before the next message is read: memory stays flat and the
 * sender waits. Content that is stored already is only hashed: a caller that sends all of it has proved to have it.
 */
export const uploadAttachment = upload(Attachments.uploadAttachment, {
  policy: WORKS_WITH_DOCUMENTS,
  maxBytes: MAX_CHUNK_BYTES + 1024,
  handle: async (stream, { caller }, deps) => {
    const { db, settings, uploads } = deps;
    if (uploads.size >= settings.ROUTING_MAX_UPLOADS) return refuse(tooManyUploads);
    uploads.add(stream);
    try {
      const messages = beforeDeadline(stream, Date.now() + settings.ROUTING_UPLOAD_TIMEOUT_S * 1000);
      const given = await readHeader(messages);
      const content = checked(chunks(messages), given.sha256, given.sizeBytes);
      const known = await findAttachment(db, given.sha256);
      const stored = known
        ? await prove(db, content, given.sha256, caller.agencyId)
        : await store(deps, content, { ...given, agencyId: caller.agencyId });
      return { sha256: given.sha256, sizeBytes: BigInt(given.sizeBytes), alreadyStored: !stored };
    } finally {
      uploads.delete(stream);
    }
  },
});

/** Reads content that is stored already to its end. Resolves to false: nothing was stored. */
async function prove(
  db: Database,
  content: AsyncIterable<Uint8Array>,
  sha256: string,
  agencyId: string,
): Promise<boolean> {
  for await (const _ of content);
  await addUploader(db, sha256, agencyId);
  return false;
}

/** Resolves to false when another upload has stored the same content meanwhile. */
async function store(
  { db, log }: AttachmentDeps,
  content: AsyncIterable<Uint8Array>,
  attachment: { sha256: string; sizeBytes: number; agencyId: string },
): Promise<boolean> {
  const blobId = uuidv7();
  await beginUpload(db, blobId);
  try {
    let n = 0;
    for await (const row of rowsOf(content)) {
      await writeRow(db, blobId, n, row);
      n += 1;
    }
    return await link(db, { blobId, ...attachment });
  } catch (error) {
    // If this fails, the upload janitor (service.ts) drops it later.
    await dropUpload(db, blobId).catch((err) => log.warn({ err, blobId }, 'dropping a failed upload'));
    throw error;
  }
}

async function readHeader(messages: AsyncIterator<UploadAttachmentRequest>) {
  const { value, done } = await messages.next();
  if (done || value.content?.$case !== 'header') return refuse(noHeader);
  const { sha256, sizeBytes } = parse(headerMessage, { header: value.content.value }).header;
  return { sha256, sizeBytes: Number(sizeBytes) };
}

async function* chunks(messages: AsyncIterableIterator<UploadAttachmentRequest>): AsyncGenerator<Uint8Array> {
  for await (const { content } of messages) {
    if (content?.$case !== 'chunk') return refuse(notAChunk);
    if (content.value.length > MAX_CHUNK_BYTES) return refuse(chunkTooLarge);
    yield content.value;
  }
}

/** Passes content on and refuses it at its end, or as soon as it is too long, when it differs from its header. */
async function* checked(
  content: AsyncIterable<Uint8Array>,
  sha256: string,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > sizeBytes) return refuse(sizeMismatch(sizeBytes, `more than ${sizeBytes}`));
    hash.update(chunk);
    yield chunk;
  }
  if (size !== sizeBytes) return refuse(sizeMismatch(sizeBytes, `${size}`));
  if (hash.digest('hex') !== sha256) return refuse(digestMismatch);
}

/** Cuts content into rows. A row is valid until the next one is read: they share one buffer. */
async function* rowsOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const row = Buffer.allocUnsafe(ROW_BYTES);
  let filled = 0;
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, ROW_BYTES - filled);
      row.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === ROW_BYTES) {
        yield row;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield row.subarray(0, filled);
}

/** Also a sender that has fallen silent is refused when its time is over. */
async function* beforeDeadline<T>(stream: AsyncIterable<T>, deadline: number): AsyncGenerator<T, void> {
  const messages = stream[Symbol.asyncIterator]();
  let isOver = false;
  let stopWaiting = () => {};
  const timer = setTimeout(() => {
    isOver = true;
    stopWaiting();
  }, deadline - Date.now());
  // One promise for each message: a race with one long-lived promise keeps every message until that promise settles.
  const next = () =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      stopWaiting = () => reject(new RefusalError(tooSlow));
      if (isOver) stopWaiting();
      else messages.next().then(resolve, reject);
    });
  try {
    for (let message = await next(); !message.done; message = await next()) yield message.value;
  } finally {
    clearTimeout(timer);
  }
}

const tooManyUploads: Refusal = {
  kind: 'resource-exhausted',
  reason: 'TOO_MANY_UPLOADS',
  message: 'too many uploads are under way; try again in a moment',
  retryAfterMs: 1000,
};

const tooSlow: Refusal = {
  kind: 'resource-exhausted',
  reason: 'UPLOAD_TOO_SLOW',
  message: 'the upload took too long; nothing of it was kept',
};

const noHeader = invalid([
  {
    field: 'header',
    reason: 'HEADER_MISSING',
    description: 'must be the first message: sha256 and size_bytes',
  },
]);

const notAChunk = invalid([
  { field: 'chunk', reason: 'CHUNK_MISSING', description: 'must be in every message after the first' },
]);

const chunkTooLarge = invalid([
  {
    field: 'chunk',
    reason: 'CHUNK_TOO_LARGE',
    description: `must be at most ${MAX_CHUNK_BYTES} bytes (1 MiB)`,
  },
]);

const sizeMismatch = (declared: number, received: string): Refusal =>
  invalid([
    {
      field: 'header.size_bytes',
      reason: 'SIZE_MISMATCH',
      description: `says ${declared} bytes, but ${received} came; nothing was kept`,
    },
  ]);

const digestMismatch = invalid([
  {
    field: 'header.sha256',
    reason: 'DIGEST_MISMATCH',
    description: 'is not the digest of the content that came; nothing was kept',
  },
]);
