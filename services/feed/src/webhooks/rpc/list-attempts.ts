import { field } from '@lienthong/kit';
import { z } from 'zod';
import { readAttempts, toAttempt } from '../store/attempts.ts';
import { list, MANAGES_WEBHOOKS, readOwn, Webhooks } from './deps.ts';

/** Newest first. Refuses: WEBHOOK_UNKNOWN. */
export const listAttempts = list(Webhooks.listAttempts, {
  policy: MANAGES_WEBHOOKS,
  request: z.object({ webhookId: field.uuid, eventId: field.optionalUuid, failedOnly: z.boolean() }),
  cursor: z.number().int(),
  async handle({ page, ...filter }, context, { db }) {
    await readOwn(db, context, filter.webhookId);
    const rows = await readAttempts(db, filter, page.after, page.limit);
    return page.cut(
      rows,
      ({ id }) => id,
      (rows, nextPageToken) => ({ attempts: rows.map(toAttempt), nextPageToken }),
    );
  },
});
