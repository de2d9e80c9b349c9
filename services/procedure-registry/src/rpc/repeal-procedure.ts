import { RepealProcedureRequest, RepealProcedureResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, instant, parse } from '@lienthong/kit';
import { z } from 'zod';
import { decision, type Edge, onVersion, requireDecision } from './edge.ts';

const schema = z.object({ ...onVersion, endedOn: field.optionalDate, decision });

export function repealProcedure({ clock, commands }: Edge) {
  return async (request: RepealProcedureRequest, info: CallInfo): Promise<RepealProcedureResponse> => {
    requireDecision(request.decision);
    const { requestId, ...wanted } = parse(schema, request);
    return commands.execute({
      method: 'RepealProcedure',
      requestId,
      request,
      requestCodec: RepealProcedureRequest,
      replyCodec: RepealProcedureResponse,
      principal: info.principal,
      command: { kind: 'repeal', ...wanted, today: instant(clock).today },
    });
  };
}
