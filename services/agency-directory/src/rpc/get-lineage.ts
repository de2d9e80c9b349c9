import { field } from '@lienthong/kit';
import { z } from 'zod';
import { readLineage } from '../store/agencies.ts';
import { Directory, query } from './deps.ts';
import { requireAgency } from './require-agency.ts';

export const getLineage = query(Directory.getLineage, {
  policy: 'authenticated',
  request: z.object({ agencyId: field.uuid }),
  handle: async ({ agencyId }, _, { db }) => {
    const agencies = await readLineage(db, agencyId);
    if (agencies.length === 0) await requireAgency(db, agencyId);
    const ids = new Set(agencies.map(({ id }) => id));
    const successions = agencies
      .flatMap(({ successors }) => successors.filter(({ successorId }) => ids.has(successorId)))
      .sort((a, b) => Number(a.effectiveOn > b.effectiveOn) - Number(a.effectiveOn < b.effectiveOn));
    return { agencies, successions };
  },
});
