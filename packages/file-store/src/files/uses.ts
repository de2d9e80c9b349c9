/** The files that aggregates carry, for the commands of a service. */
import type { Tx } from '@lienthong/kit';
import { digestOf } from './files.ts';

/** An aggregate that carries a file, or does not any more. */
export interface FileUse {
  sha256: string;
  ownerId: string;
}

/**
 * The digests among these whose content is stored. Until the transaction ends the sweep leaves these files alone;
 * commands that use the same file do not wait for each other.
 */
export async function lockFiles(tx: Tx, digests: Iterable<string>): Promise<Set<string>> {
  const wanted = [...new Set(digests)];
  if (wanted.length === 0) return new Set();
  const rows = await tx.query<{ sha256: string }>({
    name: 'lock_files',
    text: `select encode(sha256, 'hex') as sha256 from file where sha256 = any($1::bytea[])
            order by file.sha256 for key share`,
    values: [wanted.map(digestOf)],
  });
  return new Set(rows.map(({ sha256 }) => sha256));
}

/** Notes what carries files from now on; the transaction has locked them. */
export function addUses(tx: Tx, uses: readonly FileUse[]): void {
  if (uses.length === 0) return;
  const digests = uses.map(({ sha256 }) => digestOf(sha256));
  tx.send({
    name: 'add_file_uses',
    text: `insert into file_use (sha256, owner_id) select * from unnest($1::bytea[], $2::uuid[]) on conflict do nothing`,
    values: [digests, uses.map(({ ownerId }) => ownerId)],
  });
  tx.send({
    name: 'mark_files_used',
    // Sorted, so that two transactions lock them in one order.
    text: `update file set unused_since = null
            where sha256 in (select sha256 from file where sha256 = any($1::bytea[]) and unused_since is not null
                              order by sha256 for no key update)`,
    values: [digests],
  });
}

/**
 * Ends uses; a file that nothing carries any more is swept after its grace time. The lock, which a new use does not wait
 * for, lets of two transactions that end the last two uses the second one see that the first one's has ended.
 */
export function endUses(tx: Tx, uses: readonly FileUse[]): void {
  if (uses.length === 0) return;
  const digests = uses.map(({ sha256 }) => digestOf(sha256));
  tx.send({
    name: 'lock_files_to_end',
    text: 'select from file where sha256 = any($1::bytea[]) order by sha256 for no key update',
    values: [digests],
  });
  tx.send({
    name: 'end_file_uses',
    text: `delete from file_use u using unnest($1::bytea[], $2::uuid[]) as gone (sha256, owner_id)
            where u.sha256 = gone.sha256 and u.owner_id = gone.owner_id`,
    values: [digests, uses.map(({ ownerId }) => ownerId)],
  });
  tx.send({
    name: 'mark_files_unused',
    text: `update file f set unused_since = now()
            where f.sha256 = any($1::bytea[]) and f.unused_since is null
              and not exists (select from file_use u where u.sha256 = f.sha256)`,
    values: [digests],
  });
}
