import { RotateWebhookSecretRequest, RotateWebhookSecretResponse } from '@lienthong/contracts/feed';
import { type CallInfo, parse, reseal, sealedReply } from '@lienthong/kit';
import { newWebhookSecret } from '@lienthong/outbound';
import { z } from 'zod';
import { secretRotated } from '../domain/events.ts';
import { ROTATION_MS } from '../domain/rotation.ts';
import { secretPlace } from '../sealed.ts';
import { updateWebhooks } from '../store/webhooks.ts';
import { actorOf, change, type WebhookEdge, webhookIdFields } from './edge.ts';

const schema = z.object(webhookIdFields);

/**
 * Rotated twice within the 24 hours, the first secret signs no more. A secret that cannot be unsealed is replaced as
 * well: so a webhook whose sealing key was lost gets one that works.
 */
export function rotateWebhookSecret(edge: WebhookEdge) {
  return async (
    request: RotateWebhookSecretRequest,
    info: CallInfo,
  ): Promise<RotateWebhookSecretResponse> => {
    const { requestId, webhookId } = parse(schema, request);
    const method = 'RotateWebhookSecret';
    const call = {
      method,
      requestId,
      webhookId,
      request,
      requestCodec: RotateWebhookSecretRequest,
      replyCodec: sealedReply(edge.sealer, RotateWebhookSecretResponse, method),
    };
    return change(edge, info, call, async (tx, webhook) => {
      const secret = newWebhookSecret();
      const place = secretPlace(webhook.id);
      const previous = reseal(edge.sealer, webhook.secret, place) ?? null;
      const row = {
        ...webhook,
        secret: edge.sealer.seal(secret, place),
        previous_secret: previous,
        previous_until: previous === null ? null : new Date(edge.clock.now().getTime() + ROTATION_MS),
        version: webhook.version + 1,
      };
      updateWebhooks(tx, [row]);
      edge.events.append(tx, [secretRotated(row)], actorOf(info));
      return { secret };
    });
  };
}
