import { readFile } from 'node:fs/promises';
import {
  type Checkpoint,
  parseCheckpoint,
  parseNote,
  proveConsistency,
  type ReadNodes,
  verifyConsistency,
} from '@lienthong/transparency-log';
import { replaceFile } from './durable-file.ts';

/** The tree is not one that grew from what was signed. */
export class ForkError extends Error {
  override readonly name = 'ForkError';
}

export interface KeptCheckpoint extends Checkpoint {
  note: string;
}

export const parseKept = (note: string): KeptCheckpoint => ({
  ...parseCheckpoint(parseNote(note).text),
  note,
});

/** The last signed checkpoint, in a file beside the key: a change of the database does not reach it. */
const fileOf = (keyFile: string): string => `${keyFile}.checkpoint`;

export async function readKept(keyFile: string): Promise<KeptCheckpoint | undefined> {
  try {
    return parseKept(await readFile(fileOf(keyFile), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const keep = (keyFile: string, note: string): Promise<void> => replaceFile(fileOf(keyFile), note);

const WAY_OUT =
  'the database was restored from an older backup, or its tree was replaced. Bring back the newest backup; if there is ' +
  'none, begin a log with another name (services/audit/README.md)';

/** @throws ForkError when the tree does not begin with all leaves of the signed one, which a proof decides */
export async function requireExtends(
  signed: Checkpoint,
  tree: Pick<Checkpoint, 'origin' | 'size' | 'root'>,
  nodes: ReadNodes,
): Promise<void> {
  if (signed.origin !== tree.origin)
    throw new ForkError(
      `the kept checkpoint is of the log ${signed.origin}; keep the key of ${tree.origin} in another file`,
    );
  if (signed.size > tree.size)
    throw new ForkError(
      `${signed.size} leaves are signed, and the tree in the database has ${tree.size}: ${WAY_OUT}`,
    );
  const proof = await proveConsistency(nodes, signed.size, tree.size);
  if (!verifyConsistency(signed.size, tree.size, proof, signed.root, tree.root))
    throw new ForkError(
      `the tree of ${tree.size} leaves does not begin with the ${signed.size} leaves that are signed: ${WAY_OUT}`,
    );
}
