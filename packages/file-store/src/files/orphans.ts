/** Blobs without a file: they are claimed, deleted in their store, then forgotten, whichever process dies in between. */
import type { Database } from '@lienthong/kit';
import type { StoreName } from '../blobs/blob-store.ts';
import type { BlobStores } from '../blobs/blob-stores.ts';

interface Orphan {
  blob_id: string;
  store: StoreName;
}

/** Deletes a blob, unless it has become the blob of a file. Where that is not final, the janitor deletes it once more. */
export async function dropOrphan(db: Database, stores: BlobStores, blobId: string): Promise<void> {
  const claimed = await db.query<Orphan>({
    name: 'claim_orphan',
    text: 'update file_orphan set dropping = true where blob_id = $1 returning blob_id, store',
    values: [blobId],
  });
  for (const { blob_id, store } of claimed) {
    await stores.of(store).drop(blob_id);
    if (stores.of(store).dropsAreFinal) await forgetOrphan(db, blob_id);
  }
}

/** Deletes blobs that nobody finished or deleted in time; resolves to how many, at most `limit`. */
export async function dropOldOrphans(
  db: Database,
  stores: BlobStores,
  { olderThanSeconds, limit }: { olderThanSeconds: number; limit: number },
): Promise<number> {
  const claimed = await db.query<Orphan>({
    name: 'claim_old_orphans',
    text: `update file_orphan set dropping = true
            where blob_id in (select blob_id from file_orphan where since < now() - make_interval(secs => $1)
                               order by since limit $2 for update skip locked)
        returning blob_id, store`,
    values: [olderThanSeconds, limit],
  });
  for (const { blob_id, store } of claimed) {
    await stores.of(store).drop(blob_id);
    await forgetOrphan(db, blob_id);
  }
  return claimed.length;
}

async function forgetOrphan(db: Database, blobId: string): Promise<void> {
  await db.query({
    name: 'forget_orphan',
    text: 'delete from file_orphan where blob_id = $1',
    values: [blobId],
  });
}
