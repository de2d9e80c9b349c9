import { field, type Refusal, refuse } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { usableAttachments } from '../store/attachments.ts';
import { ROW_BYTES, readRow } from '../store/blobs.ts';
import { Attachments, download, WORKS_WITH_DOCUMENTS } from './deps.ts';

const count = z.bigint().min(0n, 'must not be negative');

/** Reads a row when the one before has gone out, and none that is outside the range. */
export const downloadAttachment = download(Attachments.downloadAttachment, {
  policy: WORKS_WITH_DOCUMENTS,
  request: z.object({ sha256: field.sha256, offset: count, length: count }),
  handle: async function* ({ sha256, offset, length }, { caller, today, signal }, { db, agencies }) {
    const callerId = caller.agencyId;
    await agencies.refresh(db);
    const agencyIds = standsForAll(agencies, callerId, today);
    const [found] = await usableAttachments(
      db,
      agencyIds.map((agencyId) => ({ callerId, agencyId, sha256 })),
    );
    if (found === undefined) return refuse(attachmentNotFound);
    const size = found.size_bytes;
    if (offset >= BigInt(size)) return refuse(outOfRange(size));
    const end = length === 0n || offset + length > BigInt(size) ? size : Number(offset + length);
    let totalSizeBytes = BigInt(size);
    for (let at = Number(offset); at < end && !signal.aborted; ) {
      const from = at % ROW_BYTES;
      const taken = Math.min(ROW_BYTES - from, end - at);
      const chunk = await readRow(db, found.blob_id, Math.floor(at / ROW_BYTES), from, taken);
      yield { chunk, totalSizeBytes };
      totalSizeBytes = 0n;
      at += taken;
    }
  },
});

const attachmentNotFound: Refusal = {
  kind: 'not-found',
  reason: 'ATTACHMENT_NOT_FOUND',
  message: 'there is no such attachment, or your agency has neither uploaded nor received it',
};

const outOfRange = (size: number): Refusal => ({
  kind: 'out-of-range',
  reason: 'OFFSET_OUT_OF_RANGE',
  message: `the attachment has ${size} bytes; offset must be less`,
  metadata: { size_bytes: String(size) },
});
