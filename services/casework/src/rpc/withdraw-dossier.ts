import { WithdrawDossierRequest, WithdrawDossierResponse } from '@lienthong/contracts/casework';
import { optionalText } from './fields.ts';
import { transitionMethod } from './transition.ts';

export const withdrawDossier = transitionMethod({
  method: 'WithdrawDossier',
  kind: 'withdraw',
  fields: { reason: optionalText() },
  requestCodec: WithdrawDossierRequest,
  replyCodec: WithdrawDossierResponse,
});
