/** What seals papers in a thread: the hash of a full register takes a tenth of a second. */
import type { KeyObject } from 'node:crypto';
import { keySigner, signPdf } from '@lienthong/signatures';

export interface Seal {
  /** A handle: the key's bytes are in no message. */
  key: KeyObject;
  /** PEM; the seal's own certificate first. */
  certificates: string;
}

export const sealPdf = (pdf: Uint8Array, seal: Seal, at: Date): Promise<Uint8Array> =>
  signPdf(pdf, keySigner(seal), at);
