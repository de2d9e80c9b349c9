import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appendLeaves,
  appendSubtrees,
  EMPTY_FRONTIER,
  EMPTY_ROOT,
  frontierOf,
  type Hash,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  proveRange,
  type ReadNodes,
  rootAt,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../src/index.ts';
import { entriesOf, entryOf, referenceRoot, treeOf } from './tree.ts';

const MOST = 70;
const entries = entriesOf(MOST);
const tree = treeOf(entries);
const roots = Array.from({ length: MOST + 1 }, (_, size) => referenceRoot(entries.slice(0, size)));
const sizes = Array.from({ length: MOST + 1 }, (_, size) => size);

test('the root of every size is that of the definition', async () => {
  for (const size of sizes) expect(await rootAt(tree, size)).toEqual(roots[size]);
});

test('leaves that are added in any batches give the same root', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), (batches) => {
      let frontier = EMPTY_FRONTIER;
      for (const batch of batches) {
        const leaves = entries.slice(frontier.size, frontier.size + batch).map(leafHash);
        // As a log that has stored its frontier and read it again.
        ({ frontier } = appendLeaves(frontierOf(frontier.size, frontier.hashes), leaves));
        expect(rootOf(frontier)).toEqual(roots[frontier.size]);
      }
    }),
  );
});

test('every leaf of every size has a proof', async () => {
  for (const size of sizes) {
    for (let index = 0; index < size; index += 1) {
      const proof = await proveInclusion(tree, index, size);
      expect(verifyInclusion(leafHash(entryOf(index)), index, size, proof, roots[size] as Hash)).toBe(true);
    }
  }
});

test('the leaves of every range and the hashes beside them make the root', async () => {
  for (const size of [0, 1, 2, 23, 32]) {
    for (let end = 0; end <= size; end += 1) {
      for (let start = 0; start <= end; start += 1) {
        const { before, after } = await proveRange(tree, start, end, size);
        const leaves = entries.slice(start, end).map(leafHash);
        const { frontier } = appendLeaves(frontierOf(start, before), leaves);
        expect(rootOf(appendSubtrees(frontier, after, size))).toEqual(roots[size]);
      }
    }
  }
  await expect(proveRange(tree, 3, 2, 5)).rejects.toThrow(RangeError);
  await expect(proveRange(tree, 3, 6, 5)).rejects.toThrow(RangeError);
  expect(() => appendSubtrees(EMPTY_FRONTIER, [], 5)).toThrow(RangeError);
});

test('every two sizes have a proof', async () => {
  for (const second of sizes) {
    for (let first = 0; first <= second; first += 1) {
      const proof = await proveConsistency(tree, first, second);
      expect(verifyConsistency(first, second, proof, roots[first] as Hash, roots[second] as Hash)).toBe(true);
    }
  }
});

const place = fc
  .integer({ min: 1, max: MOST })
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
const flip = (hash: Hash, bit: number): Hash => {
  const changed = Buffer.from(hash);
  const byte = Math.floor(bit / 8);
  changed[byte] = (changed[byte] as number) ^ (1 << (bit % 8));
  return changed;
};
const bit = fc.integer({ min: 0, max: 255 });

