import { createHash } from 'node:crypto';
import {
  appendLeaves,
  EMPTY_FRONTIER,
  type Hash,
  leafHash,
  type NodeId,
  type ReadNodes,
} from '../src/index.ts';

export const hex = (text: string): Hash => Buffer.from(text, 'hex');
export const entryOf = (n: number): Buffer => Buffer.from(`mục ${n}`);
export const entriesOf = (size: number, entry: (n: number) => Buffer = entryOf): Buffer[] =>
  Array.from({ length: size }, (_, n) => entry(n));

const keyOf = ({ level, index }: NodeId) => `${level}/${index}`;

/** A tree in memory: the nodes that appending has made, and no others. */
export function treeOf(entries: readonly Uint8Array[]): ReadNodes {
  const { nodes } = appendLeaves(EMPTY_FRONTIER, entries.map(leafHash));
  const byKey = new Map(nodes.map((node) => [keyOf(node), node.hash]));
  return async (ids) =>
    ids.map((id) => {
      const hash = byKey.get(keyOf(id));
      if (hash === undefined) throw new Error(`no node ${keyOf(id)}`);
      return hash;
    });
}

const sha256 = (...parts: Uint8Array[]) => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest();
};

/** MTH of RFC 6962, section 2.1, word for word. */
export function referenceRoot(entries: readonly Uint8Array[]): Hash {
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Buffer.of(0), entries[0] as Uint8Array);
  const k = 2 ** Math.ceil(Math.log2(entries.length) - 1);
  return sha256(Buffer.of(1), referenceRoot(entries.slice(0, k)), referenceRoot(entries.slice(k)));
}
