import { ReviseProcedureRequest, ReviseProcedureResponse } from '@lienthong/contracts/registry';
import { type CallInfo, parse } from '@lienthong/kit';
import { z } from 'zod';
import { definitionIn, type Edge, onVersion } from './edge.ts';

const schema = z.object(onVersion);

export function reviseProcedure({ commands }: Edge) {
  return async (request: ReviseProcedureRequest, info: CallInfo): Promise<ReviseProcedureResponse> => {
    const { requestId, procedureId } = parse(schema, request);
    const definition = definitionIn(request.definition);
    return commands.execute({
      method: 'ReviseProcedure',
      requestId,
      request,
      requestCodec: ReviseProcedureRequest,
      replyCodec: ReviseProcedureResponse,
      principal: info.principal,
      command: { kind: 'revise', procedureId, definition },
    });
  };
}
