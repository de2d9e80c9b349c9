import { HASH_BYTES, type Hash } from '../tree/hash.ts';
import { reject } from '../verification-error.ts';
import { decodeBase64 } from './base64.ts';

/** C2SP tlog-checkpoint: what a log says about its tree. */
export interface Checkpoint {
  /** The identity of the log. */
  origin: string;
  /** Number of leaves. */
  size: number;
  root: Hash;
  /** Lines of the log's own; nobody audits them. */
  extensions: readonly string[];
}

/** The text of the note. @throws VerificationError when a line is empty or has a newline */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), root.toString('base64'), ...extensions];
  if (lines.some((line) => line === '' || line.includes('\n')))
    reject('a line of a checkpoint is empty or has a newline');
  return `${lines.join('\n')}\n`;
}

/** @throws VerificationError */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...extensions] = text.split('\n');
  if (extensions.pop() !== '' || origin === '' || extensions.includes(''))
    reject('a checkpoint has three lines or more, none of them empty');
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    reject('the second line of a checkpoint is the number of leaves');
  const hash = decodeBase64(root, 'the third line of the checkpoint');
  if (hash.length !== HASH_BYTES) reject('the third line of a checkpoint is a hash of 32 bytes');
  return { origin, size: Number(size), root: hash, extensions };
}
