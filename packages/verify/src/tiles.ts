import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  HASH_BYTES,
  type Hash,
  type ReadTiles,
  TILE_WIDTH,
  type TileId,
  tilePath,
} from '@lienthong/transparency-log';
import { CannotCheck } from './cannot-check.ts';

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 1_000_000;

/** A log as C2SP tlog-tiles publishes it, or a copy of it. Nothing that comes from here is believed by itself. */
export interface TileSource {
  readTiles: ReadTiles;
  /** The hash of a leaf of the tree of a size; one tile is kept. */
  hashOf(index: number, size: number): Promise<Hash>;
  checkpoint(): Promise<string>;
}

/** @param from a folder, or an address that begins with http */
export function tilesFrom(from: string): TileSource {
  const read = /^https?:\/\//.test(from) ? fromAddress(from) : fromFolder(from);
  const readTile = async (id: TileId): Promise<Buffer> => {
    const bytes = (await read(tilePath(id))) ?? (await read(tilePath({ ...id, width: TILE_WIDTH })));
    if (bytes && bytes.length >= id.width * HASH_BYTES) return bytes;
    const path = tilePath(id);
    throw new CannotCheck(
      `${from} không có ${path}, hoặc ô quá ngắn`,
      `${from} has no ${path}, or too short a one`,
    );
  };
  let kept: { index: number; bytes: Buffer } | undefined;
  return {
    readTiles: (ids) => Promise.all(ids.map(readTile)),
    async hashOf(leaf, size) {
      const index = Math.floor(leaf / TILE_WIDTH);
      if (kept?.index !== index) {
        const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
        kept = { index, bytes: await readTile({ level: 0, index, width }) };
      }
      const at = (leaf % TILE_WIDTH) * HASH_BYTES;
      return kept.bytes.subarray(at, at + HASH_BYTES);
    },
    async checkpoint() {
      const bytes = await read('checkpoint');
      if (bytes) return bytes.toString('utf8');
      throw new CannotCheck(`${from} không có điểm kiểm tra`, `${from} has no checkpoint`);
    },
  };
}

/** Resolves to undefined where there is nothing. */
type ReadPath = (path: string) => Promise<Buffer | undefined>;

const fromFolder =
  (folder: string): ReadPath =>
  (path) =>
    readFile(join(folder, path)).catch((error) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new CannotCheck(
        `không đọc được ${path} (${error.code})`,
        `cannot read ${path} (${error.code})`,
        error,
      );
    });

function fromAddress(address: string): ReadPath {
  const base = address.endsWith('/') ? address : `${address}/`;
  return async (path) => {
    try {
      const response = await fetch(base + path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status === 404) return undefined;
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of response.body) {
        length += chunk.length;
        if (length > MAX_BYTES) throw new Error('it is too large');
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CannotCheck(`không tải được ${path} (${reason})`, `cannot load ${path} (${reason})`, error);
    }
  };
}
