import { reseal } from '@lienthong/kit';
import { newWebhookSecret } from '@lienthong/outbound';
import { toWebhookSecretRotated } from '../domain/events.ts';
import { OLD_SECRET_SIGNS_MS } from '../domain/rotation.ts';
import { secretPlace } from '../sealed.ts';
import { updateWebhooks } from '../store/webhooks.ts';
import { actorOf, CHANGE, lockOwn, mutation, Webhooks, webhookId } from './deps.ts';

/**
 * The previous secret also signs for 24 hours. A second rotation in that time ends the first secret. If no sealing key
 * opens the current secret, rotation replaces it and there is no previous secret.
 *
 * Refuses: WEBHOOK_UNKNOWN.
 */
export const rotateWebhookSecret = mutation(Webhooks.rotateWebhookSecret, {
  ...CHANGE,
  request: webhookId,
  sealer: ({ sealer }) => sealer,
  async run(tx, request, context, { sealer, events }) {
    const webhook = await lockOwn(tx, context, request.webhookId);
    const secret = newWebhookSecret();
    const place = secretPlace(webhook.id);
    const previous = reseal(sealer, webhook.secret, place) ?? null;
    const row = {
      ...webhook,
      secret: sealer.seal(secret, place),
      previous_secret: previous,
      previous_until: previous === null ? null : new Date(context.now.getTime() + OLD_SECRET_SIGNS_MS),
      version: webhook.version + 1,
    };
    updateWebhooks(tx, [row]);
    events.append(tx, [toWebhookSecretRotated(row)], actorOf(context));
    return { secret };
  },
});
