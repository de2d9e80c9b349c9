import { contentHeader, MAX_FILE_BYTES, MAX_UPLOAD_MESSAGE_BYTES } from '@lienthong/file-store';
import { z } from 'zod';
import { Attachments, upload, WORKS_WITH_DOCUMENTS } from './deps.ts';

const header = z.object(contentHeader({ maxBytes: MAX_FILE_BYTES, sizeReason: 'ATTACHMENT_SIZE_INVALID' }));

export const uploadAttachment = upload(Attachments.uploadAttachment, {
  policy: WORKS_WITH_DOCUMENTS,
  maxBytes: MAX_UPLOAD_MESSAGE_BYTES,
  handle: async (stream, { caller }, { files }) => {
    const { file, isNew } = await files.upload(stream, { header, uploaderId: caller.agencyId });
    return { sha256: file.sha256, sizeBytes: BigInt(file.sizeBytes), alreadyStored: !isNew };
  },
});
