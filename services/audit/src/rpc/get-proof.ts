import type { GetProofRequest } from '@lienthong/contracts/audit';
import { canonicalBytes } from '@lienthong/evidence';
import { field, type Refusal, refuse, reportUnder } from '@lienthong/kit';
import { formatProof, proveInclusion } from '@lienthong/transparency-log';
import { z } from 'zod';
import { toRecord } from '../domain/record.ts';
import { newestCheckpoint } from '../store/checkpoints.ts';
import { type EntryKey, findEntry } from '../store/find.ts';
import { Audit, agencySeen, query, READS_ENTRIES } from './deps.ts';
import { notYetInTree } from './refusals.ts';
import { wholeNumber } from './schemas.ts';

const KEYS = {
  eventId: field.uuid,
  position: z.object({ source: field.text({ min: 1, max: 60 }), position: wholeNumber }),
  index: wholeNumber,
};

/** Violations name the chosen field, which the contract has beside the others. */
const request = z
  .object({
    entry: z.custom<GetProofRequest['entry']>(),
    part: z.int().min(0, 'must not be negative'),
  })
  .transform(({ entry, part }, context): EntryKey => {
    if (entry === undefined) {
      const message = 'must name an entry by event_id, position or index';
      const params = { reason: 'FIELD_REQUIRED' };
      context.addIssue({ code: 'custom', path: ['entry'], message, params });
      return z.NEVER;
    }
    const parsed = KEYS[entry.$case].safeParse(entry.value);
    if (parsed.success) return { $case: entry.$case, value: parsed.data, part } as EntryKey;
    reportUnder([entry.$case], parsed.error, context);
    return z.NEVER;
  });

/** An entry that the caller may see, with its proof. Refuses: ENTRY_UNKNOWN, NOT_YET_IN_TREE. */
export const getProof = query(Audit.getProof, {
  policy: READS_ENTRIES,
  reads: 'buffered',
  request,
  handle: async (entry, { caller, reads }, { db, origin, nodesOf }) => {
    const [row, checkpoint] = await Promise.all([
      findEntry(db, entry, agencySeen(caller)),
      newestCheckpoint(db, origin, { published: true }),
    ]);
    if (row === undefined) return refuse(entryUnknown);
    reads.push({ ownerId: '', documentId: row.document_id ?? '', dossierCode: row.dossier_code });
    const { leaf } = row;
    if (checkpoint === undefined || leaf >= checkpoint.size) return refuse(notYetInTree);
    const { size, note } = checkpoint;
    const hashes = await proveInclusion(nodesOf(size), leaf, size);
    return {
      index: BigInt(leaf),
      record: canonicalBytes(toRecord(row)),
      salt: row.salt,
      payload: row.payload,
      proof: formatProof({ extra: undefined, index: leaf, hashes, checkpoint: note }),
    };
  },
});

const entryUnknown: Refusal = {
  kind: 'not-found',
  reason: 'ENTRY_UNKNOWN',
  message: 'there is no such entry, it is archived, or your agency may not see it',
};
