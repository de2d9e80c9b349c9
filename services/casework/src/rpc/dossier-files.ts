import {
  contentHeader,
  findFile,
  MAX_FILE_BYTES,
  MAX_UPLOAD_MESSAGE_BYTES,
  rangeFields,
} from '@lienthong/file-store';
import { field, principalOf, type Refusal, refuse } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { readCarriers } from '../store/file-carriers.ts';
import { usableFiles } from '../store/usable-files.ts';
import { DossierFiles, download, upload, WORKS_WITH_DOSSIERS } from './deps.ts';
import { toReadItem } from './read-item.ts';

const header = z.object(contentHeader({ maxBytes: MAX_FILE_BYTES, sizeReason: 'FILE_SIZE_INVALID' }));

/** Others' uploads of the same content do not show in the reply. */
export const uploadFile = upload(DossierFiles.uploadFile, {
  policy: WORKS_WITH_DOSSIERS,
  maxBytes: MAX_UPLOAD_MESSAGE_BYTES,
  handle: async (stream, context, { files }) => {
    const uploaderId = context.caller.agencyId;
    const { file, isNewToUploader } = await files.upload(stream, {
      header,
      uploaderId,
      principal: principalOf(context),
    });
    return { sha256: file.sha256, sizeBytes: BigInt(file.sizeBytes), alreadyStored: !isNewToUploader };
  },
});

/** An unknown digest, a digest of others and a file that may not be read any more get the same reply. */
export const downloadFile = download(DossierFiles.downloadFile, {
  policy: WORKS_WITH_DOSSIERS,
  reads: 'durable',
  request: z.object({ sha256: field.sha256, ...rangeFields }),
  handle: async function* ({ sha256, ...range }, context, { db, reference, files }) {
    const { caller, now, today, reads, signal } = context;
    await reference.agencies.refresh(db);
    const wish = { callerId: caller.agencyId, sha256, now: now.getTime() };
    const [file, usable, carriers] = await Promise.all([
      findFile(db, sha256),
      usableFiles(db, reference.agencies, [wish]),
      readCarriers(db, sha256, standsForAll(reference.agencies, caller.agencyId, today)),
    ]);
    const isAllowed = file !== undefined && usable.size > 0;
    // A caller finds its own reads in the audit: they must not show whose other dossiers have the same content.
    const read = isAllowed ? carriers.filter(({ takes_part }) => takes_part) : carriers;
    reads.push(...read.map((row) => ({ sha256, ...toReadItem(row) })));
    if (read.length === 0) reads.push({ sha256, ownerId: '' });
    if (!isAllowed) return refuse(fileNotFound);
    yield* files.download(file, range, signal);
  },
});

const fileNotFound: Refusal = {
  kind: 'not-found',
  reason: 'FILE_NOT_FOUND',
  message: 'there is no such file, or your agency neither uploaded it nor may read a dossier that carries it',
};
