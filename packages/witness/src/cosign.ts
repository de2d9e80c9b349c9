import {
  EMPTY_ROOT,
  formatNote,
  parseCheckpoint,
  parseNote,
  type Signer,
  VerificationError,
  type Verifier,
  verifiedSignatures,
  verifyConsistency,
} from '@lienthong/transparency-log';
import { type AddCheckpoint, parseAddCheckpoint } from './request.ts';
import type { WitnessState } from './state.ts';

export interface Reply {
  status: number;
  type?: 'text/x.tlog.size';
  body: string;
}

export interface Cosigner {
  signer: Signer;
  /** The keys of each log, by its origin. */
  logs: ReadonlyMap<string, readonly Verifier[]>;
  state: WitnessState;
  log(line: string): void;
}

/**
 * C2SP tlog-witness add-checkpoint: cosigns a checkpoint whose tree begins with all of the tree that was cosigned last.
 * It does everything in one turn, so that no other request comes between the check and the write.
 * @param seconds since 1970
 */
export function addCheckpoint(body: Buffer, seconds: number, { signer, logs, state, log }: Cosigner): Reply {
  let request: AddCheckpoint;
  try {
    request = parseAddCheckpoint(body);
  } catch (error) {
    return { status: 400, body: messageOf(error) };
  }
  const { oldSize, proof, note, checkpoint } = request;
  const { origin, size, root } = checkpoint;
  const keys = logs.get(origin);
  if (keys === undefined) return { status: 404, body: 'this witness does not know the log\n' };
  if (!isSigned(note, keys))
    return { status: 403, body: 'no trusted key of the log has signed the checkpoint\n' };
  if (oldSize > size) return { status: 400, body: 'the old size is larger than that of the checkpoint\n' };

  const last = state.lastOf(origin);
  const lastSize = last?.size ?? 0;
  const lastRoot = last ? parseCheckpoint(parseNote(last.note).text).root : EMPTY_ROOT;
  const signed = formatNote(note);
  if (size === lastSize && !root.equals(lastRoot)) {
    log(`FORK: ${origin} has signed another tree of ${size} leaves; both are kept in the state`);
    state.keepFork(origin, size, signed);
    return conflict(lastSize);
  }
  if (oldSize !== lastSize) return conflict(lastSize);
  if (!verifyConsistency(lastSize, size, proof, lastRoot, root)) {
    log(`refused: ${origin} does not prove that its tree of ${size} leaves extends that of ${lastSize}`);
    return { status: 422, body: 'the consistency proof does not verify\n' };
  }
  if (!state.replaceLast(origin, oldSize, size, signed)) return conflict(state.lastOf(origin)?.size ?? 0);
  return { status: 200, body: linesOf(note.text, signer, seconds) };
}

const conflict = (size: number): Reply => ({ status: 409, type: 'text/x.tlog.size', body: `${size}\n` });

function isSigned(note: AddCheckpoint['note'], keys: readonly Verifier[]): boolean {
  try {
    return verifiedSignatures(note, keys).length > 0;
  } catch (error) {
    messageOf(error);
    return false;
  }
}

/** The witness's signature lines: those of a note without the note's text. */
const linesOf = (text: string, signer: Signer, seconds: number): string =>
  formatNote({ text, signatures: [signer.sign(text, seconds)] }).slice(text.length + 1);

/** @throws what is not a VerificationError: a fault of the program, not of the request */
function messageOf(error: unknown): string {
  if (!(error instanceof VerificationError)) throw error;
  return `${error.message}\n`;
}
