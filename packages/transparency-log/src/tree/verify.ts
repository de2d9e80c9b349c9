import { EMPTY_ROOT, HASH_BYTES, type Hash, nodeHash } from './hash.ts';
import { checkSize } from './nodes.ts';

/**
 * Whether a proof shows that the tree of a size and root has the leaf at the index. The algorithm of RFC 9162, section
 * 2.1.3.2; it shares nothing with the one that makes proofs.
 * @throws RangeError when an index or size is not a whole number
 */
export function verifyInclusion(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  checkSize(size);
  checkSize(index, 'index');
  if (index >= size || !areHashes([leaf, ...proof])) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // The last node of a level without a sibling moves up as it is.
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else hash = nodeHash(hash, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/**
 * Whether a proof shows that the second tree begins with all leaves of the first, in the same order: RFC 9162, section
 * 2.1.4.2. A tree without leaves is the beginning of every tree.
 * @throws RangeError when a size is not a whole number
 */
export function verifyConsistency(
  first: number,
  second: number,
  proof: readonly Hash[],
  firstRoot: Hash,
  secondRoot: Hash,
): boolean {
  checkSize(first, 'first');
  checkSize(second, 'second');
  if (first > second || !areHashes([firstRoot, secondRoot, ...proof])) return false;
  if (first === 0) return proof.length === 0 && firstRoot.equals(EMPTY_ROOT);
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  if (proof.length === 0) return false;
  let node = first - 1;
  let last = second - 1;
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  // A first tree of 2^k leaves is a node of the second: its hash is known, and not part of the proof.
  const [start, ...rest] = node === 0 ? [firstRoot, ...proof] : proof;
  let ofFirst = start as Hash;
  let ofSecond = start as Hash;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      ofFirst = nodeHash(sibling, ofFirst);
      ofSecond = nodeHash(sibling, ofSecond);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else ofSecond = nodeHash(ofSecond, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && ofFirst.equals(firstRoot) && ofSecond.equals(secondRoot);
}

const areHashes = (hashes: readonly Hash[]): boolean => hashes.every(({ length }) => length === HASH_BYTES);

const half = (n: number): number => Math.floor(n / 2);
