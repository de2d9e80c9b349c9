import { rangeFields } from '@lienthong/file-store';
import { field, type Refusal, refuse } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { readUsable } from '../store/attachments.ts';
import { Attachments, download, WORKS_WITH_DOCUMENTS } from './deps.ts';

export const downloadAttachment = download(Attachments.downloadAttachment, {
  policy: WORKS_WITH_DOCUMENTS,
  request: z.object({ sha256: field.sha256, ...rangeFields }),
  handle: async function* ({ sha256, ...range }, { caller, today, signal }, { db, agencies, files }) {
    await agencies.refresh(db);
    const file = await readUsable(db, sha256, standsForAll(agencies, caller.agencyId, today));
    if (file === undefined) return refuse(attachmentNotFound);
    yield* files.download(file, range, signal);
  },
});

const attachmentNotFound: Refusal = {
  kind: 'not-found',
  reason: 'ATTACHMENT_NOT_FOUND',
  message: 'there is no such attachment, or your agency has neither uploaded nor received it',
};
