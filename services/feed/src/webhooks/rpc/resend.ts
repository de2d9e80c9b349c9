import {
  ResendEventRequest,
  ResendEventResponse,
  ResendSinceRequest,
  ResendSinceResponse,
} from '@lienthong/contracts/feed';
import { type CallInfo, callerOf, field, instant, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { resendRequested } from '../domain/events.ts';
import { subjectOfEvent } from '../domain/subject.ts';
import { readersOf } from '../fill.ts';
import { promote } from '../store/queue.ts';
import { eventsSince, findEvent, insertResend, takeBack } from '../store/resend.ts';
import { updateWebhooks } from '../store/webhooks.ts';
import { actorOf, change, type WebhookEdge, webhookIdFields } from './edge.ts';

const eventSchema = z.object({ ...webhookIdFields, eventId: field.uuid });

/** Before the events of its subject that still wait. An event that waits itself is not sent twice. */
export function resendEvent(edge: WebhookEdge) {
  return async (request: ResendEventRequest, info: CallInfo): Promise<ResendEventResponse> => {
    const { requestId, webhookId, eventId } = parse(eventSchema, request);
    await edge.agencies.refresh(edge.db);
    const { now, today } = instant(edge.clock);
    const readers = readersOf(edge.agencies, callerOf(info), today);
    const call = {
      method: 'ResendEvent',
      requestId,
      webhookId,
      request,
      requestCodec: ResendEventRequest,
      replyCodec: ResendEventResponse,
    };
    return change(edge, info, call, async (tx, webhook) => {
      const event = await findEvent(tx, eventId, readers);
      if (event === undefined)
        return refuse({
          kind: 'not-found',
          reason: 'EVENT_UNKNOWN',
          message: 'event_id is no event of your agency that is still kept; ListEvents names them',
        });
      // Beyond the cursor it has not been sent yet, and will be.
      if (event.seq <= webhook.cursor) {
        const subject = subjectOfEvent(event.type, event.aggregate_id);
        insertResend(tx, webhook.id, { position: event.seq, subject, eventId, type: event.type });
        promote(tx, [{ webhookId: webhook.id, subject }], now);
      }
      const row = { ...webhook, version: webhook.version + 1 };
      updateWebhooks(tx, [row]);
      edge.events.append(tx, [resendRequested(row, { eventId, since: undefined })], actorOf(info));
      return {};
    });
  };
}

const sinceSchema = z.object({
  ...webhookIdFields,
  since: z.date({ error: 'is required: the instant from which events are sent again' }),
});

/** The webhook goes back to the first event since then, and sends everything from there in its order. */
export function resendSince(edge: WebhookEdge) {
  return async (request: ResendSinceRequest, info: CallInfo): Promise<ResendSinceResponse> => {
    const { requestId, webhookId, since } = parse(sinceSchema, request);
    await edge.agencies.refresh(edge.db);
    const readers = readersOf(edge.agencies, callerOf(info), instant(edge.clock).today);
    const call = {
      method: 'ResendSince',
      requestId,
      webhookId,
      request,
      requestCodec: ResendSinceRequest,
      replyCodec: ResendSinceResponse,
    };
    return change(edge, info, call, async (tx, webhook) => {
      const { first, count } = await eventsSince(tx, readers, webhook.types, since, webhook.cursor);
      if (first !== null) takeBack(tx, webhook.id, first);
      const row = {
        ...webhook,
        cursor: first === null ? webhook.cursor : first - 1,
        resend_until: first === null ? webhook.resend_until : Math.max(webhook.resend_until, webhook.cursor),
        version: webhook.version + 1,
      };
      updateWebhooks(tx, [row]);
      edge.events.append(tx, [resendRequested(row, { eventId: '', since })], actorOf(info));
      return { events: count };
    });
  };
}
