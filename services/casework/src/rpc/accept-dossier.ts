import { AcceptDossierRequest, AcceptDossierResponse } from '@lienthong/contracts/casework';
import { transitionMethod } from './transition.ts';

export const acceptDossier = transitionMethod({
  method: 'AcceptDossier',
  kind: 'accept',
  fields: {},
  requestCodec: AcceptDossierRequest,
  replyCodec: AcceptDossierResponse,
});
