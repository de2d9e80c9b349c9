import type { Database } from '@lienthong/kit';
import {
  type Frontier,
  formatCheckpoint,
  formatNote,
  nodesInTiles,
  rootOf,
} from '@lienthong/transparency-log';
import { addCheckpoint, newestCheckpoint } from '../store/checkpoints.ts';
import { readTiles, readTreeSize } from '../store/tiles.ts';
import { type KeptCheckpoint, keep, parseKept, readKept, requireExtends } from './kept-checkpoint.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface SigningDeps {
  db: Database;
  keys: SigningKeys;
  /** How many witnesses must cosign a checkpoint before it is published. */
  quorum: number;
}

/**
 * Signs the tree, unless it is signed already.
 *
 * The signature is kept beside the key before anybody sees it: a process that ends in between signs nothing else later.
 * @throws ForkError when the tree does not extend the last signed one
 */
export async function signTree(deps: SigningDeps, frontier: Frontier): Promise<void> {
  const { db, keys, quorum } = deps;
  const { origin, signers } = keys;
  const { size } = frontier;
  const tree = { origin, size, root: rootOf(frontier) };
  const last = await lastSigned(deps);
  // Also what a paused process finds that another one has overtaken.
  if ((await readTreeSize(db)) !== size) throw new Error('another process has grown the tree');
  if (last) await requireExtends(last, tree, nodesInTiles(readTiles(db), size));
  if (last?.size === size) return addCheckpoint(db, { origin, size, note: last.note, quorum });
  if (size === 0) return;
  const text = formatCheckpoint({ ...tree, extensions: [] });
  const note = formatNote({ text, signatures: signers.map((signer) => signer.sign(text, 0)) });
  await keep(keys.file, note);
  await addCheckpoint(db, { origin, size, note, quorum });
}

/** A machine that signs for the first time has no file yet: it goes on from the checkpoint in the database. */
async function lastSigned({ db, keys }: SigningDeps): Promise<KeptCheckpoint | undefined> {
  const kept = await readKept(keys.file);
  if (kept) return kept;
  const row = await newestCheckpoint(db, keys.origin, { published: false });
  return row && parseKept(row.note);
}
