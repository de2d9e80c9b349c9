import { field } from '@lienthong/kit';
import { z } from 'zod';
import { cursorOf } from '../domain/source.ts';
import { list, OPERATORS, Traces } from './deps.ts';
import { toSummary, traceCursor } from './messages.ts';

const LONGEST_US = 30n * 86_400_000_000n;

const microseconds = z
  .date()
  .optional()
  .transform((at) => at && at.getTime() * 1_000);

export const findTraces = list(Traces.findTraces, {
  policy: OPERATORS,
  request: z.object({
    dossierCode: field.text({ max: 100 }),
    documentId: field.optionalUuid,
    agencyId: field.optionalUuid,
    failedOnly: z.boolean(),
    slowerThanUs: z
      .bigint()
      .refine((us) => us >= 0n && us <= LONGEST_US, {
        message: 'must be a number of microseconds, from 0 to those of 30 days',
        params: { reason: 'DURATION_INVALID' },
      })
      .transform(Number),
    from: microseconds,
    to: microseconds,
  }),
  rules: ({ from, to }) =>
    from !== undefined && to !== undefined && from >= to
      ? [{ field: 'to', reason: 'PERIOD_INVALID', description: 'must be after from' }]
      : [],
  cursor: traceCursor,
  // An agency's traces and slow ones are looked for among all.
  cost: 4,
  handle: async (request, _, { source }) => {
    const { dossierCode, documentId, agencyId, failedOnly, slowerThanUs, from, to, page } = request;
    const stories = {
      'lienthong.dossier': dossierCode,
      'lienthong.document': documentId,
      'lienthong.agency': agencyId,
    };
    const filter = { stories, failedOnly, slowerThanUs, fromUs: from, toUs: to };
    const found = await source.find(filter, page.after, page.limit);
    return page.cut(found, cursorOf, (sums, nextPageToken) => ({
      traces: sums.map(toSummary),
      nextPageToken,
    }));
  },
});
