/** Hashes side by side in a tile, and entries in a bundle. */
export const TILE_WIDTH = 256;
/** Levels of the tree that a tile covers. */
export const TILE_HEIGHT = 8;

/** A tile of hashes, or a bundle of entries: C2SP tlog-tiles. */
export interface TileId {
  /** 0 to 63; the hashes are those of nodes at level 8 × `level`. */
  level: number | 'entries';
  index: number;
  /** Hashes in it: 256, or 1 to 255 in a partial tile. */
  width: number;
}

/** Below a log's prefix, e.g. tile/0/x001/x234/067.p/8 */
export function tilePath({ level, index, width }: TileId): string {
  const digits = String(index);
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) as string[];
  const encoded = parts.map((part, n) => (n < parts.length - 1 ? `x${part}` : part)).join('/');
  return `tile/${level}/${encoded}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Undefined for a path that is none, also one with a leading zero too many: a tile has one path. */
export function parseTilePath(path: string): TileId | undefined {
  const [, level, front = '', last = '', width] = PATH.exec(path) ?? [];
  if (level === undefined) return undefined;
  const id: TileId = {
    level: level === 'entries' ? level : Number(level),
    index: Number(front.replaceAll(/[x/]/g, '') + last),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const valid = (id.level === 'entries' || id.level <= 63) && Number.isSafeInteger(id.index);
  return valid && tilePath(id) === path ? id : undefined;
}

/** Numbers of hashes at a tile level of a tree: whole subtrees of 256^level leaves. */
const hashesAt = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/**
 * The tiles of hashes that a tree of the size has and the smaller one has not: those that a log must store before it
 * signs the size. The tiles of a whole tree grow from 0.
 */
export function tilesOfGrowth(from: number, to: number): TileId[] {
  const tiles: TileId[] = [];
  for (let level = 0; hashesAt(level, to) > 0; level += 1) {
    const before = hashesAt(level, from);
    const now = hashesAt(level, to);
    if (before === now) continue;
    const first = Math.floor(before / TILE_WIDTH);
    for (let index = first; index * TILE_WIDTH < now; index += 1)
      tiles.push({ level, index, width: Math.min(TILE_WIDTH, now - index * TILE_WIDTH) });
  }
  return tiles;
}
