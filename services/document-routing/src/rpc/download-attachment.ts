import { rangeFields } from '@lienthong/file-store';
import { field, type Refusal, refuse } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { readCarriers, readUsable } from '../store/attachments.ts';
import { toReadItem } from '../store/rows.ts';
import { Attachments, download, WORKS_WITH_DOCUMENTS } from './deps.ts';

export const downloadAttachment = download(Attachments.downloadAttachment, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'durable',
  request: z.object({ sha256: field.sha256, ...rangeFields }),
  handle: async function* ({ sha256, ...range }, { caller, today, reads, signal }, { db, agencies, files }) {
    await agencies.refresh(db);
    const agencyIds = standsForAll(agencies, caller.agencyId, today);
    const [file, carriers] = await Promise.all([
      readUsable(db, sha256, agencyIds),
      readCarriers(db, sha256, agencyIds),
    ]);
    // A caller finds its own reads in the audit: they must not show whose other documents have the same content.
    const read = file === undefined ? carriers : carriers.filter(({ readable }) => readable);
    reads.push(...read.map((row) => ({ sha256, ...toReadItem(row) })));
    if (read.length === 0) reads.push({ sha256, ownerId: '' });
    if (file === undefined) return refuse(attachmentNotFound);
    yield* files.download(file, range, signal);
  },
});

const attachmentNotFound: Refusal = {
  kind: 'not-found',
  reason: 'ATTACHMENT_NOT_FOUND',
  message: 'there is no such attachment, or your agency has neither uploaded nor received it',
};
