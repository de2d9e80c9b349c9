import { DeleteWebhookRequest, DeleteWebhookResponse } from '@lienthong/contracts/feed';
import { type CallInfo, parse } from '@lienthong/kit';
import { z } from 'zod';
import { deleted } from '../domain/events.ts';
import { deleteWebhook as deleteRow } from '../store/webhooks.ts';
import { actorOf, change, type WebhookEdge, webhookIdFields } from './edge.ts';

const schema = z.object(webhookIdFields);

/** With what waits for it and its log of attempts. */
export function deleteWebhook(edge: WebhookEdge) {
  return async (request: DeleteWebhookRequest, info: CallInfo): Promise<DeleteWebhookResponse> => {
    const { requestId, webhookId } = parse(schema, request);
    const call = {
      method: 'DeleteWebhook',
      requestId,
      webhookId,
      request,
      requestCodec: DeleteWebhookRequest,
      replyCodec: DeleteWebhookResponse,
    };
    return change(edge, info, call, async (tx, webhook) => {
      deleteRow(tx, webhook.id);
      const last = { ...webhook, version: webhook.version + 1 };
      edge.events.append(tx, [deleted(last)], actorOf(info));
      return {};
    });
  };
}
