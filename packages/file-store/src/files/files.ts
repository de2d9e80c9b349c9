import type { Database, Reader } from '@lienthong/kit';
import type { StoreName } from '../blobs/blob-store.ts';

/** A file whose content is stored completely. */
export interface StoredFile {
  sha256: string;
  blobId: string;
  store: StoreName;
  sizeBytes: number;
}

export const digestOf = (sha256: string): Buffer => Buffer.from(sha256, 'hex');

/** The columns of a `StoredFile`, from a table alias `f`. */
export const FILE_COLUMNS = `encode(f.sha256, 'hex') as sha256, f.blob_id as "blobId", f.store, f.size_bytes as "sizeBytes"`;

/**
 * Restarts the unused time of a file that is uploaded again. The sweep keeps the file during the upload. It is one
 * statement, so a sweep comes wholly before or wholly after it. Resolves to undefined if there is no such file.
 */
export async function renewFile(db: Database, sha256: string): Promise<StoredFile | undefined> {
  const [file] = await db.query<StoredFile>({
    name: 'renew_file',
    text: `update file f set unused_since = case when unused_since is not null then now() end
            where sha256 = $1 returning ${FILE_COLUMNS}`,
    values: [digestOf(sha256)],
  });
  return file;
}

/** The file of a digest. */
export const findFile = async (reader: Reader, sha256: string): Promise<StoredFile | undefined> =>
  (await findFiles(reader, [sha256])).get(sha256);

/** The files of digests, by digest. */
export async function findFiles(
  reader: Reader,
  digests: readonly string[],
): Promise<Map<string, StoredFile>> {
  if (digests.length === 0) return new Map();
  const files = await reader.query<StoredFile>({
    name: 'find_files',
    text: `select ${FILE_COLUMNS} from file f where f.sha256 = any($1::bytea[])`,
    values: [digests.map(digestOf)],
  });
  return new Map(files.map((file) => [file.sha256, file]));
}

/** Records that the agency has sent this content. Resolves to false if that was recorded before. */
export async function addUploader(db: Database, sha256: string, agencyId: string): Promise<boolean> {
  const rows = await db.query(insertUploader(sha256, agencyId));
  return rows.length > 0;
}

const insertUploader = (sha256: string, agencyId: string) => ({
  name: 'add_uploader',
  text: 'insert into file_uploader (sha256, agency_id) values ($1, $2) on conflict do nothing returning 1',
  values: [digestOf(sha256), agencyId],
});

/**
 * Links a complete blob as the file of its digest. If another upload linked the same content first, this blob stays an
 * orphan. The primary key lets one of several uploads win; the others wait for its commit. Resolves to true if this one
 * has won.
 */
export const linkFile = (db: Database, file: StoredFile, agencyId: string | undefined): Promise<boolean> =>
  db.transaction(async (tx) => {
    const digest = digestOf(file.sha256);
    const [linked, orphans] = await Promise.all([
      tx.query({
        name: 'link_file',
        text: `insert into file (sha256, blob_id, store, size_bytes, unused_since)
               select $1, $2, $3, $4, case when exists (select from file_use where sha256 = $1) then null else now() end
                   on conflict do nothing returning 1`,
        values: [digest, file.blobId, file.store, file.sizeBytes],
      }),
      tx.query({
        name: 'adopt_orphan',
        text: `delete from file_orphan where blob_id = $1 and not dropping returning 1`,
        values: [file.blobId],
      }),
    ]);
    if (orphans.length === 0)
      throw new Error(`blob ${file.blobId} was deleted as an orphan before its upload finished`);
    if (linked.length === 0) tx.send(insertOrphan(file.blobId, file.store));
    if (agencyId !== undefined) tx.send(insertUploader(file.sha256, agencyId));
    return linked.length > 0;
  });

/**
 * Replaces the blob of a file. The old blob becomes an orphan. Resolves to false if the file was deleted or moved
 * meanwhile: then the new blob stays an orphan.
 */
export const moveFile = (
  db: Database,
  file: StoredFile,
  blobId: string,
  store: StoreName,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const moved = await tx.query({
      name: 'move_file',
      text: `with moved as (
                    update file set blob_id = $3, store = $4 where sha256 = $1 and blob_id = $2 returning 1),
                  adopted as (delete from file_orphan where blob_id = $3 and exists (select from moved))
             insert into file_orphan (blob_id, store) select $2, $5 from moved returning 1`,
      values: [digestOf(file.sha256), file.blobId, blobId, store, file.store],
    });
    return moved.length > 0;
  });

/** The next files, by digest, that are not kept in the given store. Index file_by_store. */
export const filesOutside = (
  reader: Reader,
  store: StoreName,
  after: string,
  limit: number,
): Promise<StoredFile[]> =>
  reader.query<StoredFile>({
    name: 'files_outside',
    text: `select ${FILE_COLUMNS} from file f where f.store = $1 and f.sha256 > $2 order by f.sha256 limit $3`,
    // There are exactly two stores.
    values: [store === 's3' ? 'postgresql' : 's3', digestOf(after), limit],
  });

/** Registers a blob as an orphan before its first byte is written. The janitor then finds whatever a crash leaves. */
export async function beginBlob(db: Database, blobId: string, store: StoreName): Promise<void> {
  await db.query(insertOrphan(blobId, store));
}

const insertOrphan = (blobId: string, store: StoreName) => ({
  name: 'add_orphan',
  text: 'insert into file_orphan (blob_id, store) values ($1, $2)',
  values: [blobId, store],
});
