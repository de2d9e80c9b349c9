import { isUuid } from '@lienthong/kit';
import { hasEnded } from '@lienthong/reference-data';
import { z } from 'zod';
import { getAgency } from '../store/agencies.ts';
import { getOfficer } from '../store/officers.ts';
import { Directory, query } from './deps.ts';

export const getCaller = query(Directory.getCaller, {
  policy: 'authenticated',
  request: z.object({}),
  handle: async (_, { caller: { agencyId, officerId, roles }, expiresAt, today }, { db }) => {
    const [agency, officer] = await Promise.all([
      isUuid(agencyId) ? getAgency(db, agencyId) : undefined,
      isUuid(officerId) ? getOfficer(db, officerId, today) : undefined,
    ]);
    const readsOnly = agency !== undefined && hasEnded(agency, today);
    return { agency, officer, officerId, roles: [...roles], readsOnly, expiresAt };
  },
});
