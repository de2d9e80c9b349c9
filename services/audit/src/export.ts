import { exportHeader, exportLine } from '@lienthong/evidence';
import type { Reader } from '@lienthong/kit';
import { nodesInTiles } from '@lienthong/transparency-log';
import { toRecord } from './domain/record.ts';
import type { CheckpointRow } from './store/checkpoints.ts';
import { readLeaves } from './store/leaves.ts';
import { hashesIn, readTiles } from './store/tiles.ts';

/** One tile of leaves at a time. */
const WIDTH = 256;
const MAX_BYTES = 4 * 1024 * 1024;

/** The rows of entries were removed, or somebody deleted them. */
export class EntryMissing extends Error {
  override readonly name = 'EntryMissing';
  constructor(leaf: number) {
    super(`entry ${leaf} is not in the database; entries that were archived are in the archive's file`);
  }
}

/**
 * The lines of an export, as `lienthong verify` reads them, of the leaves from `from` to, not including, `to`.
 * @throws EntryMissing when an entry is not there
 */
export async function* exportEntries(
  reader: Reader,
  { from, to, checkpoint }: { from: number; to: number; checkpoint: CheckpointRow },
): AsyncGenerator<string> {
  const { size, note } = checkpoint;
  const tiles = readTiles(reader);
  yield await exportHeader({ from, to, checkpoint: note }, nodesInTiles(tiles, size));
  for (let at = from; at < to; ) {
    const index = Math.floor(at / WIDTH);
    const limit = Math.min(to, (index + 1) * WIDTH) - at;
    const [rows, [tile]] = await Promise.all([
      readLeaves(reader, at, { limit, maxBytes: MAX_BYTES }),
      tiles([{ level: 0, index, width: Math.min(WIDTH, size - index * WIDTH) }]),
    ]);
    const hashes = hashesIn(tile as Buffer);
    let lines = '';
    for (const row of rows) {
      if (row.leaf !== at) throw new EntryMissing(at);
      const content = { salt: row.salt, payload: row.payload };
      lines += exportLine({ index: at, record: toRecord(row), content }, hashes[at % WIDTH] as Buffer);
      at += 1;
    }
    if (rows.length === 0) throw new EntryMissing(at);
    yield lines;
  }
}
