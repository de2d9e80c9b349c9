import type { Database } from '@lienthong/kit';
import { type BlobStore, CHUNK_BYTES, chunksOf } from './blob-store.ts';

/** Blobs as rows of table file_chunk: every row but the last has one size, so that an offset gives its row. */
export const postgresqlBlobs = (db: Database): BlobStore => ({
  name: 'postgresql',
  dropsAreFinal: true,
  async write(blobId, _, content) {
    let n = 0;
    for await (const chunk of chunksOf(content)) {
      await writeRow(db, blobId, n, chunk);
      n += 1;
    }
  },
  async *read(blobId, from, to) {
    for (let at = from; at < to; ) {
      const start = at % CHUNK_BYTES;
      const length = Math.min(CHUNK_BYTES - start, to - at);
      yield await readRow(db, blobId, Math.floor(at / CHUNK_BYTES), start, length);
      at += length;
    }
  },
  async drop(blobId) {
    await db.query({
      name: 'drop_blob',
      text: 'delete from file_chunk where blob_id = $1',
      values: [blobId],
    });
  },
});

async function writeRow(db: Database, blobId: string, n: number, bytes: Uint8Array): Promise<void> {
  await db.query({
    name: 'write_blob_row',
    text: 'insert into file_chunk (blob_id, n, bytes) values ($1, $2, $3)',
    values: [blobId, n, bytes],
  });
}

/** Bytes [from, from + length) of one row; stored uncompressed, so only these are read. */
async function readRow(
  db: Database,
  blobId: string,
  n: number,
  from: number,
  length: number,
): Promise<Buffer> {
  const rows = await db.query<{ bytes: Buffer }>({
    name: 'read_blob_row',
    text: 'select substring(bytes from $3 for $4) as bytes from file_chunk where blob_id = $1 and n = $2',
    values: [blobId, n, from + 1, length],
  });
  const bytes = rows[0]?.bytes;
  if (bytes === undefined || bytes.length !== length) throw new Error(`blob ${blobId} lacks row ${n}`);
  return bytes;
}
