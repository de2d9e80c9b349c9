/** The messages of an upload: a header, then chunks that make exactly the content that the header names. */
import { createHash } from 'node:crypto';
import { field, invalid, parse, type Refusal, RefusalError, refuse } from '@lienthong/kit';
import { z } from 'zod';

const MAX_CHUNK_BYTES = 1024 * 1024;
/** The largest message of an upload. */
export const MAX_UPLOAD_MESSAGE_BYTES = MAX_CHUNK_BYTES + 1024;

/** A message of an upload, in the form of every contract. */
export interface UploadMessage<H> {
  content?: { $case: 'header'; value: H } | { $case: 'chunk'; value: Uint8Array } | undefined;
}

/** What a header says of the content. */
export interface ContentHeader {
  sha256: string;
  sizeBytes: number;
}

/** The fields `sha256` and `size_bytes` of a header. Refuses: DIGEST_INVALID, and the given reason for the size. */
export const contentHeader = ({ maxBytes, sizeReason }: { maxBytes: number; sizeReason: string }) => ({
  sha256: field.sha256,
  sizeBytes: z
    .bigint()
    .superRefine((size, context) => {
      if (size < 1n || size > BigInt(maxBytes))
        context.addIssue({
          code: 'custom',
          message: `must be between 1 and ${maxBytes} bytes (${maxBytes / 1024 / 1024} MiB)`,
          params: { reason: sizeReason },
        });
    })
    .transform(Number),
});

/** The header of an upload's first message, parsed. Refuses: HEADER_MISSING, and what the schema refuses, under `header`. */
export async function readHeader<H>(
  messages: AsyncIterator<UploadMessage<unknown>>,
  schema: z.ZodType<H>,
): Promise<H> {
  const { value, done } = await messages.next();
  if (done || value.content?.$case !== 'header') return refuse(noHeader);
  return (parse(z.object({ header: schema }), { header: value.content.value }) as { header: H }).header;
}

/** The chunks after the header. Refuses them at their end, or as soon as they are too many, when they are other content. */
export async function* readContent(
  messages: AsyncIterableIterator<UploadMessage<unknown>>,
  { sha256, sizeBytes }: ContentHeader,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const { content } of messages) {
    if (content?.$case !== 'chunk') return refuse(notAChunk);
    const chunk = content.value;
    if (chunk.length > MAX_CHUNK_BYTES) return refuse(chunkTooLarge);
    size += chunk.length;
    if (size > sizeBytes) return refuse(sizeMismatch(sizeBytes, `more than ${sizeBytes}`));
    hash.update(chunk);
    yield chunk;
  }
  if (size !== sizeBytes) return refuse(sizeMismatch(sizeBytes, `${size}`));
  if (hash.digest('hex') !== sha256) return refuse(digestMismatch);
}

/** The longest a caller may take for the first message, and between two others, whatever the whole upload may take. */
const HEADER_MS = 10_000;
const SILENT_MS = 30_000;

/** Also a sender that has fallen silent is refused when its time is over. */
export async function* beforeDeadline<T>(
  stream: AsyncIterable<T>,
  timeoutMs: number,
  { headerMs = HEADER_MS, silentMs = SILENT_MS } = {},
): AsyncGenerator<T, void> {
  const messages = stream[Symbol.asyncIterator]();
  let isOver = false;
  let stopWaiting = () => {};
  const end = () => {
    isOver = true;
    stopWaiting();
  };
  const timer = setTimeout(end, timeoutMs);
  let silence: NodeJS.Timeout | undefined;
  // One promise for each message: a race with one long-lived promise keeps every message until that promise settles.
  const next = (ms: number) =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      stopWaiting = () => reject(new RefusalError(tooSlow));
      if (isOver) return stopWaiting();
      silence = setTimeout(end, ms);
      messages.next().then(resolve, reject);
    }).finally(() => clearTimeout(silence));
  try {
    for (let message = await next(headerMs); !message.done; message = await next(silentMs))
      yield message.value;
  } finally {
    clearTimeout(timer);
  }
}

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
      description: `is ${declared}, but ${received} bytes arrived; nothing was kept`,
    },
  ]);

const digestMismatch = invalid([
  {
    field: 'header.sha256',
    reason: 'DIGEST_MISMATCH',
    description: 'is not the digest of the content that came; nothing was kept',
  },
]);
