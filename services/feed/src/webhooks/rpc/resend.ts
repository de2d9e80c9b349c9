import { field, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { toWebhookResendRequested } from '../domain/events.ts';
import { subjectOfEvent } from '../domain/subject.ts';
import { readersOf } from '../fill.ts';
import { promote } from '../store/queue.ts';
import { eventsSince, findEvent, insertResend, takeBack } from '../store/resend.ts';
import { updateWebhooks } from '../store/webhooks.ts';
import { actorOf, CHANGE, lockOwn, mutation, Webhooks } from './deps.ts';

/**
 * Resends one event, before the events of its subject that still wait. An event that still waits is sent once.
 * Refuses: WEBHOOK_UNKNOWN, EVENT_UNKNOWN.
 */
export const resendEvent = mutation(Webhooks.resendEvent, {
  ...CHANGE,
  request: z.object({ webhookId: field.uuid, eventId: field.uuid }),
  async prepare(request, { caller, today }, { db, agencies }) {
    await agencies.refresh(db);
    return { ...request, readers: readersOf(agencies, caller.agencyId, today) };
  },
  async run(tx, { webhookId, eventId, readers }, context, { events }) {
    const webhook = await lockOwn(tx, context, webhookId);
    const event = await findEvent(tx, eventId, readers);
    if (event === undefined)
      return refuse({
        kind: 'not-found',
        reason: 'EVENT_UNKNOWN',
        message: 'event_id is not a kept event of your agency; ListEvents returns those that are',
      });
    // An event beyond the cursor was not sent yet, and will be.
    if (event.seq <= webhook.cursor) {
      const subject = subjectOfEvent(event.type, event.aggregate_id);
      insertResend(tx, webhook.id, { position: event.seq, subject, eventId, type: event.type });
      promote(tx, [{ webhookId: webhook.id, subject }], context.now);
    }
    const row = { ...webhook, version: webhook.version + 1 };
    updateWebhooks(tx, [row]);
    events.append(tx, [toWebhookResendRequested(row, { eventId, since: undefined })], actorOf(context));
    return {};
  },
});

/** Moves the webhook back to the first event since a moment and resends from there in order. Refuses: WEBHOOK_UNKNOWN. */
export const resendSince = mutation(Webhooks.resendSince, {
  ...CHANGE,
  request: z.object({
    webhookId: field.uuid,
    since: z.date({ error: 'is required: the moment from which events are sent again' }),
  }),
  async prepare(request, { caller, today }, { db, agencies }) {
    await agencies.refresh(db);
    return { ...request, readers: readersOf(agencies, caller.agencyId, today) };
  },
  async run(tx, { webhookId, since, readers }, context, { events }) {
    const webhook = await lockOwn(tx, context, webhookId);
    const { first, count } = await eventsSince(tx, readers, webhook.types, since, webhook.cursor);
    if (first !== null) takeBack(tx, webhook.id, first);
    const row = {
      ...webhook,
      cursor: first === null ? webhook.cursor : first - 1,
      resend_until: first === null ? webhook.resend_until : Math.max(webhook.resend_until, webhook.cursor),
      version: webhook.version + 1,
    };
    updateWebhooks(tx, [row]);
    events.append(tx, [toWebhookResendRequested(row, { eventId: '', since })], actorOf(context));
    return { events: count };
  },
});
