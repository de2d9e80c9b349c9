import { z } from 'zod';
import { countEntries as count } from '../store/find.ts';
import { Audit, query } from './deps.ts';
import { entryFilter, visibleTo } from './filter.ts';

export const countEntries = query(Audit.countEntries, {
  policy: 'authenticated',
  request: z.object({ filter: entryFilter }),
  handle: async ({ filter }, { caller }, { db }) => ({
    count: BigInt(await count(db, visibleTo(caller, filter))),
  }),
});
