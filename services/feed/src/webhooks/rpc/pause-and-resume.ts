import {
  PauseWebhookRequest,
  PauseWebhookResponse,
  ResumeWebhookRequest,
  ResumeWebhookResponse,
  WebhookState,
} from '@lienthong/contracts/feed';
import { type CallInfo, parse } from '@lienthong/kit';
import { z } from 'zod';
import { paused, resumed } from '../domain/events.ts';
import { tryAnew } from '../store/resend.ts';
import { updateWebhooks } from '../store/webhooks.ts';
import { actorOf, change, shown, type WebhookEdge, webhookIdFields } from './edge.ts';

const schema = z.object(webhookIdFields);

/** What is being sent is still recorded; nothing more is sent. Pausing a suspended webhook leaves it suspended. */
export function pauseWebhook(edge: WebhookEdge) {
  return async (request: PauseWebhookRequest, info: CallInfo): Promise<PauseWebhookResponse> => {
    const { requestId, webhookId } = parse(schema, request);
    const call = {
      method: 'PauseWebhook',
      requestId,
      webhookId,
      request,
      requestCodec: PauseWebhookRequest,
      replyCodec: PauseWebhookResponse,
    };
    return change(edge, info, call, async (tx, webhook) => {
      if (webhook.state !== WebhookState.ACTIVE) return { webhook: await shown(tx, webhook) };
      const row = { ...webhook, state: WebhookState.PAUSED, version: webhook.version + 1 };
      updateWebhooks(tx, [row]);
      const reply = { webhook: await shown(tx, row) };
      edge.events.append(tx, [paused(row)], actorOf(info));
      return reply;
    });
  };
}

/** Goes on where it stopped; what failed before gets all its attempts again. */
export function resumeWebhook(edge: WebhookEdge) {
  return async (request: ResumeWebhookRequest, info: CallInfo): Promise<ResumeWebhookResponse> => {
    const { requestId, webhookId } = parse(schema, request);
    const call = {
      method: 'ResumeWebhook',
      requestId,
      webhookId,
      request,
      requestCodec: ResumeWebhookRequest,
      replyCodec: ResumeWebhookResponse,
    };
    return change(edge, info, call, async (tx, webhook) => {
      if (webhook.state === WebhookState.ACTIVE) return { webhook: await shown(tx, webhook) };
      const row = {
        ...webhook,
        state: WebhookState.ACTIVE,
        version: webhook.version + 1,
        failures: 0,
        failing_since: null,
        rest_until: null,
      };
      updateWebhooks(tx, [row]);
      tryAnew(tx, webhook.id, edge.clock.now());
      const reply = { webhook: await shown(tx, row) };
      edge.events.append(tx, [resumed(row)], actorOf(info));
      return reply;
    });
  };
}
