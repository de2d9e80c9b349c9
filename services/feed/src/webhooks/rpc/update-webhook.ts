import { field } from '@lienthong/kit';
import { checkUrl } from '@lienthong/outbound';
import { z } from 'zod';
import { toWebhookUpdated } from '../domain/events.ts';
import { retryAll } from '../store/resend.ts';
import { UNKNOWN_HEALTH, updateWebhooks } from '../store/webhooks.ts';
import { actorOf, CHANGE, lockOwn, mutation, readReply, typesField, Webhooks } from './deps.ts';

/**
 * Replaces all three fields. New types apply to events that follow; events that wait already are still sent. The health
 * of a new address is unknown: what waits is attempted there at once, with all its attempts. A suspended or paused
 * webhook stays so. Refuses: WEBHOOK_UNKNOWN, and what `checkUrl` refuses.
 */
export const updateWebhook = mutation(Webhooks.updateWebhook, {
  ...CHANGE,
  request: z.object({
    webhookId: field.uuid,
    url: z.string().trim().max(2_000),
    types: typesField,
    description: field.text({ max: 200 }),
  }),
  prepare: async (request, _, { address }) => ({ ...request, url: await checkUrl(request.url, address) }),
  async run(tx, { webhookId, url, types, description }, context, { events }) {
    const webhook = await lockOwn(tx, context, webhookId);
    const isMoved = url !== webhook.url;
    const row = {
      ...webhook,
      ...(isMoved && UNKNOWN_HEALTH),
      url,
      types,
      description,
      version: webhook.version + 1,
    };
    updateWebhooks(tx, [row]);
    if (isMoved) retryAll(tx, webhook.id, context.now);
    const reply = { webhook: await readReply(tx, row) };
    events.append(tx, [toWebhookUpdated(row)], actorOf(context));
    return reply;
  },
});
