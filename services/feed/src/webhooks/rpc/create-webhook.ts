import { randomUUID } from 'node:crypto';
import { Start, WebhookState } from '@lienthong/contracts/feed';
import { enumField, field, refuse } from '@lienthong/kit';
import { checkUrl, newWebhookSecret } from '@lienthong/outbound';
import { z } from 'zod';
import { readHead } from '../../store/head.ts';
import { toWebhookCreated } from '../domain/events.ts';
import { secretPlace } from '../sealed.ts';
import {
  countWebhooks,
  insertWebhook,
  lockAgency,
  UNKNOWN_HEALTH,
  type WebhookRow,
} from '../store/webhooks.ts';
import { actorOf, CHANGE, mutation, readReply, typesField, Webhooks } from './deps.ts';

/** Refuses: TOO_MANY_WEBHOOKS, and what `checkUrl` refuses. */
export const createWebhook = mutation(Webhooks.createWebhook, {
  ...CHANGE,
  request: z.object({
    url: z.string().trim().max(2_000),
    types: typesField,
    description: field.text({ max: 200 }),
    start: enumField(Start, Start.NOW),
  }),
  prepare: async (request, _, { address }) => ({ ...request, url: await checkUrl(request.url, address) }),
  sealer: ({ sealer }) => sealer,
  async run(tx, { url, types, description, start }, context, { sealer, events, perAgency }) {
    const { caller, now } = context;
    lockAgency(tx, caller.agencyId);
    const [count, head] = await Promise.all([countWebhooks(tx, caller.agencyId), readHead(tx)]);
    if (count >= perAgency)
      refuse({
        kind: 'resource-exhausted',
        reason: 'TOO_MANY_WEBHOOKS',
        message: `an agency may have ${perAgency} webhooks; delete one that is not needed`,
      });
    const id = randomUUID();
    const secret = newWebhookSecret();
    const row: WebhookRow = {
      id,
      agency_id: caller.agencyId,
      url,
      types,
      description,
      state: WebhookState.ACTIVE,
      secret: sealer.seal(secret, secretPlace(id)),
      previous_secret: null,
      previous_until: null,
      cursor: start === Start.OLDEST ? head.forgotten : head.seq,
      resend_until: 0,
      created_at: now,
      version: 1,
      ...UNKNOWN_HEALTH,
    };
    insertWebhook(tx, row);
    const webhook = await readReply(tx, row);
    events.append(tx, [toWebhookCreated(row)], actorOf(context));
    return { webhook, secret };
  },
});
