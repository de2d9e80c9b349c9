import { VerificationError } from '@lienthong/transparency-log';

export type FaultReason =
  | 'FILE_MALFORMED'
  | 'CHECKPOINT_REFUSED'
  | 'LEAF_MISSING'
  | 'RECORD_CHANGED'
  | 'CONTENT_CHANGED'
  | 'PROOF_FALSE'
  | 'TREE_DIFFERENT'
  | 'LOG_CUT_BACK'
  | 'LOG_FORKED'
  | 'SUBJECT_DIFFERENT'
  | 'SIGNATURE_INVALID';

/** Why something is not to be believed, in both languages. The message is the English one. */
export class Fault extends Error {
  override name = 'Fault';
  readonly reason: FaultReason;
  readonly vi: string;
  /** The first leaf that is not as the log has it. */
  readonly leaf: number | undefined;

  constructor(reason: FaultReason, { vi, en, leaf }: { vi: string; en: string; leaf?: number }) {
    super(en);
    this.reason = reason;
    this.vi = vi;
    this.leaf = leaf;
  }
}

export const malformed = (vi: string, en: string): Fault => new Fault('FILE_MALFORMED', { vi, en });

/** Runs a step that rejects by a VerificationError or RangeError, and gives the rejection its reason. */
export function faultOf<T>(step: () => T, reason: FaultReason, vi: string, leaf?: number): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof VerificationError || error instanceof RangeError)) throw error;
    throw new Fault(reason, { vi: `${vi} (${error.message})`, en: error.message, leaf });
  }
}
