import { RecallDocumentRequest, RecallDocumentResponse } from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, field, instant, manyOf, parse } from '@lienthong/kit';
import { z } from 'zod';
import type { Edge } from './edge.ts';

const schema = z.object({
  requestId: field.uuid,
  documentId: field.uuid,
  reason: field.text({ min: 1, max: 500 }),
  recipientIds: manyOf(field.uuid, 5000),
});

export function recallDocument({ clock, commands }: Edge) {
  return (request: RecallDocumentRequest, info: CallInfo): Promise<RecallDocumentResponse> => {
    const callerId = callerOf(info);
    const { requestId, ...wanted } = parse(schema, request);
    return commands.execute({
      method: 'RecallDocument',
      requestId,
      request,
      requestCodec: RecallDocumentRequest,
      replyCodec: RecallDocumentResponse,
      principal: info.principal,
      command: { kind: 'recall', ...instant(clock), callerId, ...wanted },
    });
  };
}
