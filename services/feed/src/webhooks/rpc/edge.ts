import { isEventType } from '@lienthong/contracts/events';
import { carryOutOnce, type EventLog, type OnceCall } from '@lienthong/eventlog';
import {
  type CallInfo,
  type Clock,
  callerOf,
  type Database,
  field,
  manyOf,
  type Policy,
  type Refusal,
  refuse,
  type Sealer,
  type Tx,
} from '@lienthong/kit';
import type { AddressRules } from '@lienthong/outbound';
import type { AgencyCache } from '@lienthong/reference-data';
import { z } from 'zod';
import { lockWebhooks, readOwned, toWebhook, type WebhookRow } from '../store/webhooks.ts';

/** What the handlers share. */
export interface WebhookEdge {
  db: Database;
  clock: Clock;
  agencies: AgencyCache;
  events: EventLog;
  sealer: Sealer;
  address: AddressRules;
  perAgency: number;
  /** There may be something to send. */
  wake(): void;
}

/** An agency's administrators and leaders manage its webhooks. */
export const MANAGES_WEBHOOKS: Policy = { anyOf: ['admin', 'leader'] };

export const webhookIdFields = { requestId: field.uuid, webhookId: field.uuid };

export const typesField = manyOf(
  z.string().superRefine((type, context) => {
    if (!isEventType(type))
      context.addIssue({
        code: 'custom',
        message: 'is no type of event, such as "lienthong.routing.v1.DeliverySent"',
        params: { reason: 'TYPE_UNKNOWN' },
      });
  }),
  100,
).transform((types) => [...new Set(types)]);

export const unknownWebhook: Refusal = {
  kind: 'not-found',
  reason: 'WEBHOOK_UNKNOWN',
  message: 'your agency has no such webhook; ListWebhooks names those it has',
};

/** One of the caller's agency's webhooks, as it is shown. */
export async function ownWebhook(edge: WebhookEdge, info: CallInfo, webhookId: string) {
  const [row] = await readOwned(edge.db, callerOf(info), webhookId);
  return row ?? refuse(unknownWebhook);
}

export async function shown(tx: Tx, row: WebhookRow) {
  const [read] = await readOwned(tx, row.agency_id, row.id);
  return read && toWebhook(read);
}

/** A change of one of the caller's agency's webhooks, once per request_id, under the webhook's lock. */
export async function change<Q, P>(
  edge: WebhookEdge,
  info: CallInfo,
  call: Omit<OnceCall<Q, P>, 'principal'> & { webhookId: string },
  run: (tx: Tx, webhook: WebhookRow) => Promise<P>,
): Promise<P> {
  const callerId = callerOf(info);
  const { webhookId, ...once } = call;
  const reply = await carryOutOnce(edge.db, { ...once, principal: info.principal }, async (tx) => {
    const [webhook] = await lockWebhooks(tx, [webhookId]);
    return run(tx, webhook?.agency_id === callerId ? webhook : refuse(unknownWebhook));
  });
  edge.events.appended();
  edge.wake();
  return reply;
}

export const actorOf = ({ principal }: CallInfo) => ({
  agencyId: principal.agencyId,
  officerId: principal.officerId,
});
