import { RefuseDossierRequest, RefuseDossierResponse } from '@lienthong/contracts/casework';
import { requiredText } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const refuseDossier = transitionMethod({
  method: 'RefuseDossier',
  kind: 'refuse',
  fields: { reason: requiredText() },
  requestCodec: RefuseDossierRequest,
  replyCodec: RefuseDossierResponse,
});
