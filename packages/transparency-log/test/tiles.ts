import { encodeEntries, leafHash, type ReadTiles, TILE_WIDTH, type TileId } from '../src/index.ts';
import { treeOf } from './tree.ts';

/** The tiles and bundles of a log in memory, as long as the tree of a size has them. */
export function tilesIn(entries: readonly Uint8Array[]) {
  const nodes = treeOf(entries);
  const asked: TileId[] = [];
  const tile = async ({ level, index, width }: TileId): Promise<Buffer> => {
    const from = index * TILE_WIDTH;
    if (level === 'entries') return encodeEntries(entries.slice(from, from + width));
    if (level === 0) return Buffer.concat(entries.slice(from, from + width).map(leafHash));
    const ids = Array.from({ length: width }, (_, n) => ({ level: level * 8, index: from + n }));
    return Buffer.concat([...(await nodes(ids))]);
  };
  const readTiles =
    (size: number): ReadTiles =>
    (ids) => {
      asked.push(...ids);
      for (const { level, index, width } of ids) {
        const stored = Math.floor(size / TILE_WIDTH ** Number(level));
        if (index * TILE_WIDTH + width > stored) throw new Error(`a tree of ${size} leaves has no such tile`);
      }
      return Promise.all(ids.map(tile));
    };
  return { tile, readTiles, asked };
}
