import { toWebhookDeleted } from '../domain/events.ts';
import { deleteWebhook as deleteRow } from '../store/webhooks.ts';
import { actorOf, CHANGE, lockOwn, mutation, Webhooks, webhookId } from './deps.ts';

/** Deletes it with its waiting events and its attempts. Refuses: WEBHOOK_UNKNOWN. */
export const deleteWebhook = mutation(Webhooks.deleteWebhook, {
  ...CHANGE,
  request: webhookId,
  async run(tx, request, context, { events }) {
    const webhook = await lockOwn(tx, context, request.webhookId);
    deleteRow(tx, webhook.id);
    events.append(tx, [toWebhookDeleted({ ...webhook, version: webhook.version + 1 })], actorOf(context));
    return {};
  },
});
