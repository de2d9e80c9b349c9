import type { Database, Reader } from '@lienthong/kit';
import type { StoreName } from '../blobs/blob-store.ts';

/** Content that is stored whole. */
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
 * A file that is uploaded again, whose time without use starts from now: the sweep leaves it alone for as long as an
 * upload may take. One statement, so that a sweep comes before it as a whole or after it.
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

/** Notes that an agency has shown to have the content; resolves to false when that was known. */
export async function addUploader(db: Database, sha256: string, agencyId: string): Promise<boolean> {
  const rows = await db.query(uploader(sha256, agencyId));
  return rows.length > 0;
}

const uploader = (sha256: string, agencyId: string) => ({
  name: 'add_uploader',
  text: 'insert into file_uploader (sha256, agency_id) values ($1, $2) on conflict do nothing returning 1',
  values: [digestOf(sha256), agencyId],
});

/**
 * Makes a whole blob the file of its digest. When the same content was stored meanwhile, the blob stays an orphan: the
 * primary key lets one of several uploaders win, the others wait for its commit. Resolves to true when this one has won.
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
      throw new Error(`the upload of blob ${file.blobId} was swept away while it ran`);
    if (linked.length === 0) tx.send(orphan(file.blobId, file.store));
    if (agencyId !== undefined) tx.send(uploader(file.sha256, agencyId));
    return linked.length > 0;
  });

/**
 * Gives a file another blob, which becomes it; the one before becomes an orphan. Resolves to false when the file has
 * gone or was moved meanwhile: then the new blob stays an orphan.
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

/** The next files, by digest, that are kept elsewhere than in a store. Index file_by_store. */
export const filesOutside = (
  reader: Reader,
  store: StoreName,
  after: string,
  limit: number,
): Promise<StoredFile[]> =>
  reader.query<StoredFile>({
    name: 'files_outside',
    text: `select ${FILE_COLUMNS} from file f where f.store = $1 and f.sha256 > $2 order by f.sha256 limit $3`,
    values: [store === 's3' ? 'postgresql' : 's3', digestOf(after), limit],
  });

/** Names a blob before its first byte, so that whatever an upload leaves behind can be found. */
export async function beginBlob(db: Database, blobId: string, store: StoreName): Promise<void> {
  await db.query(orphan(blobId, store));
}

const orphan = (blobId: string, store: StoreName) => ({
  name: 'add_orphan',
  text: 'insert into file_orphan (blob_id, store) values ($1, $2)',
  values: [blobId, store],
});
