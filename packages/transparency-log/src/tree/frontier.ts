import { HASH_BYTES, type Hash, nodeHash } from './hash.ts';
import { completeSubtrees, foldSubtrees, type TreeNode } from './nodes.ts';

/** What a tree needs to grow: its size, and the hashes of the complete subtrees that its leaves make up. */
export interface Frontier {
  size: number;
  hashes: readonly Hash[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

export interface Growth {
  frontier: Frontier;
  /** The complete subtrees that are new, each after its children. */
  nodes: readonly TreeNode[];
}

/** @throws RangeError when the hashes are not those of a tree of the size */
export function frontierOf(size: number, hashes: readonly Hash[]): Frontier {
  const expected = completeSubtrees(0, size).length;
  if (hashes.length !== expected || hashes.some(({ length }) => length !== HASH_BYTES))
    throw new RangeError(`a tree of ${size} leaves has ${expected} hashes of 32 bytes in its frontier`);
  return { size, hashes };
}

/** The root of a tree, RFC 6962, section 2.1. */
export const rootOf = ({ hashes }: Frontier): Hash => foldSubtrees(hashes);

/** Adds leaves on the right: about two hashes each, whatever the size of the tree. */
export function appendLeaves(frontier: Frontier, leaves: readonly Hash[]): Growth {
  const hashes = [...frontier.hashes];
  const nodes: TreeNode[] = [];
  let { size } = frontier;
  for (const hash of leaves) {
    addNode(hashes, { level: 0, index: size, hash }, nodes);
    size += 1;
  }
  return { frontier: { size, hashes }, nodes };
}

/**
 * Adds the complete subtrees that make up the leaves up to, not including, `end`.
 * @throws RangeError when the hashes are not as many
 */
export function appendSubtrees(frontier: Frontier, subtrees: readonly Hash[], end: number): Frontier {
  const ids = completeSubtrees(frontier.size, end);
  if (ids.length !== subtrees.length)
    throw new RangeError(
      `the leaves from ${frontier.size} to ${end} are ${ids.length} subtrees, not ${subtrees.length}`,
    );
  const hashes = [...frontier.hashes];
  ids.forEach((id, n) => {
    addNode(hashes, { ...id, hash: subtrees[n] as Hash }, []);
  });
  return { size: end, hashes };
}

/** Adds a node on the right of a frontier's hashes, and to `made` the nodes that this completes. */
function addNode(hashes: Hash[], added: TreeNode, made: TreeNode[]): void {
  let node = added;
  made.push(node);
  // A node with an odd index is a right child: its sibling on the left is the last hash of the frontier.
  while (node.index % 2 === 1) {
    const hash = nodeHash(hashes.pop() as Hash, node.hash);
    node = { level: node.level + 1, index: (node.index - 1) / 2, hash };
    made.push(node);
  }
  hashes.push(node.hash);
}
