import { Readable } from 'node:stream';
import { type Refusal, RefusalError } from '@lienthong/kit';
import type { BlobStore } from './blob-store.ts';

export interface S3Options {
  bucket: string;
  /** Before the id of every blob; ends with "/". */
  prefix: string;
  region: string;
  /** Undefined: the provider's own for the region. */
  endpoint: string | undefined;
  /** Undefined: what the environment of the process gives, as the provider's tools find it. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
}

/** The longest a store may be silent. */
const SILENCE_MS = 30_000;

/** Blobs as objects of a bucket that speaks S3. The library is loaded when the first blob is touched. */
export function s3Blobs({ bucket, prefix, region, endpoint, credentials }: S3Options): BlobStore & {
  close(): void;
} {
  let opened: ReturnType<typeof open> | undefined;
  const s3 = () => {
    opened ??= open();
    return opened;
  };
  async function open() {
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client({
      region,
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      ...(credentials && { credentials }),
      // What it would print comes as an error too.
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      // Digest and size are checked before a blob becomes a file; not every store knows the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 5_000, requestTimeout: SILENCE_MS, socketTimeout: SILENCE_MS },
    });
    return { sdk, client };
  }
  const place = (blobId: string) => ({ Bucket: bucket, Key: `${prefix}${blobId}` });

  return {
    name: 's3',
    dropsAreFinal: false,
    async write(blobId, sizeBytes, content) {
      const { sdk, client } = await s3();
      let failure: unknown;
      async function* watched() {
        try {
          yield* lastHeldBack(content);
        } catch (error) {
          failure = error;
          throw error;
        }
      }
      const Body = Readable.from(watched());
      // The library stops listening before the stream is destroyed; the error comes through `watched`.
      Body.on('error', () => {});
      const put = new sdk.PutObjectCommand({ ...place(blobId), Body, ContentLength: sizeBytes });
      // What the content refuses is the caller's business, not the store's.
      await client.send(put).catch((error) => {
        throw failure ?? away(error);
      });
    },
    async *read(blobId, from, to) {
      const { sdk, client } = await s3();
      const get = new sdk.GetObjectCommand({ ...place(blobId), Range: `bytes=${from}-${to - 1}` });
      const { Body } = await client.send(get).catch(throwAway);
      let left = to - from;
      try {
        for await (const chunk of Body as Readable) {
          left -= chunk.length;
          yield chunk;
        }
      } catch (error) {
        throw away(error);
      }
      if (left !== 0) throw new Error(`blob ${blobId} lacks ${left} bytes`);
    },
    async drop(blobId) {
      const { sdk, client } = await s3();
      await client.send(new sdk.DeleteObjectCommand(place(blobId))).catch(throwAway);
    },
    close() {
      void opened?.then(({ client }) => client.destroy());
    },
  };
}

/** Content whose last chunk comes when the content has ended: one that fails at its end never reaches its full size. */
async function* lastHeldBack(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  for await (const chunk of content) {
    if (held) yield held;
    held = chunk;
  }
  if (held) yield held;
}

/** A refusal where another attempt may succeed; a missing or forbidden object is an error of the platform. */
function away(error: unknown): unknown {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const isAnswer = status !== undefined && status < 500 && status !== 429;
  return isAnswer || name === 'AbortError' ? error : new RefusalError(storeAway, { cause: error });
}

const throwAway = (error: unknown): never => {
  throw away(error);
};

const storeAway: Refusal = {
  kind: 'unavailable',
  reason: 'FILE_STORE_UNAVAILABLE',
  message: 'the store of the files cannot be reached; try again in a moment',
  retryAfterMs: 5_000,
};
