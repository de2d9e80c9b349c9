import { type Checkpoint, parseCheckpoint } from './note/checkpoint.ts';
import type { Verifier } from './note/keys.ts';
import { parseNote } from './note/note.ts';
import { verifiedSignatures } from './note/open.ts';
import { reject } from './verification-error.ts';

/** What somebody believes before they look at a proof. */
export interface Policy {
  origin: string;
  /** The log's keys: also previous ones, whose checkpoints stay good. */
  log: readonly Verifier[];
  /** Keys of the witnesses that are trusted. */
  witnesses: readonly Verifier[];
  /** How many of the witnesses must have cosigned. */
  quorum: number;
}

export interface OpenedCheckpoint extends Checkpoint {
  cosignatures: readonly { witness: string; seconds: number }[];
}

/**
 * Reads a checkpoint and believes it as far as the policy does.
 * @throws VerificationError that names the first reason not to
 */
export function openCheckpoint(note: string | Uint8Array, policy: Policy): OpenedCheckpoint {
  const { origin, log, witnesses, quorum } = policy;
  const parsed = parseNote(note);
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint.origin !== origin)
    reject(`the checkpoint is of the log ${checkpoint.origin}, not of ${origin}`);
  if (verifiedSignatures(parsed, log).length === 0) reject(`no key of ${origin} has signed the checkpoint`);
  const cosignatures = verifiedSignatures(parsed, witnesses).map(({ verifier, seconds }) => ({
    witness: verifier.name,
    seconds,
  }));
  const names = new Set(cosignatures.map(({ witness }) => witness));
  if (names.size < quorum)
    reject(`${names.size} of the trusted witnesses have cosigned the checkpoint; ${quorum} must`);
  return { ...checkpoint, cosignatures };
}
