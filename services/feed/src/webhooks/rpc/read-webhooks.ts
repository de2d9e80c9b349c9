import { z } from 'zod';
import { readOwned, toWebhook } from '../store/webhooks.ts';
import { MANAGES_WEBHOOKS, query, readOwn, Webhooks, webhookId } from './deps.ts';

/** Refuses: WEBHOOK_UNKNOWN. */
export const getWebhook = query(Webhooks.getWebhook, {
  policy: MANAGES_WEBHOOKS,
  request: webhookId,
  handle: async (request, context, { db }) => ({
    webhook: toWebhook(await readOwn(db, context, request.webhookId)),
  }),
});

/** All webhooks of the agency; a setting limits their number. */
export const listWebhooks = query(Webhooks.listWebhooks, {
  policy: MANAGES_WEBHOOKS,
  request: z.object({}),
  handle: async (_, { caller }, { db }) => ({
    webhooks: (await readOwned(db, caller.agencyId)).map(toWebhook),
  }),
});
