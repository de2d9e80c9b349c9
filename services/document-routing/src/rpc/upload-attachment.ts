import { createHash } from 'node:crypto';
import type { UploadAttachmentRequest, UploadAttachmentResponse } from '@lienthong/contracts/routing';
import {
  type CallInfo,
  callerOf,
  type Database,
  field,
  invalid,
  type Logger,
  parse,
  type Refusal,
  RefusalError,
  refuse,
  uuidv7,
} from '@lienthong/kit';
import { z } from 'zod';
import type { RoutingSettings } from '../config.ts';
import {
  addUploader,
  beginUpload,
  dropUpload,
  findAttachment,
  link,
  ROW_BYTES,
  writeRow,
} from '../store/blobs.ts';

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

export interface UploadParts {
  db: Database;
  log: Logger;
  settings: RoutingSettings;
}

/**
 * Stores content under its digest, once. A row is written before the next message is read: memory stays flat and the
 * sender waits. Content that is stored already is only hashed: whoever sends it all has shown to have it.
 */
export function uploadAttachment({ db, log, settings }: UploadParts) {
  let underWay = 0;
  return async (
    stream: AsyncIterable<UploadAttachmentRequest>,
    info: CallInfo,
  ): Promise<UploadAttachmentResponse> => {
    const agencyId = callerOf(info);
    if (underWay >= settings.ROUTING_MAX_UPLOADS) refuse(tooManyUploads);
    underWay += 1;
    const deadline = Date.now() + settings.ROUTING_UPLOAD_TIMEOUT_S * 1000;
    const messages = beforeDeadline(stream, deadline);
    try {
      const { sha256, sizeBytes } = await readHeader(messages);
      const content = checked(chunks(messages), sha256, sizeBytes);
      const stored = (await findAttachment(db, sha256))
        ? await prove(content, sha256, agencyId)
        : await store(content, sha256, sizeBytes, agencyId);
      return { sha256, sizeBytes: BigInt(sizeBytes), alreadyStored: !stored };
    } finally {
      underWay -= 1;
    }
  };

  async function prove(
    content: AsyncIterable<Uint8Array>,
    sha256: string,
    agencyId: string,
  ): Promise<boolean> {
    for await (const _ of content);
    await addUploader(db, sha256, agencyId);
    return false;
  }

  async function store(
    content: AsyncIterable<Uint8Array>,
    sha256: string,
    sizeBytes: number,
    agencyId: string,
  ): Promise<boolean> {
    const blobId = uuidv7();
    await beginUpload(db, blobId);
    try {
      let n = 0;
      for await (const row of rowsOf(content)) {
        await writeRow(db, blobId, n, row);
        n += 1;
      }
      return await link(db, { blobId, sha256, sizeBytes, agencyId });
    } catch (error) {
      // What cannot be dropped now, the janitor drops later.
      await dropUpload(db, blobId).catch((err) => log.warn({ err, blobId }, 'dropping a failed upload'));
      throw error;
    }
  }
}

async function readHeader(messages: AsyncIterator<UploadAttachmentRequest>) {
  const { value, done } = await messages.next();
  if (done || value.content?.$case !== 'header') return refuse(noHeader);
  const said = parse(headerMessage, { header: value.content.value }).header;
  return { sha256: said.sha256, sizeBytes: Number(said.sizeBytes) };
}

async function* chunks(messages: AsyncIterableIterator<UploadAttachmentRequest>): AsyncGenerator<Uint8Array> {
  for await (const { content } of messages) {
    if (content?.$case !== 'chunk') return refuse(notAChunk);
    if (content.value.length > MAX_CHUNK_BYTES) return refuse(chunkTooLarge);
    yield content.value;
  }
}

/** Passes content on and refuses at its end, or as soon as it is too long, what is not what the header said. */
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

/** Cuts content into rows. A row is good until the next one is asked for: they share one buffer. */
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
  const { promise: over, reject } = Promise.withResolvers<never>();
  over.catch(() => {});
  const timer = setTimeout(() => reject(new RefusalError(tooSlow)), deadline - Date.now());
  const messages = stream[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await Promise.race([messages.next(), over]);
      if (next.done) return;
      yield next.value;
    }
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
