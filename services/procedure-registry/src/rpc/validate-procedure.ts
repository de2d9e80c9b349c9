import { ValidateProcedureRequest, ValidateProcedureResponse } from '@lienthong/contracts/registry';
import { type CallInfo, instant, parse } from '@lienthong/kit';
import { z } from 'zod';
import { type Edge, onVersion } from './edge.ts';

const schema = z.object(onVersion);

export function validateProcedure({ clock, commands }: Edge) {
  return async (request: ValidateProcedureRequest, info: CallInfo): Promise<ValidateProcedureResponse> => {
    const { requestId, procedureId } = parse(schema, request);
    return commands.execute({
      method: 'ValidateProcedure',
      requestId,
      request,
      requestCodec: ValidateProcedureRequest,
      replyCodec: ValidateProcedureResponse,
      principal: info.principal,
      command: { kind: 'validate', procedureId, today: instant(clock).today },
    });
  };
}
