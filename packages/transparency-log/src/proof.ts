import { decodeBase64 } from './note/base64.ts';
import { MAX_NOTE_BYTES } from './note/note.ts';
import { type OpenedCheckpoint, openCheckpoint, type Policy } from './policy.ts';
import { HASH_BYTES, type Hash, leafHash } from './tree/hash.ts';
import { verifyInclusion } from './tree/verify.ts';
import { reject } from './verification-error.ts';

/** C2SP tlog-proof: that an entry is in a log, to be verified without the log. */
export interface Proof {
  /** Opaque, and not authenticated. */
  extra: Buffer | undefined;
  /** Of the entry, from 0. */
  index: number;
  /** RFC 6962, section 2.1.1. */
  hashes: readonly Hash[];
  /** The checkpoint as the log and its witnesses have signed it. */
  checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^63 leaves has no longer path. */
const MAX_HASHES = 63;

export function formatProof({ extra, index, hashes, checkpoint }: Proof): string {
  const extraLine = extra === undefined ? '' : `extra ${extra.toString('base64')}\n`;
  const lines = hashes.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${HEADER}\n${extraLine}index ${index}\n${lines}\n${checkpoint}`;
}

/** @throws VerificationError */
export function parseProof(text: string): Proof {
  if (text.length > 2 * MAX_NOTE_BYTES) reject(`a proof has at most ${2 * MAX_NOTE_BYTES} characters`);
  const blank = text.indexOf('\n\n');
  if (blank < 0) reject('a proof has a blank line before its checkpoint');
  const [header, ...lines] = text.slice(0, blank).split('\n');
  if (header !== HEADER) reject(`a proof begins with the line ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined || !Number.isSafeInteger(Number(index)))
    reject('a proof has a line "index N" after its header');
  if (lines.length > MAX_HASHES) reject(`a proof has at most ${MAX_HASHES} hashes`);
  const hashes = lines.map((line, n) => {
    const hash = decodeBase64(line, `hash ${n} of the proof`);
    return hash.length === HASH_BYTES ? hash : reject(`hash ${n} of the proof must have 32 bytes`);
  });
  return {
    extra: extra === undefined ? undefined : decodeBase64(extra, 'the extra data of the proof'),
    index: Number(index),
    hashes,
    checkpoint: text.slice(blank + 2),
  };
}

/**
 * Verifies that a log which the policy trusts contains the entry at the index of the proof.
 * @returns the checkpoint on which it rests
 * @throws VerificationError that names the first reason not to believe it
 */
export function verifyProof(proof: Proof, entry: Uint8Array, policy: Policy): OpenedCheckpoint {
  const checkpoint = openCheckpoint(proof.checkpoint, policy);
  const { size, root } = checkpoint;
  if (!verifyInclusion(leafHash(entry), proof.index, size, proof.hashes, root))
    reject(`the entry is not leaf ${proof.index} of the tree of ${size} leaves`);
  return checkpoint;
}
