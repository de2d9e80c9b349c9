import { type Database, type DueWorker, dueWorker, type Logger } from '@lienthong/kit';
import type { BlobStores } from './blobs/blob-stores.ts';
import { moveFiles } from './files/move.ts';
import { dropOldOrphans } from './files/orphans.ts';
import { sweepUnused } from './files/sweep.ts';
import type { FileSettings } from './settings.ts';

const EVERY_MS = 600_000;
const BATCH = 100;
const DAY_S = 86_400;

export interface JanitorDeps {
  db: Database;
  log: Logger;
  stores: BlobStores;
  settings: FileSettings;
}

/** Deletes what interrupted uploads have left and files that nothing has carried for long; moves files to their store. */
export function createJanitor({ db, log, stores, settings }: JanitorDeps): DueWorker {
  return dueWorker({
    name: 'file janitor',
    log,
    everyMs: EVERY_MS,
    async *work() {
      const unusedS = settings.FILES_UNUSED_DAYS * DAY_S;
      yield* inBatches(() => sweepUnused(db, { olderThanSeconds: unusedS, limit: BATCH }));
      // Twice the time an upload may take: one that still runs is never swept away.
      const orphanS = 2 * settings.FILES_UPLOAD_TIMEOUT_S;
      yield* inBatches(() => dropOldOrphans(db, stores, { olderThanSeconds: orphanS, limit: BATCH }));
      yield* moveFiles({ db, log, stores });
    },
  });
}

async function* inBatches(next: () => Promise<number>): AsyncGenerator<number> {
  let done: number;
  do {
    done = await next();
    yield done;
  } while (done === BATCH);
}
