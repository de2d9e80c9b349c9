import { PublishProcedureRequest, PublishProcedureResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, instant, parse } from '@lienthong/kit';
import { z } from 'zod';
import { decision, type Edge, onVersion, requireDecision } from './edge.ts';

const schema = z.object({ ...onVersion, effectiveOn: field.optionalDate, decision });

export function publishProcedure({ clock, commands }: Edge) {
  return async (request: PublishProcedureRequest, info: CallInfo): Promise<PublishProcedureResponse> => {
    requireDecision(request.decision);
    const { requestId, ...wanted } = parse(schema, request);
    return commands.execute({
      method: 'PublishProcedure',
      requestId,
      request,
      requestCodec: PublishProcedureRequest,
      replyCodec: PublishProcedureResponse,
      principal: info.principal,
      command: { kind: 'publish', ...wanted, today: instant(clock).today },
    });
  };
}
