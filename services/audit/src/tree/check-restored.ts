import { entryOf } from '@lienthong/evidence';
import type { Database } from '@lienthong/kit';
import { nodesInTiles, openCheckpoint, readVerifier, rootAt } from '@lienthong/transparency-log';
import { toRecord } from '../domain/record.ts';
import { newestCheckpoint } from '../store/checkpoints.ts';
import { countLeaves, firstLeaf, readLeaves } from '../store/leaves.ts';
import { readTiles, readTreeEntries, readTreeSize } from '../store/tiles.ts';
import { readKept, requireExtends } from './kept-checkpoint.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface RestoredAuditLog {
  /** Entries that were ever recorded. */
  entries: number;
  /** Leaves of the tree. */
  size: number;
  /** Leaves of the newest checkpoint in the database; 0 without one. */
  checkpoint: number;
  /** Leaves of the checkpoint that is kept beside the key; undefined without one. */
  kept: number | undefined;
  /** Leaves that were signed and that the tree does not have. */
  lost: number;
}

/** The last entries, which are compared with the tree one by one. */
const COMPARED = { limit: 2_048, maxBytes: 16 * 1024 * 1024 };

/**
 * Compares a restored log with what it signed: its newest checkpoint, its last entries, and the checkpoint beside the key.
 * Reads only.
 * @throws Error when the tree, an entry or a checkpoint is not what was signed; a tree that is too short is no error
 */
export async function checkRestoredLog(db: Database, keys: SigningKeys): Promise<RestoredAuditLog> {
  const { origin } = keys;
  const [entries, size] = [await countLeaves(db), await readTreeSize(db)];
  const nodes = nodesInTiles(readTiles(db), size);
  const row = await newestCheckpoint(db, origin, { published: false });
  if (row !== undefined) await checkCheckpoint(row.note);
  await compareEntries(db, size);
  const kept = await readKept(keys.file);
  if (kept !== undefined && kept.size <= size)
    await requireExtends(kept, { origin, size, root: await rootAt(nodes, size) }, nodes);
  return {
    entries,
    size,
    checkpoint: row?.size ?? 0,
    kept: kept?.size,
    lost: Math.max(0, (kept?.size ?? 0) - size),
  };

  async function checkCheckpoint(note: string): Promise<void> {
    const log = keys.signers.map(({ verifierKey }) => readVerifier(verifierKey));
    const signed = openCheckpoint(note, { origin, log, witnesses: [], quorum: 0 });
    await requireExtends(signed, { origin, size, root: await rootAt(nodes, size) }, nodes);
  }
}

async function compareEntries(db: Database, size: number): Promise<void> {
  const from = Math.max(await firstLeaf(db), size - COMPARED.limit);
  if (from >= size) return;
  const rows = (await readLeaves(db, from, COMPARED)).filter(({ leaf }) => leaf < size);
  const inTree = await readTreeEntries(db, from, from + rows.length);
  rows.forEach((one, n) => {
    if (one.leaf !== from + n || !entryOf(toRecord(one)).equals(inTree[n] as Buffer))
      throw new Error(`audit entry ${from + n} is not what the tree has there`);
  });
}
