import { WebhookServiceDefinition } from '@lienthong/contracts/feed';
import { type EventLog, mutationWith } from '@lienthong/eventlog';
import {
  type Context,
  type Database,
  field,
  manyOf,
  methodsWith,
  type Policy,
  type Reader,
  type Refusal,
  refuse,
  type Sealer,
  type Tx,
} from '@lienthong/kit';
import type { AddressRules } from '@lienthong/outbound';
import type { AgencyCache } from '@lienthong/reference-data';
import { z } from 'zod';
import { isForFeeds } from '../../domain/concerns.ts';
import { lockWebhooks, readOwned, toWebhook, type WebhookRow } from '../store/webhooks.ts';

/** What the handlers work with. */
export interface WebhookDeps {
  db: Database;
  agencies: AgencyCache;
  events: EventLog;
  sealer: Sealer;
  address: AddressRules;
  /** Webhooks that one agency may have. */
  perAgency: number;
  /** Called when something may be due. */
  wake(): void;
}

export const { methods: Webhooks } = WebhookServiceDefinition;
export const { query, list } = methodsWith<WebhookDeps>();
export const mutation = mutationWith<WebhookDeps>();

/** An agency's administrators and leaders manage its webhooks. */
export const MANAGES_WEBHOOKS: Policy = { anyOf: ['admin', 'leader'], ofAgency: true };

/** What every change of a webhook has: its policy, and what follows its commit. */
export const CHANGE = {
  policy: MANAGES_WEBHOOKS,
  afterwards: ({ wake }: WebhookDeps) => wake(),
};

export const webhookId = z.object({ webhookId: field.uuid });

export const typesField = manyOf(
  z.string().superRefine((type, context) => {
    if (!isForFeeds(type))
      context.addIssue({
        code: 'custom',
        message: 'must be an event type, for example "lienthong.routing.v1.DeliverySent"',
        params: { reason: 'TYPE_UNKNOWN' },
      });
  }),
  100,
).transform((types) => [...new Set(types)]);

const unknownWebhook: Refusal = {
  kind: 'not-found',
  reason: 'WEBHOOK_UNKNOWN',
  message: 'your agency has no webhook with this id; ListWebhooks returns those it has',
};

/** A webhook of the caller's agency. Refuses: WEBHOOK_UNKNOWN. */
export async function readOwn(reader: Reader, { caller }: Context, id: string) {
  const [row] = await readOwned(reader, caller.agencyId, id);
  return row ?? refuse(unknownWebhook);
}

/** A webhook of the caller's agency, locked until the transaction ends. Refuses: WEBHOOK_UNKNOWN. */
export async function lockOwn(tx: Tx, { caller }: Context, id: string): Promise<WebhookRow> {
  const [row] = await lockWebhooks(tx, [id]);
  return row?.agency_id === caller.agencyId ? row : refuse(unknownWebhook);
}

/** A webhook in the form of the contract. */
export async function readReply(tx: Tx, row: WebhookRow) {
  const [read] = await readOwned(tx, row.agency_id, row.id);
  return read && toWebhook(read);
}

export const actorOf = ({ caller }: Context) => ({
  agencyId: caller.agencyId,
  officerId: caller.officerId,
});
