import {
  type GetAgencyEndpointRequest,
  type GetAgencyEndpointResponse,
  SetAgencyEndpointRequest,
  SetAgencyEndpointResponse,
} from '@lienthong/contracts/notification';
import { carryOutOnce } from '@lienthong/eventlog';
import { type CallInfo, callerOf, field, parse, sealedReply } from '@lienthong/kit';
import { type AddressRules, checkUrl, newWebhookSecret } from '@lienthong/outbound';
import { z } from 'zod';
import { deleteEndpoint, readOrigin, saveEndpoint } from '../store/endpoints.ts';
import type { Edge } from './edge.ts';

const schema = z.object({ requestId: field.uuid, url: field.text({ max: 2_000 }) });

/** An agency's own receiver of the channel webhook, under a new secret; an empty address takes it away. */
export const setAgencyEndpoint =
  ({ db, clock, sealer, address }: Edge & { address: AddressRules }) =>
  async (request: SetAgencyEndpointRequest, info: CallInfo): Promise<SetAgencyEndpointResponse> => {
    const agencyId = callerOf(info);
    const { requestId, url: given } = parse(schema, request);
    const url = given === '' ? '' : await checkUrl(given, address);
    const method = 'SetAgencyEndpoint';
    const call = {
      method,
      principal: info.principal,
      requestId,
      request,
      requestCodec: SetAgencyEndpointRequest,
      replyCodec: sealedReply(sealer, SetAgencyEndpointResponse, method),
    };
    return carryOutOnce(db, call, async (tx) => {
      if (url === '') {
        deleteEndpoint(tx, agencyId);
        return { secret: '' };
      }
      const secret = newWebhookSecret();
      saveEndpoint(tx, sealer, agencyId, { url, secret }, clock.now());
      return { secret };
    });
  };

export const getAgencyEndpoint =
  ({ db }: Edge) =>
  async (_: GetAgencyEndpointRequest, info: CallInfo): Promise<GetAgencyEndpointResponse> => {
    const found = await readOrigin(db, callerOf(info));
    return { origin: found?.origin ?? '', changedAt: found?.changed_at };
  };
