import {
  type Checkpoint,
  decodeBase64,
  HASH_BYTES,
  type Hash,
  type Note,
  parseCheckpoint,
  parseNote,
  VerificationError,
} from '@lienthong/transparency-log';

/** C2SP tlog-witness, the body of add-checkpoint. */
export interface AddCheckpoint {
  /** The size that the log believes this witness to have cosigned last. */
  oldSize: number;
  proof: readonly Hash[];
  note: Note;
  checkpoint: Checkpoint;
}

/** 63 lines of a proof, and a note with as many signatures as one may have. */
export const MAX_REQUEST_BYTES = 64 * 1024;
const MAX_HASHES = 63;

/** @throws VerificationError when the body does not follow the format */
export function parseAddCheckpoint(body: Buffer): AddCheckpoint {
  const blank = body.indexOf('\n\n');
  if (blank < 0) throw new VerificationError('the body has a blank line before the checkpoint');
  const [first = '', ...lines] = body.subarray(0, blank).toString('latin1').split('\n');
  const oldSize = Number(/^old (0|[1-9]\d{0,15})$/.exec(first)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(oldSize)) throw new VerificationError('the body begins with a line "old N"');
  if (lines.length > MAX_HASHES) throw new VerificationError(`a proof has at most ${MAX_HASHES} lines`);
  const proof = lines.map((line, n) => {
    const hash = decodeBase64(line, `hash ${n} of the proof`);
    if (hash.length !== HASH_BYTES) throw new VerificationError(`hash ${n} of the proof must have 32 bytes`);
    return hash;
  });
  const note = parseNote(body.subarray(blank + 2));
  return { oldSize, proof, note, checkpoint: parseCheckpoint(note.text) };
}
