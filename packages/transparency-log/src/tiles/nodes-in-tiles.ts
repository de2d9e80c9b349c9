import { HASH_BYTES, rootOfComplete } from '../tree/hash.ts';
import type { NodeId, ReadNodes } from '../tree/nodes.ts';
import { TILE_HEIGHT, TILE_WIDTH, type TileId, tilePath } from './path.ts';

/** Resolves to the bytes of tiles, in the order of their ids; a full tile may stand for a partial one. */
export type ReadTiles = (ids: readonly TileId[]) => Promise<readonly Uint8Array[]>;

/**
 * Nodes of the tree of a size, read from its tiles: each tile once. Nothing is believed here; a proof of these nodes
 * verifies against a root, or does not.
 * @throws RangeError when a tile is shorter than its width
 */
export const nodesInTiles =
  (read: ReadTiles, size: number): ReadNodes =>
  async (ids) => {
    const places = ids.map((id) => placeOf(id, size));
    const unique = [...new Map(places.map(({ tile }) => [tilePath(tile), tile])).values()];
    const bytes = await read(unique);
    const tiles = new Map(unique.map((tile, n) => [tilePath(tile), checkedTile(tile, bytes[n])]));
    return places.map((place) => {
      const tile = tiles.get(tilePath(place.tile)) as Buffer;
      const from = place.from * HASH_BYTES;
      return rootOfComplete(tile.subarray(from, from + place.count * HASH_BYTES));
    });
  };

interface Place {
  tile: TileId;
  /** The first of the tile's hashes below the node, and their number: a power of two. */
  from: number;
  count: number;
}

function placeOf({ level, index }: NodeId, size: number): Place {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const stored = Math.floor(size / TILE_WIDTH ** tileLevel) - tileIndex * TILE_WIDTH;
  const tile = { level: tileLevel, index: tileIndex, width: Math.min(TILE_WIDTH, stored) };
  return { tile, from: first % TILE_WIDTH, count };
}

function checkedTile(tile: TileId, bytes: Uint8Array | undefined): Buffer {
  if (bytes === undefined || bytes.length < tile.width * HASH_BYTES)
    throw new RangeError(`${tilePath(tile)} has fewer than ${tile.width} hashes of 32 bytes`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
