import { StopDossierRequest, StopDossierResponse } from '@lienthong/contracts/casework';
import { requiredText } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const stopDossier = transitionMethod({
  method: 'StopDossier',
  kind: 'stop',
  fields: { reason: requiredText() },
  requestCodec: StopDossierRequest,
  replyCodec: StopDossierResponse,
});
