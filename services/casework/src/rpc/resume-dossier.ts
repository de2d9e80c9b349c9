import { ResumeDossierRequest, ResumeDossierResponse } from '@lienthong/contracts/casework';
import { transitionMethod } from './transition.ts';

export const resumeDossier = transitionMethod({
  method: 'ResumeDossier',
  kind: 'resume',
  fields: {},
  requestCodec: ResumeDossierRequest,
  replyCodec: ResumeDossierResponse,
});
