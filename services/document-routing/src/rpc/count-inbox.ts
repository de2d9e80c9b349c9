import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import { countInbox as count } from '../store/count-inbox.ts';
import { query, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';
import { filter } from './list-filter.ts';

export const countInbox = query(Routing.countInbox, {
  policy: WORKS_WITH_DOCUMENTS,
  request: z.object({ filter }),
  async handle({ filter }, { caller, today }, { db, agencies }) {
    await agencies.refresh(db);
    return { counts: await count(db, standsForAll(agencies, caller.agencyId, today), filter) };
  },
});
