import type { GetDossierRequest, GetDossierResponse } from '@lienthong/contracts/casework';
import { type CallInfo, field, invalid, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import type { Edge } from './edge.ts';
import { optionalText } from './fields.ts';
import { dossierFor } from './participation.ts';
import { shownDossier } from './shown-dossier.ts';

const schema = z.object({ dossierId: field.optionalUuid, code: optionalText(60) });

export function getDossier(edge: Edge) {
  return async (request: GetDossierRequest, info: CallInfo): Promise<GetDossierResponse> => {
    const which = parse(schema, request);
    if ((which.dossierId === '') === (which.code === ''))
      refuse(
        invalid([
          {
            field: 'dossier_id',
            description: 'give either dossier_id or code',
            reason: 'ONE_OF_REQUIRED',
          },
        ]),
      );
    return { dossier: shownDossier(await dossierFor(edge, info, which), edge.procedures) };
  };
}
