import { hash as digest } from 'node:crypto';

/** A SHA-256 hash: 32 bytes. */
export type Hash = Buffer;

export const HASH_BYTES = 32;

/** RFC 6962, section 2.1: the root of a tree without leaves. */
export const EMPTY_ROOT: Hash = digest('sha256', Buffer.alloc(0), 'buffer');

// One buffer for all: nothing else runs between its being filled and its digest.
const leaf = Buffer.alloc(1 + HASH_BYTES);
const LEAF = Buffer.of(0);

/** RFC 6962, section 2.1: SHA-256(0x00 || entry). The platform's entries are hashes themselves. */
export function leafHash(entry: Uint8Array): Hash {
  if (entry.length !== HASH_BYTES) return digest('sha256', Buffer.concat([LEAF, entry]), 'buffer');
  leaf.set(entry, 1);
  return digest('sha256', leaf, 'buffer');
}

// As for leaves.
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** RFC 6962, section 2.1: SHA-256(0x01 || left || right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  left.copy(node, 1);
  right.copy(node, 1 + HASH_BYTES);
  return digest('sha256', node, 'buffer');
}

/** The root of a complete tree, whose leaves' hashes lie side by side. */
export function rootOfComplete(hashes: Buffer): Hash {
  let level = hashes;
  while (level.length > HASH_BYTES) {
    const above = Buffer.allocUnsafe(level.length / 2);
    for (let at = 0; at < level.length; at += 2 * HASH_BYTES) {
      level.copy(node, 1, at, at + 2 * HASH_BYTES);
      digest('sha256', node, 'buffer').copy(above, at / 2);
    }
    level = above;
  }
  return level;
}
