import { EMPTY_ROOT, type Hash, nodeHash } from './hash.ts';

/**
 * A complete subtree of the tree. Level 0 is a leaf; the subtree has the leaves `index`·2^`level` up to, not including,
 * (`index` + 1)·2^`level`. Its hash never changes once the tree has grown past it.
 */
export interface NodeId {
  level: number;
  index: number;
}

export interface TreeNode extends NodeId {
  hash: Hash;
}

/** Resolves to the hashes of nodes, in the order of their ids. It is called once for all nodes of a proof. */
export type ReadNodes = (ids: readonly NodeId[]) => Promise<readonly Hash[]>;

/** The largest power of two below n; n is at least 2. RFC 6962 divides a tree of n leaves after so many. */
export function splitOf(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** The complete subtrees that make up the leaves from `start` to, not including, `end`: from left to right. */
export function completeSubtrees(start: number, end: number): NodeId[] {
  const ids: NodeId[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    let leaves = 1;
    while (at % (leaves * 2) === 0 && at + leaves * 2 <= end) {
      leaves *= 2;
      level += 1;
    }
    ids.push({ level, index: at / leaves });
    at += leaves;
  }
  return ids;
}

/** The hash above complete subtrees of falling size: of the leaves `completeSubtrees` took apart. */
export function foldSubtrees(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1);
  if (last === undefined) return EMPTY_ROOT;
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** @throws RangeError when the size is not a whole number from 0 to 2^53 − 1 */
export function checkSize(size: number, name = 'size'): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new RangeError(`${name} must be a whole number from 0 to 2^53 - 1; it is ${size}`);
}
