import { LodgeDossierRequest, LodgeDossierResponse } from '@lienthong/contracts/casework';
import { Channel } from '@lienthong/contracts/registry';
import { type CallInfo, enumField, field, parse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { drawSecret } from '../secret.ts';
import { asked, type Edge } from './edge.ts';
import { applicant, data, papers, requiredText } from './fields.ts';

const schema = z.object({
  requestId: field.uuid,
  procedureCode: requiredText(40),
  channel: enumField(Channel),
  applicant,
  data,
  papers,
  accept: z.boolean(),
});

/**
 * Of the secret only its SHA-256 is kept with the dossier. It is readable in one place, the reply kept under the
 * request_id, so that a caller who has lost the answer gets it again; that is forgotten with the request.
 */
export function lodgeDossier(edge: Edge) {
  return async (request: LodgeDossierRequest, info: CallInfo): Promise<LodgeDossierResponse> => {
    const at = asked(edge, info);
    const { requestId, ...said } = parse(schema, request);
    return edge.commands.execute({
      method: 'LodgeDossier',
      requestId,
      request,
      requestCodec: LodgeDossierRequest,
      replyCodec: LodgeDossierResponse,
      principal: info.principal,
      command: {
        kind: 'lodge',
        ...at,
        ...said,
        dossierId: uuidv7(),
        secret: drawSecret(),
        parentDossierId: '',
        parentTask: 0,
      },
    });
  };
}
