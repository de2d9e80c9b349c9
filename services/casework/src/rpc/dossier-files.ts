import {
  contentHeader,
  findFile,
  MAX_FILE_BYTES,
  MAX_UPLOAD_MESSAGE_BYTES,
  rangeFields,
} from '@lienthong/file-store';
import { field, type Refusal, refuse } from '@lienthong/kit';
import { requireActing } from '@lienthong/reference-data';
import { z } from 'zod';
import { usableFiles } from '../store/usable-files.ts';
import { DossierFiles, download, upload, WORKS_WITH_DOSSIERS } from './deps.ts';

const header = z.object(contentHeader({ maxBytes: MAX_FILE_BYTES, sizeReason: 'FILE_SIZE_INVALID' }));

/** Others' uploads of the same content do not show in the reply. */
export const uploadFile = upload(DossierFiles.uploadFile, {
  policy: WORKS_WITH_DOSSIERS,
  maxBytes: MAX_UPLOAD_MESSAGE_BYTES,
  handle: async (stream, context, { db, reference, files }) => {
    await requireActing(db, reference, context);
    const uploaderId = context.caller.agencyId;
    const { file, isNewToUploader } = await files.upload(stream, { header, uploaderId });
    return { sha256: file.sha256, sizeBytes: BigInt(file.sizeBytes), alreadyStored: !isNewToUploader };
  },
});

/** An unknown digest, a digest of others and a file that may not be read any more get the same reply. */
export const downloadFile = download(DossierFiles.downloadFile, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ sha256: field.sha256, ...rangeFields }),
  handle: async function* ({ sha256, ...range }, context, { db, reference, files }) {
    const { caller, now, signal } = context;
    await reference.agencies.refresh(db);
    const wish = { callerId: caller.agencyId, sha256, now: now.getTime() };
    const [file, usable] = await Promise.all([
      findFile(db, sha256),
      usableFiles(db, reference.agencies, [wish]),
    ]);
    if (file === undefined || usable.size === 0) return refuse(fileNotFound);
    yield* files.download(file, range, signal);
  },
});

const fileNotFound: Refusal = {
  kind: 'not-found',
  reason: 'FILE_NOT_FOUND',
  message: 'there is no such file, or your agency neither uploaded it nor may read a dossier that carries it',
};
