import type { Database } from '@lienthong/kit';
import type { HttpClient } from '@lienthong/outbound';
import {
  formatNote,
  nodesInTiles,
  parseNote,
  proveConsistency,
  VerificationError,
  verifiedSignatures,
} from '@lienthong/transparency-log';
import type { CheckpointRow } from '../store/checkpoints.ts';
import { readTiles } from '../store/tiles.ts';
import type { Witness } from './witness.ts';

/** What came of a request to a witness. */
export type Reply =
  | { kind: 'cosigned'; line: string }
  /** It knows the log at another size: the request is made again from there. */
  | { kind: 'elsewhere'; size: number }
  /** It has seen a tree that ours does not extend. */
  | { kind: 'disagrees'; problem: string }
  | { kind: 'failed'; problem: string };

/**
 * Asks a witness to cosign a checkpoint: C2SP tlog-witness, add-checkpoint.
 * @param oldSize the size that the witness has cosigned last, as far as is known
 */
export async function askWitness(
  { db, http, signal }: { db: Database; http: HttpClient; signal: AbortSignal },
  witness: Witness,
  { size, note }: CheckpointRow,
  oldSize: number,
): Promise<Reply> {
  const proof = await proveConsistency(nodesInTiles(readTiles(db), size), oldSize, size);
  const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  const response = await http.send({
    url: `${witness.url}/add-checkpoint`,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: `old ${oldSize}\n${hashes}\n${note}`,
    signal,
  });
  const { status, text, cause } = response;
  switch (status) {
    case 200:
      return readCosignature(witness, note, text);
    case 409: {
      const known = /^(0|[1-9]\d{0,15})\n$/.exec(text)?.[1];
      if (known === undefined || Number(known) === oldSize)
        return { kind: 'disagrees', problem: `it has cosigned another tree of ${oldSize} leaves` };
      return Number(known) > size
        ? { kind: 'disagrees', problem: `it has cosigned ${known} leaves, and the log has signed ${size}` }
        : { kind: 'elsewhere', size: Number(known) };
    }
    case 422:
      return {
        kind: 'disagrees',
        problem: `the tree does not extend the ${oldSize} leaves that it has cosigned`,
      };
    default:
      return { kind: 'failed', problem: cause };
  }
}

/** The line that the witness's key has signed; other lines of its reply count for nothing. */
function readCosignature({ name, verifier }: Witness, note: string, text: string): Reply {
  try {
    const cosigned = parseNote(`${parseNote(note).text}\n${text}`);
    const signatures = cosigned.signatures.filter((one) => one.name === name && one.keyId === verifier.keyId);
    const line = formatNote({ text: '', signatures: signatures.slice(0, 1) }).slice(1);
    if (verifiedSignatures(cosigned, [verifier]).length > 0) return { kind: 'cosigned', line };
    return { kind: 'failed', problem: 'its reply has no cosignature by its key' };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return { kind: 'failed', problem: `its reply is not a cosignature: ${error.message}` };
  }
}
