import { randomUUID } from 'node:crypto';
import { CreateWebhookRequest, CreateWebhookResponse, Start, WebhookState } from '@lienthong/contracts/feed';
import { carryOutOnce } from '@lienthong/eventlog';
import { type CallInfo, callerOf, enumField, field, parse, refuse, sealedReply } from '@lienthong/kit';
import { checkUrl, newWebhookSecret } from '@lienthong/outbound';
import { z } from 'zod';
import { readHead } from '../../store/head.ts';
import { created } from '../domain/events.ts';
import { secretPlace } from '../sealed.ts';
import {
  countWebhooks,
  insertWebhook,
  lockAgency,
  unknownHealth,
  type WebhookRow,
} from '../store/webhooks.ts';
import { actorOf, shown, typesField, type WebhookEdge } from './edge.ts';

const schema = z.object({
  requestId: field.uuid,
  url: z.string().trim().max(2_000),
  types: typesField,
  description: field.text({ max: 200 }),
  start: enumField(Start, Start.NOW),
});

export function createWebhook(edge: WebhookEdge) {
  return async (request: CreateWebhookRequest, info: CallInfo): Promise<CreateWebhookResponse> => {
    const callerId = callerOf(info);
    const { requestId, start, ...given } = parse(schema, request);
    const url = await checkUrl(given.url, edge.address);
    const method = 'CreateWebhook';
    const call = {
      method,
      principal: info.principal,
      requestId,
      request,
      requestCodec: CreateWebhookRequest,
      replyCodec: sealedReply(edge.sealer, CreateWebhookResponse, method),
    };
    const reply = await carryOutOnce(edge.db, call, async (tx) => {
      lockAgency(tx, callerId);
      const [count, head] = await Promise.all([countWebhooks(tx, callerId), readHead(tx)]);
      if (count >= edge.perAgency)
        refuse({
          kind: 'resource-exhausted',
          reason: 'TOO_MANY_WEBHOOKS',
          message: `an agency may have ${edge.perAgency} webhooks; delete one that is not needed`,
        });
      const id = randomUUID();
      const secret = newWebhookSecret();
      const row: WebhookRow = {
        id,
        agency_id: callerId,
        url,
        types: given.types,
        description: given.description,
        state: WebhookState.ACTIVE,
        secret: edge.sealer.seal(secret, secretPlace(id)),
        previous_secret: null,
        previous_until: null,
        cursor: start === Start.OLDEST ? head.forgotten : head.seq,
        resend_until: 0,
        created_at: edge.clock.now(),
        version: 1,
        ...unknownHealth,
      };
      insertWebhook(tx, row);
      const webhook = await shown(tx, row);
      edge.events.append(tx, [created(row)], actorOf(info));
      return { webhook, secret };
    });
    edge.events.appended();
    edge.wake();
    return reply;
  };
}
