import { WebhookState } from '@lienthong/contracts/feed';
import type { EventLog } from '@lienthong/eventlog';
import type { Context, Tx } from '@lienthong/kit';
import { toWebhookPaused, toWebhookResumed } from '../domain/events.ts';
import { retryAll } from '../store/resend.ts';
import { updateWebhooks, type WebhookRow } from '../store/webhooks.ts';
import { actorOf, CHANGE, lockOwn, mutation, readReply, Webhooks, webhookId } from './deps.ts';

/**
 * Requests that are running are still recorded; no others start. A suspended webhook stays suspended.
 * Refuses: WEBHOOK_UNKNOWN.
 */
export const pauseWebhook = mutation(Webhooks.pauseWebhook, {
  ...CHANGE,
  request: webhookId,
  async run(tx, request, context, { events }) {
    const webhook = await lockOwn(tx, context, request.webhookId);
    if (webhook.state !== WebhookState.ACTIVE) return { webhook: await readReply(tx, webhook) };
    const row = { ...webhook, state: WebhookState.PAUSED, version: webhook.version + 1 };
    updateWebhooks(tx, [row]);
    const reply = { webhook: await readReply(tx, row) };
    events.append(tx, [toWebhookPaused(row)], actorOf(context));
    return reply;
  },
});

/** Continues where it stopped; what failed before gets all its attempts again. Refuses: WEBHOOK_UNKNOWN. */
export const resumeWebhook = mutation(Webhooks.resumeWebhook, {
  ...CHANGE,
  request: webhookId,
  async run(tx, request, context, { events }) {
    const webhook = await lockOwn(tx, context, request.webhookId);
    if (webhook.state !== WebhookState.ACTIVE) resume(tx, webhook, context, events);
    return { webhook: await readReply(tx, webhook) };
  },
});

/** Lets a webhook whose row is locked go on. */
export function resume(tx: Tx, webhook: WebhookRow, context: Context, events: EventLog): void {
  const row = {
    ...webhook,
    state: WebhookState.ACTIVE,
    version: webhook.version + 1,
    failures: 0,
    failing_since: null,
    rest_until: null,
  };
  updateWebhooks(tx, [row]);
  retryAll(tx, webhook.id, context.now);
  events.append(tx, [toWebhookResumed(row)], actorOf(context));
}
