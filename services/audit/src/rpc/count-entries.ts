import { z } from 'zod';
import { countEntries as count } from '../store/find.ts';
import { Audit, query, READS_ENTRIES } from './deps.ts';
import { entryFilter, readItems, visibleTo } from './filter.ts';

export const countEntries = query(Audit.countEntries, {
  policy: READS_ENTRIES,
  reads: 'buffered',
  request: z.object({ filter: entryFilter }),
  handle: async ({ filter }, { caller, reads }, { db }) => {
    reads.push(...readItems(filter));
    return { count: BigInt(await count(db, visibleTo(caller, filter))) };
  },
});
