import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type {
  AttachmentServiceClient,
  DeepPartial,
  UploadAttachmentRequest,
  UploadAttachmentResponse,
} from '@lienthong/contracts/routing';
import { Status } from 'nice-grpc-common';
import type { CallExtras } from './call.ts';
import { localError } from './errors.ts';
import { deadlineIn, retryUntilSuccess, waitBeforeRetry } from './retry.ts';

/** A file's path, the content itself, or a stream of it (kept in a temporary file while it is sent). */
export type FileSource = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface UploadOptions {
  signal?: AbortSignal;
  /** Called after each chunk that the connection has taken. A retry starts again from 0. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  /** Limit for the whole upload with its retries. The default allows for the size at 64 KiB/s. */
  timeoutMs?: number;
}

export interface DownloadOptions {
  signal?: AbortSignal;
  /** Position of the first byte; default 0. */
  offset?: number;
  /** Number of bytes; the default 0 means up to the end. */
  length?: number;
  /** The longest time without any content before the download fails. */
  timeoutMs?: number;
}

type Client = AttachmentServiceClient<CallExtras>;
/** The methods of a service that keeps files; the messages of all of them have one form. */
export interface FileMethods {
  upload: Client['uploadAttachment'];
  download: Client['downloadAttachment'];
  /** The full name of the download method, for errors. */
  downloadPath: string;
}

const CHUNK_BYTES = 256 * 1024;
const SLOWEST_BYTES_PER_MS = 65.536;

/** Reads the source once for its digest and once for each attempt; holds at most one chunk of a file in memory. */
export async function uploadFile(
  { upload }: Pick<FileMethods, 'upload'>,
  source: FileSource,
  timeoutMs: number,
  { signal, onProgress, timeoutMs: wholeMs }: UploadOptions,
): Promise<UploadAttachmentResponse> {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    const file = join(tmpdir(), `lienthong-upload-${randomUUID()}`);
    try {
      await pipeline(source, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal });
      return await uploadFile({ upload }, file, timeoutMs, { signal, onProgress, timeoutMs: wholeMs });
    } finally {
      await rm(file, { force: true });
    }
  }
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunksOf(source)) {
    signal?.throwIfAborted();
    hash.update(chunk);
    size += chunk.length;
  }
  const header = { sha256: hash.digest('hex'), sizeBytes: BigInt(size) };
  async function* messages(): AsyncGenerator<DeepPartial<UploadAttachmentRequest>> {
    yield { content: { $case: 'header', value: header } };
    let sent = 0;
    for await (const chunk of chunksOf(source as string | Uint8Array)) {
      yield { content: { $case: 'chunk', value: chunk } };
      sent += chunk.length;
      onProgress?.(sent, size);
    }
  }
  return retryUntilSuccess(
    (remainingMs) => upload(messages(), { signal, timeoutMs: remainingMs }),
    wholeMs ?? timeoutMs + size / SLOWEST_BYTES_PER_MS,
    signal,
  );
}

async function* chunksOf(source: string | Uint8Array): AsyncGenerator<Uint8Array> {
  if (typeof source === 'string') {
    yield* createReadStream(source, { highWaterMark: CHUNK_BYTES });
    return;
  }
  for (let at = 0; at < source.length; at += CHUNK_BYTES) yield source.subarray(at, at + CHUNK_BYTES);
}

/**
 * Yields the content in chunks. After a lost connection the download continues at the same byte. Use the content only
 * when the iteration ends without an error: it throws DATA_LOSS at the end when bytes are missing or the digest differs.
 */
export async function* downloadFile(
  { download, downloadPath }: FileMethods,
  sha256: string,
  timeoutMs: number,
  { signal, offset = 0, length = 0 }: DownloadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let total: number | undefined;
  let received = 0;
  const expectedBytes = () => {
    const left = Math.max(0, (total ?? offset) - offset);
    return length === 0 ? left : Math.min(left, length);
  };
  let failures = 0;
  let deadline = deadlineIn(timeoutMs);
  while (true) {
    const rest = {
      sha256,
      offset: BigInt(offset + received),
      length: BigInt(length === 0 ? 0 : length - received),
    };
    try {
      for await (const message of download(rest, { signal, timeoutMs })) {
        total ??= Number(message.totalSizeBytes);
        if (message.chunk.length === 0) continue;
        received += message.chunk.length;
        hash.update(message.chunk);
        yield message.chunk;
        failures = 0;
        deadline = deadlineIn(timeoutMs);
      }
      break;
    } catch (error) {
      if (total !== undefined && received >= expectedBytes()) break;
      failures += 1;
      await waitBeforeRetry(error, failures, deadline, signal);
    }
  }
  if (received !== expectedBytes()) {
    const details = `received ${received} bytes instead of ${expectedBytes()}`;
    throw localError(downloadPath, Status.DATA_LOSS, details, 'CONTENT_INCOMPLETE');
  }
  const whole = offset === 0 && (length === 0 || received === total);
  if (whole && hash.digest('hex') !== sha256) {
    throw localError(
      downloadPath,
      Status.DATA_LOSS,
      'the digest of the content differs from sha256',
      'DIGEST_MISMATCH',
    );
  }
}
