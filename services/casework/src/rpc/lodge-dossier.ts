import { Channel } from '@lienthong/contracts/registry';
import { drawSecret, enumField, field, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { Casework, callerAndTimeOf, command, LARGE_REQUEST_BYTES, WORKS_WITH_DOSSIERS } from './deps.ts';
import { applicant, data, key, papers, requiredText, resultReturn } from './fields.ts';

/**
 * The dossier keeps only the SHA-256 of the tracking secret. The secret itself is, sealed, in the reply that is kept
 * under the request_id, so that a caller who lost the reply gets it again, and is forgotten with it.
 */
export const lodgeDossier = command(Casework.lodgeDossier, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({
    procedureCode: requiredText(40),
    channel: enumField(Channel),
    caseKey: key,
    applicant,
    data,
    papers,
    resultReturn,
    competentAgencyId: field.optionalUuid,
    territoryAgencyId: field.optionalUuid,
    accept: z.boolean(),
  }),
  rules: ({ competentAgencyId, territoryAgencyId }) =>
    competentAgencyId !== '' && territoryAgencyId !== ''
      ? [
          {
            field: 'territory_agency_id',
            reason: 'FIELD_NOT_ALLOWED',
            description: 'must be empty when competent_agency_id names the agency itself',
          },
        ]
      : [],
  maxBytes: LARGE_REQUEST_BYTES,
  sealer: ({ sealer }) => sealer,
  command: (request, context) => ({
    kind: 'lodge',
    ...request,
    ...callerAndTimeOf(context),
    dossierId: uuidv7(),
    secret: drawSecret(),
    parentDossierId: '',
    parentTask: 0,
  }),
});
