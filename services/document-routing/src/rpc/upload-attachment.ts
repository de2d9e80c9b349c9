import { contentHeader, MAX_FILE_BYTES, MAX_UPLOAD_MESSAGE_BYTES } from '@lienthong/file-store';
import { principalOf } from '@lienthong/kit';
import { z } from 'zod';
import { Attachments, upload, WORKS_WITH_DOCUMENTS } from './deps.ts';

const header = z.object(contentHeader({ maxBytes: MAX_FILE_BYTES, sizeReason: 'ATTACHMENT_SIZE_INVALID' }));

/** Others' uploads of the same content do not show in the reply. */
export const uploadAttachment = upload(Attachments.uploadAttachment, {
  policy: WORKS_WITH_DOCUMENTS,
  maxBytes: MAX_UPLOAD_MESSAGE_BYTES,
  handle: async (stream, context, deps) => {
    const uploaderId = context.caller.agencyId;
    const { file, isNewToUploader } = await deps.files.upload(stream, {
      header,
      uploaderId,
      principal: principalOf(context),
    });
    return { sha256: file.sha256, sizeBytes: BigInt(file.sizeBytes), alreadyStored: !isNewToUploader };
  },
});
