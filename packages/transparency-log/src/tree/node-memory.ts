import type { Hash } from './hash.ts';
import type { NodeId, ReadNodes } from './nodes.ts';

export interface NodeMemoryOptions {
  /** The lowest level that is remembered. Below it there are many nodes, and few proofs that share one. */
  fromLevel: number;
  /** How many nodes are remembered: those that were used last. */
  nodes: number;
}

/**
 * Remembers nodes that proofs of one log share, whatever the sizes of their trees: the hash of a complete subtree never
 * changes. Returns a function that puts the memory before a reader.
 */
export function nodeMemory({ fromLevel, nodes }: NodeMemoryOptions): (read: ReadNodes) => ReadNodes {
  // A Map keeps the order of insertion: the node that was not used for the longest time comes first.
  const known = new Map<string, Hash>();
  const keyOf = ({ level, index }: NodeId) => `${level}/${index}`;

  function remember(id: NodeId, hash: Hash): void {
    if (id.level < fromLevel) return;
    const key = keyOf(id);
    known.delete(key);
    known.set(key, hash);
    if (known.size > nodes) known.delete(known.keys().next().value as string);
  }

  return (read) => async (ids) => {
    const remembered = ids.map((id) => known.get(keyOf(id)));
    const missing = ids.filter((_, n) => remembered[n] === undefined);
    const found = (missing.length > 0 ? await read(missing) : []).values();
    return ids.map((id, n) => {
      const hash = remembered[n] ?? (found.next().value as Hash);
      remember(id, hash);
      return hash;
    });
  };
}
