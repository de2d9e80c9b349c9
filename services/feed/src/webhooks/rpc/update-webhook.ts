import { UpdateWebhookRequest, UpdateWebhookResponse } from '@lienthong/contracts/feed';
import { type CallInfo, field, parse } from '@lienthong/kit';
import { checkUrl } from '@lienthong/outbound';
import { z } from 'zod';
import { updated } from '../domain/events.ts';
import { tryAnew } from '../store/resend.ts';
import { unknownHealth, updateWebhooks } from '../store/webhooks.ts';
import { actorOf, change, shown, typesField, type WebhookEdge, webhookIdFields } from './edge.ts';

const schema = z.object({
  ...webhookIdFields,
  url: z.string().trim().max(2_000),
  types: typesField,
  description: field.text({ max: 200 }),
});

/**
 * All three are replaced. Other types hold for events that come; what waits already is still sent. Of another address
 * nothing is known: what waits is tried there at once, with all its attempts. A suspended or paused webhook stays so.
 */
export function updateWebhook(edge: WebhookEdge) {
  return async (request: UpdateWebhookRequest, info: CallInfo): Promise<UpdateWebhookResponse> => {
    const { requestId, webhookId, types, description, url: given } = parse(schema, request);
    const url = await checkUrl(given, edge.address);
    const call = {
      method: 'UpdateWebhook',
      requestId,
      webhookId,
      request,
      requestCodec: UpdateWebhookRequest,
      replyCodec: UpdateWebhookResponse,
    };
    return change(edge, info, call, async (tx, webhook) => {
      const moved = url !== webhook.url;
      const row = {
        ...webhook,
        ...(moved && unknownHealth),
        url,
        types,
        description,
        version: webhook.version + 1,
      };
      updateWebhooks(tx, [row]);
      if (moved) tryAnew(tx, webhook.id, edge.clock.now());
      const reply = { webhook: await shown(tx, row) };
      edge.events.append(tx, [updated(row)], actorOf(info));
      return reply;
    });
  };
}
