import { packBytes, plainArray, type Reader, type Tx } from '@lienthong/kit';
import { encodeEntries, HASH_BYTES, type ReadTiles, type TileId } from '@lienthong/transparency-log';

/** Bundles of entries are kept beside the tiles of hashes: an entry has as many bytes as a hash. */
const ENTRIES = -1;

const levelOf = ({ level }: TileId): number => (level === 'entries' ? ENTRIES : level);

/** The hashes, or entries, that one tile gains. */
export interface TileGrowth {
  level: TileId['level'];
  index: number;
  hashes: Buffer;
}

export const readTiles =
  (reader: Reader): ReadTiles =>
  async (ids) => {
    const rows = await reader.query<{ n: number; hashes: Buffer }>({
      name: 'audit_read_tiles',
      text: `select n, substring(hashes from 1 for width) as hashes
               from unnest($1::smallint[], $2::bigint[], $3::int[]) with ordinality as w (level, index, width, n)
               join tile using (level, index)
              order by n`,
      values: [
        plainArray(ids.map(levelOf)),
        plainArray(ids.map(({ index }) => index)),
        plainArray(ids.map(({ width }) => width * HASH_BYTES)),
      ],
    });
    const found = new Map(rows.map(({ n, hashes }) => [n - 1, hashes]));
    return ids.map((_, n) => found.get(n) ?? Buffer.alloc(0));
  };

const REMEMBERED = 256;

/** Reads a tile once for many proofs of one tree, while it is among the last few. */
export function rememberTiles(read: ReadTiles): ReadTiles {
  const known = new Map<string, Uint8Array>();
  const keyOf = ({ level, index, width }: TileId) => `${level}/${index}/${width}`;
  return async (ids) => {
    const isNew = (id: TileId) => !known.has(keyOf(id));
    if (known.size + ids.filter(isNew).length > REMEMBERED) known.clear();
    const wanted = ids.filter(isNew);
    const tiles = wanted.length > 0 ? await read(wanted) : [];
    wanted.forEach((id, n) => {
      known.set(keyOf(id), tiles[n] as Uint8Array);
    });
    return ids.map((id) => known.get(keyOf(id)) as Uint8Array);
  };
}

/** The bytes of one tile as it is published; undefined when the tree has not grown so far. */
export async function readTile(reader: Reader, id: TileId): Promise<Buffer | undefined> {
  const [bytes] = (await readTiles(reader)([id])) as Buffer[];
  if (bytes === undefined || bytes.length < id.width * HASH_BYTES) return undefined;
  return id.level === 'entries' ? encodeEntries(hashesIn(bytes)) : bytes;
}

/** The entries that the tree holds from one leaf to, not including, another. */
export async function readTreeEntries(reader: Reader, from: number, to: number): Promise<Buffer[]> {
  const rows = await reader.query<{ hashes: Buffer }>({
    text: `select hashes from tile where level = ${ENTRIES} and index between $1 / 256 and ($2 - 1) / 256 order by index`,
    values: [from, to],
  });
  const start = from - (from % 256);
  return hashesIn(Buffer.concat(rows.map(({ hashes }) => hashes))).slice(from - start, to - start);
}

export const hashesIn = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length / HASH_BYTES }, (_, n) =>
    bytes.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES),
  );

/** How many leaves the tiles hold. */
export async function readTreeSize(reader: Reader): Promise<number> {
  const [head] = await reader.query<{ size: number }>({
    name: 'audit_tree_size',
    text: 'select size from tree_head',
  });
  if (head === undefined) throw new Error('tree_head has no row; the migration makes it');
  return head.size;
}

/**
 * Adds what the tree gains from one size to another.
 * @returns false when the tree has another size: another process has grown it, and this one no longer leads
 */
export async function addToTiles(
  tx: Tx,
  from: number,
  to: number,
  growth: readonly TileGrowth[],
): Promise<boolean> {
  const moved = await tx.query({
    name: 'audit_grow_tree',
    text: 'update tree_head set size = $2 where size = $1 returning size',
    values: [from, to],
  });
  if (moved.length === 0) return false;
  const packed = packBytes(growth.map(({ hashes }) => hashes));
  tx.send({
    name: 'audit_add_to_tiles',
    text: `insert into tile (level, index, hashes)
           select level, index, substring($5::bytea from start for size)
             from unnest($1::smallint[], $2::bigint[], $3::int[], $4::int[]) as g (level, index, start, size)
           on conflict (level, index) do update set hashes = tile.hashes || excluded.hashes`,
    values: [
      plainArray(growth.map((one) => levelOf({ ...one, width: 0 }))),
      plainArray(growth.map(({ index }) => index)),
      plainArray(packed.starts),
      plainArray(packed.sizes),
      packed.bytes,
    ],
  });
  return true;
}
