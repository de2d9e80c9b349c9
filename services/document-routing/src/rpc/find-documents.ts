import { field } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { readByOrigin } from '../store/origins.ts';
import { toReadItem, toSummary } from '../store/rows.ts';
import { query, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';

const MAX_FOUND = 10;

export const findDocuments = query(Routing.findDocuments, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'buffered',
  request: z.object({ documentId: field.text({ min: 1, max: 200 }), system: field.text({ max: 50 }) }),
  handle: async ({ documentId, system }, { caller, today, reads }, { db, agencies }) => {
    await agencies.refresh(db);
    const agencyIds = standsForAll(agencies, caller.agencyId, today);
    const rows = await readByOrigin(db, documentId, system, agencyIds, MAX_FOUND);
    reads.push(...rows.map(toReadItem));
    return {
      documents: rows.map((row) => ({
        document: toSummary(row),
        system: row.system,
        packageSha256: row.package_sha256,
      })),
    };
  },
});
