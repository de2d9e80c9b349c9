import type { Database } from '@lienthong/kit';
import type { FileSettings } from '../settings.ts';
import type { BlobStore, StoreName } from './blob-store.ts';
import { postgresqlBlobs } from './postgresql.ts';

export interface BlobStores {
  /** Where new blobs are written. */
  current: BlobStore;
  /** The store that has a blob. Throws when the settings do not name it any more. */
  of(name: StoreName): BlobStore;
  close(): void;
}

export function openBlobStores(db: Database, _settings: FileSettings): BlobStores {
  const postgresql = postgresqlBlobs(db);
  return {
    current: postgresql,
    of(name) {
      if (name === 'postgresql') return postgresql;
      throw new Error(`a blob is in store ${name}, which the settings FILES_S3_… do not name`);
    },
    close() {},
  };
}
