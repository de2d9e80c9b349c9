import type {
  GetWebhookRequest,
  GetWebhookResponse,
  ListWebhooksRequest,
  ListWebhooksResponse,
} from '@lienthong/contracts/feed';
import { type CallInfo, callerOf, field, parse } from '@lienthong/kit';
import { z } from 'zod';
import { readOwned, toWebhook } from '../store/webhooks.ts';
import { ownWebhook, type WebhookEdge } from './edge.ts';

const schema = z.object({ webhookId: field.uuid });

export function getWebhook(edge: WebhookEdge) {
  return async (request: GetWebhookRequest, info: CallInfo): Promise<GetWebhookResponse> => {
    const { webhookId } = parse(schema, request);
    return { webhook: toWebhook(await ownWebhook(edge, info, webhookId)) };
  };
}

/** All of them: there are few. */
export function listWebhooks(edge: WebhookEdge) {
  return async (_: ListWebhooksRequest, info: CallInfo): Promise<ListWebhooksResponse> => ({
    webhooks: (await readOwned(edge.db, callerOf(info))).map(toWebhook),
  });
}
