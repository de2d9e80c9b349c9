import { field } from '@lienthong/kit';
import { z } from 'zod';
import { Directory, query } from './deps.ts';
import { requireAgency } from './require-agency.ts';

export const getAgency = query(Directory.getAgency, {
  policy: 'authenticated',
  request: z.object({ agencyId: field.uuid }),
  handle: async ({ agencyId }, _, { db }) => ({ agency: await requireAgency(db, agencyId) }),
});
