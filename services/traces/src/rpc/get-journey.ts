import { field } from '@lienthong/kit';
import { z } from 'zod';
import { cursorOf, findTraces } from '../store/find-traces.ts';
import { readSpans } from '../store/read-spans.ts';
import { list, OPERATORS, Traces } from './deps.ts';
import { toSpanMessage, toSummary, traceCursor } from './messages.ts';

const MOST_SPANS = 200;

export const getJourney = list(Traces.getJourney, {
  policy: OPERATORS,
  request: z.object({ dossierCode: field.text({ max: 100 }), documentId: field.optionalUuid }),
  rules: ({ dossierCode, documentId }) =>
    (dossierCode === '') === (documentId === '')
      ? [
          {
            field: 'dossier_code',
            reason: 'FIELD_REQUIRED',
            description: 'give it or document_id, one of both',
          },
        ]
      : [],
  cursor: traceCursor,
  cost: 4,
  async handle({ dossierCode, documentId, page }, _, { db }) {
    const stories = { 'lienthong.dossier': dossierCode, 'lienthong.document': documentId };
    const filter = { stories, failedOnly: false, slowerThanUs: 0n, fromUs: undefined, toUs: undefined };
    const rows = await findTraces(db, filter, 'oldest', page.after, page.limit);
    const spans = await readSpans(
      db,
      rows.map(({ trace_id }) => trace_id),
      MOST_SPANS,
    );
    return page.cut(rows, cursorOf, (rows, nextPageToken) => ({
      traces: rows.map((row) => ({
        summary: toSummary(row),
        spans: (spans.get(row.trace_id) ?? []).map(toSpanMessage),
      })),
      nextPageToken,
    }));
  },
});
