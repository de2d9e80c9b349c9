import { DeliveryState, Document } from '@lienthong/contracts/routing';
import { field, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { query, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';
import { participation } from './participation.ts';

export const getDocument = query(Routing.getDocument, {
  policy: WORKS_WITH_DOCUMENTS,
  reads: 'buffered',
  request: z.object({ documentId: field.uuid }),
  handle: async ({ documentId }, context, deps) => {
    const { document, sender, deliveries } = await participation(deps, context, documentId);
    if (!sender && deliveries.every((one) => one.state === DeliveryState.RECALLED)) refuse(recalled);
    return { document: Document.decode(document.record) };
  },
});

const recalled: Refusal = {
  kind: 'permission-denied',
  reason: 'DOCUMENT_RECALLED',
  message: 'the document was recalled and your agency agreed; your agency may no longer read its content',
};
