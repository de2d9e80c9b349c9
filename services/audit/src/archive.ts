import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { verifyExport } from '@lienthong/evidence';
import type { Database } from '@lienthong/kit';
import { readVerifier } from '@lienthong/transparency-log';
import { exportEntries } from './export.ts';
import { newestCheckpoint } from './store/checkpoints.ts';
import { firstLeaf } from './store/leaves.ts';
import { removeEntries } from './store/remove.ts';
import { syncFolder } from './tree/durable-file.ts';
import type { SigningKeys } from './tree/signing-keys.ts';

export interface ArchiveOptions {
  /** Opened as the owner of the schema: the service's own role removes nothing. */
  db: Database;
  keys: SigningKeys;
  /** The first leaf that stays. */
  before: number;
  /** Must not be there yet. */
  file: string;
}

/**
 * Moves the entries before a leaf into an export file: writes it, reads it again and verifies it against the newest
 * published checkpoint, and only then removes the rows. Tiles stay, so old proofs verify, and new proofs are made from the
 * file and the tiles.
 * @returns the range that was moved
 * @throws Fault when an entry is not as the log has it; then nothing is removed
 */
export async function archiveEntries({
  db,
  keys,
  before,
  file,
}: ArchiveOptions): Promise<{ from: number; to: number }> {
  const checkpoint = await newestCheckpoint(db, keys.origin, { published: true });
  const from = await firstLeaf(db);
  if (checkpoint === undefined || before > checkpoint.size)
    throw new Error(`the newest checkpoint covers ${checkpoint?.size ?? 0} leaves; archive no further`);
  if (before <= from) throw new Error(`the entries before ${from} are archived already`);
  const part = `${file}.part`;
  const draft = await open(part, 'wx', 0o600);
  try {
    for await (const lines of exportEntries(db, { from, to: before, checkpoint }))
      await draft.appendFile(lines);
    await draft.sync();
    await verifyFile(part, keys);
    // A link never replaces an earlier archive, which may be the only copy of its entries.
    await link(part, file);
  } finally {
    await draft.close();
    await rm(part);
  }
  await syncFolder(dirname(file));
  await removeEntries(db, before);
  return { from, to: before };
}

async function verifyFile(file: string, { origin, signers }: SigningKeys): Promise<void> {
  const log = signers.map(({ verifierKey }) => readVerifier(verifierKey));
  const written = await open(file);
  try {
    const policy = { origin, log, witnesses: [], quorum: 0 };
    await verifyExport(written.readLines({ autoClose: false }), { policy });
  } finally {
    await written.close();
  }
}
