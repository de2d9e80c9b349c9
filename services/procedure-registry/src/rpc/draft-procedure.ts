import { DraftProcedureRequest, DraftProcedureResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, parse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { definitionIn, type Edge } from './edge.ts';

const schema = z.object({ requestId: field.uuid });

export function draftProcedure({ commands }: Edge) {
  return async (request: DraftProcedureRequest, info: CallInfo): Promise<DraftProcedureResponse> => {
    const { requestId } = parse(schema, request);
    const definition = definitionIn(request.definition);
    return commands.execute({
      method: 'DraftProcedure',
      requestId,
      request,
      requestCodec: DraftProcedureRequest,
      replyCodec: DraftProcedureResponse,
      principal: info.principal,
      command: { kind: 'draft', id: uuidv7(), definition },
    });
  };
}
