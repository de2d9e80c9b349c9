import { PublishProcedureResponse } from '@lienthong/contracts/registry';
import type { Work } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { today } from '../output/words.ts';
import { draftOf } from './version-of.ts';

interface PublishOptions {
  decision: string;
  signerName: string;
  signerPosition: string;
  decidedOn?: string;
  effectiveOn?: string;
  requestId?: string;
}

export async function publish({ client, out, options, args }: Work<PublishOptions>): Promise<void> {
  const [code = ''] = args;
  const draft = await draftOf(client, code);
  if (draft === undefined)
    throw new Failure(Exit.REFUSED, `${code} has no draft; lienthong procedures check makes one of a file`);
  const {
    decision,
    signerName,
    signerPosition,
    decidedOn = today(),
    effectiveOn = today(),
    requestId = '',
  } = options;
  const reply = await client.procedures.publishProcedure({
    requestId,
    procedureId: draft.id,
    effectiveOn,
    decision: { number: decision, decidedOn, signerName, signerPosition },
  });
  out.one(PublishProcedureResponse.toJSON(reply), () => [
    `Đã công bố ${code}, bản ${reply.procedure?.version}, hiệu lực từ ${reply.procedure?.effectiveOn} / published`,
  ]);
}
