import { createHash } from 'node:crypto';
import type { UploadDeps } from '../upload/upload.ts';
import { storeBlob } from '../upload/upload.ts';
import { filesOutside, moveFile, type StoredFile } from './files.ts';

type MoveDeps = Pick<UploadDeps, 'db' | 'log' | 'stores'>;

/** So many files are looked up at once. */
const BATCH = 20;

/**
 * Moves files that are in another store to the one of the settings, one after the other; yields 1 for each. A file that
 * cannot be moved is logged, stays where it is, and is tried again in the next run. Downloads in progress can end: the
 * content is deleted in the old store later, as an orphan.
 */
export async function* moveFiles(deps: MoveDeps): AsyncGenerator<number> {
  const { db, log, stores } = deps;
  let after = '';
  while (true) {
    const files = await filesOutside(db, stores.current.name, after, BATCH);
    for (const file of files) {
      after = file.sha256;
      try {
        yield (await moveOne(deps, file)) ? 1 : 0;
      } catch (err) {
        log.warn({ err, sha256: file.sha256, store: file.store }, 'moving a file to its store');
      }
    }
    if (files.length < BATCH) return;
  }
}

function moveOne(deps: MoveDeps, file: StoredFile): Promise<boolean> {
  const { blobId, sizeBytes } = file;
  const content = verified(deps.stores.of(file.store).read(blobId, 0, sizeBytes), file.sha256);
  return storeBlob(deps, content, file, (moved) => moveFile(deps.db, file, moved.blobId, moved.store));
}

/** Content as it is kept; throws at its end when it is not what its digest says. */
async function* verified(content: AsyncIterable<Uint8Array>, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`the content of file ${sha256} has another digest`);
}
