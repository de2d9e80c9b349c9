import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeEntries,
  encodeEntries,
  MAX_ENTRY_BYTES,
  nodeMemory,
  nodesInTiles,
  parseTilePath,
  proveConsistency,
  proveInclusion,
  rootAt,
  type TileId,
  tilePath,
  tilesOfGrowth,
} from '../src/index.ts';
import { tilesIn } from './tiles.ts';
import { entriesOf, treeOf } from './tree.ts';

test('paths as the specification writes them', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
  expect(tilePath({ level: 'entries', index: 0, width: 8 })).toBe('tile/entries/000.p/8');
  expect(parseTilePath('tile/63/x001/000.p/255')).toEqual({ level: 63, index: 1_000, width: 255 });
});

test('a path is read back, and a tile has only one', () => {
  const tile = fc.record({
    level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
    index: fc.maxSafeNat(),
    width: fc.integer({ min: 1, max: 256 }),
  });
  fc.assert(
    fc.property(tile, (id) => {
      expect(parseTilePath(tilePath(id))).toEqual(id);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const id = parseTilePath(text);
      if (id !== undefined) expect(tilePath(id)).toBe(text);
    }),
  );
  for (const path of [
    'tile/00/000',
    'tile/64/000',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/08',
    'tile/0/../000',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])
    expect(parseTilePath(path), path).toBeUndefined();
});

test('the tiles of a tree of 70,000 leaves', () => {
  const tiles = tilesOfGrowth(0, 70_000);
  const full = (level: number) => tiles.filter((t) => t.level === level && t.width === 256).length;
  const partial = tiles.filter(({ width }) => width < 256);
  expect([full(0), full(1), full(2)]).toEqual([273, 1, 0]);
  expect(partial).toEqual([
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ]);
  expect(tilesOfGrowth(0, 256)).toEqual([
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ]);
  expect(tilesOfGrowth(70_000, 70_000)).toEqual([]);
});

test('the tiles that come with growth are those of the whole tree that are new', () => {
  const paths = (tiles: readonly TileId[]) => tiles.map(tilePath);
  const sizes = fc
    .tuple(fc.nat({ max: 200_000 }), fc.nat({ max: 200_000 }))
    .map((s) => s.sort((a, b) => a - b));
  fc.assert(
    fc.property(sizes, ([from = 0, to = 0]) => {
      const before = new Set(paths(tilesOfGrowth(0, from)));
      expect(paths(tilesOfGrowth(from, to))).toEqual(
        paths(tilesOfGrowth(0, to)).filter((path) => !before.has(path)),
      );
    }),
  );
});

describe('proofs from tiles are those of the tree', () => {
  const entries = entriesOf(70_000);
  const nodes = treeOf(entries);
  const { readTiles, asked } = tilesIn(entries);

  test.each([1, 255, 256, 257, 65_536, 65_537, 70_000])('of %i leaves', async (size) => {
    const tiles = nodesInTiles(readTiles(size), size);
    expect(await rootAt(tiles, size)).toEqual(await rootAt(nodes, size));
    for (const index of [0, Math.floor(size / 3), size - 1]) {
      expect(await proveInclusion(tiles, index, size)).toEqual(await proveInclusion(nodes, index, size));
      expect(await proveConsistency(tiles, index, size)).toEqual(await proveConsistency(nodes, index, size));
    }
  });

  test('each tile is read once', async () => {
    asked.length = 0;
    await proveInclusion(nodesInTiles(readTiles(70_000), 70_000), 69_999, 70_000);
    expect(asked.map(tilePath)).toEqual([...new Set(asked.map(tilePath))]);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  test('a memory of nodes gives the same proofs of trees that grow, and reads fewer tiles', async () => {
    // Fewer nodes than the proofs need: some are forgotten and read again.
    const remembering = nodeMemory({ fromLevel: 8, nodes: 20 });
    const place = fc
      .integer({ min: 1, max: 70_000 })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 })));
    await fc.assert(
      fc.asyncProperty(place, async ([size, index]) => {
        const remembered = remembering(nodesInTiles(readTiles(size), size));
        expect(await proveInclusion(remembered, index, size)).toEqual(
          await proveInclusion(nodes, index, size),
        );
      }),
    );
    const whole = nodeMemory({ fromLevel: 8, nodes: 1_000 })(nodesInTiles(readTiles(70_000), 70_000));
    const first = await proveInclusion(whole, 300, 70_000);
    asked.length = 0;
    expect(await proveInclusion(whole, 300, 70_000)).toEqual(first);
    // The leaf's own tile, and the last one.
    expect(asked.map(tilePath)).toEqual(['tile/0/001', 'tile/0/273.p/112']);
  });

  test('a tile that is too short is refused', async () => {
    const short = nodesInTiles(async (ids) => ids.map(() => Buffer.alloc(31)), 300);
    await expect(rootAt(short, 300)).rejects.toThrow('tile/1/000.p/1 has fewer than 1 hashes of 32 bytes');
  });
});

test('bundles of entries are read back; one that is cut is refused', () => {
  const lists = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  fc.assert(
    fc.property(lists, fc.nat(), (entries, cut) => {
      const bundle = encodeEntries(entries);
      expect(decodeEntries(bundle)).toEqual(entries.map((entry) => Buffer.from(entry)));
      const ends = new Set(entries.map((_, n) => encodeEntries(entries.slice(0, n)).length)).add(
        bundle.length,
      );
      const at = cut % (bundle.length + 1);
      if (!ends.has(at)) expect(() => decodeEntries(bundle.subarray(0, at))).toThrow('ends within entry');
    }),
  );
  expect(() => encodeEntries([Buffer.alloc(MAX_ENTRY_BYTES + 1)])).toThrow('at most 65535 bytes');
});
