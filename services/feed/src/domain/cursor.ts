import { createHash } from 'node:crypto';

const SEQ_BYTES = 6;
const CHECK_BYTES = 6;

/** Names the place after an event, for clients to keep; valid only for the feed that gave it. */
export function encodeCursor(feedId: string, seq: number): string {
  const bytes = Buffer.alloc(SEQ_BYTES + CHECK_BYTES);
  bytes.writeUIntBE(seq, 0, SEQ_BYTES);
  checkOf(feedId, bytes.subarray(0, SEQ_BYTES)).copy(bytes, SEQ_BYTES);
  return bytes.toString('base64url');
}

/** The number in a cursor; undefined when the cursor does not belong to this feed. */
export function decodeCursor(feedId: string, cursor: string): number | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== SEQ_BYTES + CHECK_BYTES || bytes.toString('base64url') !== cursor) return undefined;
  const seq = bytes.subarray(0, SEQ_BYTES);
  return checkOf(feedId, seq).equals(bytes.subarray(SEQ_BYTES)) ? seq.readUIntBE(0, SEQ_BYTES) : undefined;
}

const checkOf = (feedId: string, seq: Buffer): Buffer =>
  createHash('sha256').update(feedId).update(seq).digest().subarray(0, CHECK_BYTES);
