import { type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { EntryMissing, exportEntries as exportLines } from '../export.ts';
import { newestCheckpoint } from '../store/checkpoints.ts';
import { Audit, agencySeen, download } from './deps.ts';
import { notYetInTree } from './refusals.ts';
import { wholeNumber } from './schemas.ts';

const CHUNK_BYTES = 256 * 1024;

/** Refuses: PLATFORM_ONLY, RANGE_INVALID, ENTRIES_ARCHIVED, NOT_YET_IN_TREE. */
export const exportEntries = download(Audit.exportEntries, {
  policy: { anyOf: ['admin', 'auditor'] },
  reads: 'durable',
  request: z.object({ from: wholeNumber, to: wholeNumber }),
  cost: 20,
  async *handle({ from, to: end }, { caller, signal }, { db, origin }) {
    if (agencySeen(caller) !== undefined) refuse(platformOnly);
    const checkpoint = await newestCheckpoint(db, origin, { published: true });
    if (checkpoint === undefined) return refuse(notYetInTree);
    const to = end === 0 ? checkpoint.size : end;
    if (to > checkpoint.size) refuse(notYetInTree);
    if (from > to) refuse(rangeInvalid);
    try {
      for await (const lines of exportLines(db, { from, to, checkpoint })) {
        const bytes = Buffer.from(lines);
        for (let at = 0; at < bytes.length && !signal.aborted; at += CHUNK_BYTES)
          yield { content: bytes.subarray(at, at + CHUNK_BYTES) };
      }
    } catch (error) {
      if (error instanceof EntryMissing) refuse({ ...entriesArchived, message: error.message });
      throw error;
    }
  },
});

const platformOnly: Refusal = {
  kind: 'permission-denied',
  reason: 'PLATFORM_ONLY',
  message: 'only administrators and auditors of the platform, whose tokens name no agency, export the log',
};
const rangeInvalid: Refusal = {
  kind: 'invalid-argument',
  reason: 'RANGE_INVALID',
  message: 'from must not be after to',
  violations: [{ field: 'from', description: 'must not be after to', reason: 'RANGE_INVALID' }],
};
const entriesArchived = { kind: 'out-of-range', reason: 'ENTRIES_ARCHIVED' } as const;
