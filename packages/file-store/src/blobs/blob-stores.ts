import type { Database } from '@lienthong/kit';
import type { FileSettings } from '../settings.ts';
import type { BlobStore, StoreName } from './blob-store.ts';
import { postgresqlBlobs } from './postgresql.ts';
import { s3Blobs } from './s3.ts';

export interface BlobStores {
  /** Where new blobs are written. */
  current: BlobStore;
  /** The store that has a blob. Throws when the settings do not name it any more. */
  of(name: StoreName): BlobStore;
  close(): void;
}

export function openBlobStores(db: Database, settings: FileSettings): BlobStores {
  const postgresql = postgresqlBlobs(db);
  const { FILES_S3_BUCKET: bucket, FILES_S3_ACCESS_KEY: accessKeyId } = settings;
  const s3 =
    bucket === undefined
      ? undefined
      : s3Blobs({
          bucket,
          prefix: `${db.schema}/`,
          region: settings.FILES_S3_REGION,
          endpoint: settings.FILES_S3_ENDPOINT,
          credentials:
            accessKeyId === undefined
              ? undefined
              : { accessKeyId, secretAccessKey: settings.FILES_S3_SECRET_KEY ?? '' },
        });
  const of = (name: StoreName): BlobStore => {
    if (name === 'postgresql') return postgresql;
    if (s3) return s3;
    throw new Error('files are kept in an S3 store; name it with the settings FILES_S3_…');
  };
  return { current: of(settings.FILES_STORE), of, close: () => s3?.close() };
}
