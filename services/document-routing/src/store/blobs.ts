import type { Database } from '@lienthong/kit';

/** Every row of a blob but the last has this size, so that an offset gives its row. */
export const ROW_BYTES = 512 * 1024;

export async function findAttachment(db: Database, sha256: string): Promise<boolean> {
  const rows = await db.query({
    name: 'find_attachment',
    text: 'select 1 from attachment where sha256 = $1',
    values: [Buffer.from(sha256, 'hex')],
  });
  return rows.length > 0;
}

/** Names a blob before its first row, so that whatever an upload leaves behind can be found. */
export async function beginUpload(db: Database, blobId: string): Promise<void> {
  await db.query({
    name: 'begin_upload',
    text: 'insert into attachment_upload (blob_id) values ($1)',
    values: [blobId],
  });
}

export async function writeRow(db: Database, blobId: string, n: number, bytes: Uint8Array): Promise<void> {
  await db.query({
    name: 'write_blob_row',
    text: 'insert into attachment_chunk (blob_id, n, bytes) values ($1, $2, $3)',
    values: [blobId, n, bytes],
  });
}

/**
 * Makes a whole blob usable under its digest, or drops it when the same content was stored meanwhile: the primary
 * key lets one of several uploaders win, the others wait for its commit. Resolves to true when this one has won.
 */
export const link = (
  db: Database,
  {
    blobId,
    sha256,
    sizeBytes,
    agencyId,
  }: { blobId: string; sha256: string; sizeBytes: number; agencyId: string },
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const digest = Buffer.from(sha256, 'hex');
    const [linked, uploads] = await Promise.all([
      tx.query({
        name: 'link_attachment',
        text: `insert into attachment (sha256, blob_id, size_bytes) values ($1, $2, $3)
               on conflict do nothing returning 1`,
        values: [digest, blobId, sizeBytes],
      }),
      tx.query({
        name: 'end_upload',
        text: 'delete from attachment_upload where blob_id = $1 returning 1',
        values: [blobId],
      }),
    ]);
    if (uploads.length === 0) throw new Error(`upload ${blobId} was swept away while it ran`);
    if (linked.length === 0)
      tx.send({
        name: 'drop_rows',
        text: 'delete from attachment_chunk where blob_id = $1',
        values: [blobId],
      });
    tx.send(uploader(digest, agencyId));
    return linked.length > 0;
  });

/** Remembers that an agency has shown to have the content. */
export async function addUploader(db: Database, sha256: string, agencyId: string): Promise<void> {
  await db.query(uploader(Buffer.from(sha256, 'hex'), agencyId));
}

const uploader = (digest: Buffer, agencyId: string) => ({
  name: 'add_uploader',
  text: 'insert into attachment_uploader (sha256, agency_id) values ($1, $2) on conflict do nothing',
  values: [digest, agencyId],
});

export async function dropUpload(db: Database, blobId: string): Promise<void> {
  await db.query({
    name: 'drop_upload',
    text: `with gone as (delete from attachment_upload where blob_id = $1 returning blob_id)
           delete from attachment_chunk where blob_id in (select blob_id from gone)`,
    values: [blobId],
  });
}

/** Drops the uploads that nobody finished or dropped in time; resolves to how many. */
export async function dropAbandonedUploads(db: Database, olderThanSeconds: number): Promise<number> {
  const rows = await db.query({
    text: `with gone as (delete from attachment_upload where started_at < now() - make_interval(secs => $1)
                         returning blob_id),
                chunks as (delete from attachment_chunk where blob_id in (select blob_id from gone))
           select blob_id from gone`,
    values: [olderThanSeconds],
  });
  return rows.length;
}

/** Bytes [from, from + length) of one row; stored uncompressed, so only these are read. */
export async function readRow(
  db: Database,
  blobId: string,
  n: number,
  from: number,
  length: number,
): Promise<Buffer> {
  const rows = await db.query<{ bytes: Buffer }>({
    name: 'read_blob_row',
    text: 'select substring(bytes from $3 for $4) as bytes from attachment_chunk where blob_id = $1 and n = $2',
    values: [blobId, n, from + 1, length],
  });
  const bytes = rows[0]?.bytes;
  if (bytes === undefined || bytes.length !== length) throw new Error(`blob ${blobId} lacks row ${n}`);
  return bytes;
}
