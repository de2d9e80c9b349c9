/** Where the bytes of files are kept. A blob is written once, whole, under an id of its own. */
export interface BlobStore {
  readonly name: StoreName;
  /** False: what an interrupted write has sent may still appear after a drop. */
  readonly dropsAreFinal: boolean;
  /**
   * Writes a blob of exactly so many bytes. Rejects with what `content` throws; what was written by then is dropped like
   * every blob without a file.
   */
  write(blobId: string, sizeBytes: number, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Bytes [from, to) in chunks of at most 512 KiB, each read when the one before has been taken. */
  read(blobId: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Deletes a blob, whole or in part; one that is not there is not an error. */
  drop(blobId: string): Promise<void>;
}

export type StoreName = 'postgresql' | 's3';

export const CHUNK_BYTES = 512 * 1024;

/** Cuts content into chunks of one size, but the last. A chunk is valid until the next one is read: they share a buffer. */
export async function* chunksOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  for await (const part of content) {
    for (let at = 0; at < part.length; ) {
      const taken = Math.min(part.length - at, CHUNK_BYTES - filled);
      chunk.set(part.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === CHUNK_BYTES) {
        yield chunk;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
