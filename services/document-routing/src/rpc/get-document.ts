import {
  DeliveryState,
  Document,
  type GetDocumentRequest,
  type GetDocumentResponse,
} from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, field, parse, type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import type { Edge } from './edge.ts';
import { participation } from './participation.ts';

const schema = z.object({ documentId: field.uuid });

export function getDocument(edge: Edge) {
  return async (request: GetDocumentRequest, info: CallInfo): Promise<GetDocumentResponse> => {
    const callerId = callerOf(info);
    const { documentId } = parse(schema, request);
    const { document, sender, deliveries } = await participation(edge, callerId, documentId);
    if (!sender && deliveries.every((one) => one.state === DeliveryState.RECALLED)) refuse(recalled);
    return { document: Document.decode(document.record) };
  };
}

const recalled: Refusal = {
  kind: 'permission-denied',
  reason: 'DOCUMENT_RECALLED',
  message: 'the document was recalled and your agency agreed; its content is no longer yours to read',
};
