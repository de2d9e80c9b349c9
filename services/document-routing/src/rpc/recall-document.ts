import { field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import { command, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';

export const recallDocument = command(Routing.recallDocument, {
  policy: WORKS_WITH_DOCUMENTS,
  request: z.object({
    documentId: field.uuid,
    reason: field.text({ min: 1, max: 500 }),
    recipientIds: manyOf(field.uuid, 5000),
  }),
  maxBytes: 256 * 1024,
  command: (request, { caller, now, today }) => ({
    kind: 'recall',
    now,
    today,
    callerId: caller.agencyId,
    officerId: caller.officerId,
    ...request,
  }),
});
