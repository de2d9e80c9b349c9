import type { Hash } from './hash.ts';
import { checkSize, completeSubtrees, foldSubtrees, type NodeId, type ReadNodes, splitOf } from './nodes.ts';

/** The leaves from `start` to, not including, `end`, whose hash is one line of a proof. */
type Range = readonly [start: number, end: number];

/** The root of the first `size` leaves, RFC 6962, section 2.1. */
export async function rootAt(read: ReadNodes, size: number): Promise<Hash> {
  checkSize(size);
  const [root] = await readRanges(read, [[0, size]]);
  return root as Hash;
}

/**
 * The audit path of a leaf, from its sibling up, RFC 6962, section 2.1.1.
 * @throws RangeError when the tree of the size has no such leaf
 */
export function proveInclusion(read: ReadNodes, index: number, size: number): Promise<Hash[]> {
  checkSize(size);
  checkSize(index, 'index');
  if (index >= size) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  return readRanges(read, auditPath(index, [0, size]));
}

/**
 * The consistency proof between the trees of two sizes, RFC 6962, section 2.1.2. Empty from size 0 and between equal
 * sizes: there is nothing to prove.
 * @throws RangeError when the first tree is larger than the second
 */
export function proveConsistency(read: ReadNodes, first: number, second: number): Promise<Hash[]> {
  checkSize(first, 'first');
  checkSize(second, 'second');
  if (first > second) throw new RangeError(`a tree of ${second} leaves does not contain one of ${first}`);
  return readRanges(read, first === 0 ? [] : consistencyPath(first, [0, second], true));
}

function auditPath(index: number, [start, end]: Range): Range[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...auditPath(index, [start, middle]), [middle, end]]
    : [...auditPath(index, [middle, end]), [start, middle]];
}

/** What a reader of some leaves needs besides them to make the root: RFC 6962's hashes of what is before and after. */
export interface RangeProof {
  before: readonly Hash[];
  after: readonly Hash[];
}

/**
 * The complete subtrees before and after the leaves from `start` to, not including, `end`: `frontierOf(start, before)`,
 * then the leaves, then `appendSubtrees(…, after, size)` is the frontier of the tree.
 * @throws RangeError when the tree of the size has no such leaves
 */
export async function proveRange(
  read: ReadNodes,
  start: number,
  end: number,
  size: number,
): Promise<RangeProof> {
  checkSize(start, 'start');
  checkSize(size);
  if (start > end || end > size)
    throw new RangeError(`a tree of ${size} leaves has no range from ${start} to ${end}`);
  const before = completeSubtrees(0, start);
  const ids = [...before, ...completeSubtrees(end, size)];
  const hashes = ids.length === 0 ? [] : await read(ids);
  return { before: hashes.slice(0, before.length), after: hashes.slice(before.length) };
}

/** `whole`: the verifier knows the hash of these leaves, because they are the whole first tree. */
function consistencyPath(first: number, [start, end]: Range, whole: boolean): Range[] {
  if (first === end) return whole ? [] : [[start, end]];
  const middle = start + splitOf(end - start);
  return first <= middle
    ? [...consistencyPath(first, [start, middle], whole), [middle, end]]
    : [...consistencyPath(first, [middle, end], false), [start, middle]];
}

async function readRanges(read: ReadNodes, ranges: readonly Range[]): Promise<Hash[]> {
  const subtrees = ranges.map(([start, end]) => completeSubtrees(start, end));
  const ids: NodeId[] = subtrees.flat();
  const hashes = ids.length === 0 ? [] : await read(ids);
  let at = 0;
  return subtrees.map((nodes) => {
    const from = at;
    at += nodes.length;
    return foldSubtrees(hashes.slice(from, at));
  });
}
