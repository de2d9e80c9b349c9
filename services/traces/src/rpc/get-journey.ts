import { field } from '@lienthong/kit';
import { z } from 'zod';
import { cursorOf } from '../domain/source.ts';
import { list, OPERATORS, Traces } from './deps.ts';
import { toTrace, traceCursor } from './messages.ts';

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
  async handle({ dossierCode, documentId, page }, _, { source }) {
    const stories = { 'lienthong.dossier': dossierCode, 'lienthong.document': documentId };
    const found = await source.journey(stories, page.after, page.limit, MOST_SPANS);
    return page.cut(
      found,
      ({ sum }) => cursorOf(sum),
      (whole, nextPageToken) => ({ traces: whole.map(toTrace), nextPageToken }),
    );
  },
});
