import type { Database } from '@lienthong/kit';

/**
 * Deletes files that nothing has carried for so long; their blobs become orphans, so that downloads in progress can end.
 * Resolves to how many files it looked at, at most `limit`.
 *
 * A command that starts to use a file holds its row: the sweep passes such a file over. One that comes later waits, and
 * finds no file. The uses are read under the lock, by a statement of their own, so that none is missed.
 */
export const sweepUnused = (
  db: Database,
  { olderThanSeconds, limit }: { olderThanSeconds: number; limit: number },
): Promise<number> =>
  db.transaction(async (tx) => {
    const files = await tx.query<{ sha256: Buffer }>({
      name: 'lock_unused_files',
      text: `select sha256 from file where unused_since < now() - make_interval(secs => $1)
              order by unused_since limit $2 for update skip locked`,
      values: [olderThanSeconds, limit],
    });
    if (files.length === 0) return 0;
    tx.send({
      name: 'sweep_files',
      text: `with used as (
                    update file f set unused_since = null
                     where sha256 = any($1::bytea[]) and exists (select from file_use u where u.sha256 = f.sha256)),
                  gone as (
                    delete from file f
                     where sha256 = any($1::bytea[]) and not exists (select from file_use u where u.sha256 = f.sha256)
                 returning blob_id, store)
             insert into file_orphan (blob_id, store) select blob_id, store from gone`,
      values: [files.map(({ sha256 }) => sha256)],
    });
    return files.length;
  });
