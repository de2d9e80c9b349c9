import { field } from '@lienthong/kit';
import { z } from 'zod';
import { countReceived as readReceived } from '../store/statistics/count-received.ts';
import { query, Statistics } from './deps.ts';
import { agenciesSeenBy, narrowTo } from './statistics-scope.ts';

export const countReceived = query(Statistics.countReceived, {
  policy: 'authenticated',
  request: z.object({
    from: field.date,
    to: field.date,
    agencyId: field.optionalUuid,
    procedureCode: field.text({ max: 40 }),
  }),
  rules: ({ from, to }) =>
    from > to ? [{ field: 'to', reason: 'PERIOD_INVALID', description: 'must not be before from' }] : [],
  async handle({ agencyId, ...period }, context, deps) {
    const agencyIds = narrowTo(agencyId, await agenciesSeenBy(context, deps));
    return { months: await readReceived(deps.db, { ...period, agencyIds }) };
  },
});
