import { createHash, hash as digest } from 'node:crypto';

/** A SHA-256 hash: 32 bytes. */
export type Hash = Buffer;

export const HASH_BYTES = 32;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** RFC 6962, section 2.1: the root of a tree without leaves. */
export const EMPTY_ROOT: Hash = digest('sha256', Buffer.alloc(0), 'buffer');

/** RFC 6962, section 2.1: SHA-256(0x00 || entry). */
export const leafHash = (entry: Uint8Array): Hash => createHash('sha256').update(LEAF).update(entry).digest();

/** RFC 6962, section 2.1: SHA-256(0x01 || left || right). */
export const nodeHash = (left: Hash, right: Hash): Hash =>
  digest('sha256', Buffer.concat([NODE, left, right]), 'buffer');
