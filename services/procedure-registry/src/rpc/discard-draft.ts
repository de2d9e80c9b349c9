import { DiscardDraftRequest, DiscardDraftResponse } from '@lienthong/contracts/registry';
import { type CallInfo, parse } from '@lienthong/kit';
import { z } from 'zod';
import { type Edge, onVersion } from './edge.ts';

const schema = z.object(onVersion);

export function discardDraft({ commands }: Edge) {
  return async (request: DiscardDraftRequest, info: CallInfo): Promise<DiscardDraftResponse> => {
    const { requestId, procedureId } = parse(schema, request);
    return commands.execute({
      method: 'DiscardDraft',
      requestId,
      request,
      requestCodec: DiscardDraftRequest,
      replyCodec: DiscardDraftResponse,
      principal: info.principal,
      command: { kind: 'discard', procedureId },
    });
  };
}
