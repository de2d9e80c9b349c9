import type { Database } from '@lienthong/kit';
import {
  appendLeaves,
  type Frontier,
  frontierOf,
  type Hash,
  leafHash,
  nodesInTiles,
  proveRange,
  TILE_WIDTH,
  type TreeNode,
} from '@lienthong/transparency-log';
import { readRecordHashes } from '../store/leaves.ts';
import { addToTiles, readTiles, readTreeSize, type TileGrowth } from '../store/tiles.ts';

/** The most that one growth adds: hashing so many keeps the event loop for about 25 ms. */
export const GROWTH = 2_048;
const TILE_LEVELS = 8;

/** The tree as its tiles are stored. */
export async function openTree(db: Database): Promise<Frontier> {
  const size = await readTreeSize(db);
  const { before } = await proveRange(nodesInTiles(readTiles(db), size), size, size, size);
  return frontierOf(size, before);
}

/**
 * Adds the next batch of entries to the tree. The commit waits for the disk, and with it all entries that it has seen:
 * what is signed afterwards is never lost.
 * @returns the tree with them; the same one when there are none
 * @throws Error when another process has grown the tree, or entries are missing
 */
export async function growTree(db: Database, frontier: Frontier): Promise<Frontier> {
  const rows = await readRecordHashes(db, frontier.size, GROWTH);
  if (rows.length === 0) return frontier;
  const gap = rows.findIndex(({ leaf }, n) => leaf !== frontier.size + n);
  if (gap >= 0)
    throw new Error(`entry ${frontier.size + gap} is missing: it was removed before it was in the tree`);
  const entries = rows.map((row) => row.record_hash);
  const growth = appendLeaves(frontier, entries.map(leafHash));
  const tiles = [...bundlesOf(frontier.size, entries), ...tilesOf(growth.nodes)];
  const grown = await db.transaction((tx) => addToTiles(tx, frontier.size, growth.frontier.size, tiles));
  if (!grown) throw new Error('another process has grown the tree');
  return growth.frontier;
}

const bundlesOf = (from: number, entries: readonly Buffer[]): TileGrowth[] =>
  gather(entries.map((hash, n) => ({ level: 'entries', index: from + n, hash })));

/** The nodes at the levels that tiles hold: each is a hash of a tile. */
const tilesOf = (nodes: readonly TreeNode[]): TileGrowth[] =>
  gather(
    nodes
      .filter(({ level }) => level % TILE_LEVELS === 0)
      .map(({ level, index, hash }) => ({ level: level / TILE_LEVELS, index, hash })),
  );

/** Hashes side by side, by the tile that they belong to. */
function gather(hashes: readonly { level: TileGrowth['level']; index: number; hash: Hash }[]): TileGrowth[] {
  const tiles = Map.groupBy(hashes, ({ level, index }) => `${level}/${Math.floor(index / TILE_WIDTH)}`);
  return [...tiles.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const index = Math.floor(first.index / TILE_WIDTH);
    return { level: first.level, index, hashes: Buffer.concat(group.map(({ hash }) => hash)) };
  });
}