describe('a proof does not verify', () => {
  test('with any bit of it, the leaf or the root changed, or with a hash more or less', async () => {
    await fc.assert(
      fc.asyncProperty(place, bit, fc.nat(), async ([size, index], changed, which) => {
        const proof = await proveInclusion(tree, index, size);
        const leaf = leafHash(entryOf(index));
        const root = roots[size] as Hash;
        const n = which % (proof.length + 2);
        const with1 = [...proof, leaf, root].map((hash, i) => (i === n ? flip(hash, changed) : hash));
        const [leaf1, root1] = with1.slice(-2) as [Hash, Hash];
        expect(verifyInclusion(leaf1, index, size, with1.slice(0, -2), root1)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion(leaf, index, size, proof.slice(1), root)).toBe(false);
          const cut = proof.map((hash) => hash.subarray(0, -1));
          expect(verifyInclusion(leaf, index, size, cut, root)).toBe(false);
        }
      }),
    );
  });

  test('for the index beside, or for an index outside the tree', async () => {
    await fc.assert(
      fc.asyncProperty(place, async ([size, index]) => {
        const proof = await proveInclusion(tree, index, size);
        const leaf = leafHash(entryOf(index));
        const root = roots[size] as Hash;
        expect(verifyInclusion(leaf, index + 1, size, proof, root)).toBe(false);
        if (index > 0) expect(verifyInclusion(leaf, index - 1, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, size, size, proof, root)).toBe(false);
      }),
    );
  });

  test('of consistency, when a leaf was changed, removed, inserted or two were swapped', async () => {
    const arbitrary = fc.record({
      first: fc.integer({ min: 2, max: MOST - 1 }),
      at: fc.nat(),
      how: fc.constantFrom('change', 'remove', 'insert', 'swap'),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ first, at, how }) => {
        const n = at % (first - 1);
        const forged = [...entries];
        if (how === 'change') forged[n] = Buffer.from('khác');
        if (how === 'remove') forged.splice(n, 1);
        if (how === 'insert') forged.splice(n, 0, Buffer.from('thêm'));
        if (how === 'swap') forged.splice(n, 2, forged[n + 1] as Buffer, forged[n] as Buffer);
        const second = Math.min(forged.length, MOST);
        const proof = await proveConsistency(treeOf(forged), first, second);
        const secondRoot = referenceRoot(forged.slice(0, second));
        expect(verifyConsistency(first, second, proof, roots[first] as Hash, secondRoot)).toBe(false);
      }),
    );
  });

  test('of consistency, with a bit changed, a hash more or less, or other sizes', async () => {
    const pair = fc
      .integer({ min: 2, max: MOST })
      .chain((second) => fc.tuple(fc.integer({ min: 1, max: second - 1 }), fc.constant(second)));
    await fc.assert(
      fc.asyncProperty(pair, bit, fc.nat(), async ([first, second], changed, which) => {
        const proof = await proveConsistency(tree, first, second);
        const of = (p: readonly Hash[], m = first, n = second) =>
          verifyConsistency(m, n, p, roots[first] as Hash, roots[second] as Hash);
        const n = which % proof.length;
        expect(of(proof.map((hash, i) => (i === n ? flip(hash, changed) : hash)))).toBe(false);
        expect(of([...proof, EMPTY_ROOT])).toBe(false);
        expect(of(proof.slice(1))).toBe(false);
        expect(of(proof.map((hash) => hash.subarray(0, -1)))).toBe(false);
        expect(of(proof, second, first)).toBe(false);
        expect(of(proof, 0)).toBe(false);
      }),
    );
  });
});

test('sizes beyond 32 bits: a tree of the same leaf, 2^45 times and more', async () => {
  const levels: Hash[] = [leafHash(entryOf(0))];
  for (let level = 1; level < 50; level += 1) {
    const below = levels[level - 1] as Hash;
    levels.push(nodeHash(below, below));
  }
  const read: ReadNodes = async (ids) => ids.map(({ level }) => levels[level] as Hash);
  const size = 2 ** 45 + 12_345;
  const root = await rootAt(read, size);
  for (const index of [0, 4_294_967_296, 2 ** 45 - 1, 2 ** 45, size - 1]) {
    const proof = await proveInclusion(read, index, size);
    expect(verifyInclusion(levels[0] as Hash, index, size, proof, root)).toBe(true);
    expect(verifyInclusion(leafHash(entryOf(1)), index, size, proof, root)).toBe(false);
  }
  for (const first of [1, 2 ** 33 + 1, 2 ** 45, size - 1]) {
    const proof = await proveConsistency(read, first, size);
    expect(verifyConsistency(first, size, proof, await rootAt(read, first), root)).toBe(true);
  }
});

test('proofs that a tree cannot have are refused', () => {
  expect(() => proveInclusion(tree, 5, 5)).toThrow('a tree of 5 leaves has no leaf 5');
  expect(() => proveInclusion(tree, -1, 5)).toThrow('index must be a whole number');
  expect(() => proveConsistency(tree, 6, 5)).toThrow('a tree of 5 leaves does not contain one of 6');
  expect(() => verifyInclusion(EMPTY_ROOT, 0.5, 5, [], EMPTY_ROOT)).toThrow('index must be a whole number');
  expect(() => frontierOf(3, [EMPTY_ROOT])).toThrow('a tree of 3 leaves has 2 hashes');
});
