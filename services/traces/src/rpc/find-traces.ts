import { field } from '@lienthong/kit';
import { z } from 'zod';
import { cursorOf, findTraces as readTraces } from '../store/find-traces.ts';
import { list, OPERATORS, Traces } from './deps.ts';
import { toSummary, traceCursor } from './messages.ts';

const microseconds = z
  .date()
  .optional()
  .transform((at) => at && BigInt(at.getTime()) * 1_000n);

export const findTraces = list(Traces.findTraces, {
  policy: OPERATORS,
  request: z.object({
    dossierCode: field.text({ max: 100 }),
    documentId: field.optionalUuid,
    agencyId: field.optionalUuid,
    failedOnly: z.boolean(),
    slowerThanUs: z.bigint().refine((us) => us >= 0n, {
      message: 'must be a number of microseconds from 0 on',
      params: { reason: 'DURATION_INVALID' },
    }),
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
  handle: async (request, _, { db }) => {
    const { dossierCode, documentId, agencyId, failedOnly, slowerThanUs, from, to, page } = request;
    const stories = {
      'lienthong.dossier': dossierCode,
      'lienthong.document': documentId,
      'lienthong.agency': agencyId,
    };
    const filter = { stories, failedOnly, slowerThanUs, fromUs: from, toUs: to };
    const rows = await readTraces(db, filter, 'newest', page.after, page.limit);
    return page.cut(rows, cursorOf, (rows, nextPageToken) => ({
      traces: rows.map(toSummary),
      nextPageToken,
    }));
  },
});
