import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders, pathIn, writeWhole } from '../folder/files.ts';
import type { System } from '../system.ts';
import type { KeptPackage } from '../transport.ts';

/** A package that was made and is not handed out. */
export interface Kept {
  /** Of the event that it was made from. */
  id: string;
  kind: KeptPackage['kind'];
  /** Packages of one document are handed out in order. */
  document: string;
  /** The delivery that arrives with it; '' for none. */
  deliveryId: string;
}

/** How far the feed was followed, and the packages up to there that may not be handed out. */
interface Place {
  cursor: string;
  kept: Kept[];
}

/** What a system has not been given, in `state`: it outlives the process, with the place in the feed. */
export interface Outbox {
  /** undefined: nothing was followed yet. */
  cursor: string | undefined;
  /** What was kept before, in its order. */
  before: readonly Kept[];
  /** Writes the bytes of a package. They count with `keep`. */
  write(id: string, bytes: Uint8Array): Promise<void>;
  /** Makes the place and the packages up to it last. */
  keep(cursor: string, kept: readonly Kept[]): Promise<void>;
  pathOf(id: string): string;
  /** Forgets a package that was handed out; its file is gone. */
  forget(id: string): void;
}

const PLACE = 'cursor.json';
const fileOf = (id: string): string => `${id}.edxml`;

/** Packages that no kept place has are removed: the feed gives their events again. */
export async function openOutbox(system: Pick<System, 'folder'>): Promise<Outbox> {
  await makeFolders(system, ['state']);
  const place = await readPlace(system);
  const there = new Set(await readdir(join(system.folder, 'state')));
  const before = (place?.kept ?? []).filter(({ id }) => there.delete(fileOf(id)));
  there.delete(PLACE);
  for (const file of there) await rm(pathIn(system, 'state', file));

  const waiting = new Map(before.map((one) => [one.id, one]));
  const pathOf = (id: string) => pathIn(system, 'state', fileOf(id));
  let keeping: Promise<void> = Promise.resolve();
  return {
    cursor: place?.cursor,
    before,
    pathOf,
    write: (id, bytes) => writeWhole(pathOf(id), bytes),
    keep(cursor, kept) {
      for (const one of kept) waiting.set(one.id, one);
      const reached: Place = { cursor, kept: [...waiting.values()] };
      keeping = keeping.then(() => writeWhole(pathIn(system, 'state', PLACE), JSON.stringify(reached)));
      return keeping;
    },
    forget: (id) => void waiting.delete(id),
  };
}

async function readPlace(system: Pick<System, 'folder'>): Promise<Place | undefined> {
  try {
    return JSON.parse(await readFile(pathIn(system, 'state', PLACE), 'utf8')) as Place;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
