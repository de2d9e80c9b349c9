import {
  type AgencyWebhook,
  WebhookOperationsServiceDefinition,
  WebhookState,
} from '@lienthong/contracts/feed';
import { field, type Policy, type Refusal, refuse } from '@lienthong/kit';
import { hasEnded } from '@lienthong/reference-data';
import { z } from 'zod';
import { readAttempts, toAttempt } from '../store/attempts.ts';
import {
  type CountedWebhookRow,
  lockWebhooks,
  readAll,
  readOwned,
  readWebhooks,
  toWebhook,
} from '../store/webhooks.ts';
import { CHANGE, list, mutation, webhookId } from './deps.ts';
import { resume } from './pause-and-resume.ts';

const { methods: Operations } = WebhookOperationsServiceDefinition;
const OPERATORS: Policy = { anyOf: ['admin'] };

/** Without the path and query of the address, which may hold secrets of the agency. */
const toAgencyWebhook = (row: CountedWebhookRow): AgencyWebhook => ({
  agencyId: row.agency_id,
  webhook: { ...toWebhook(row), url: new URL(row.url).origin },
});

export const listAllWebhooks = list(Operations.listAllWebhooks, {
  policy: OPERATORS,
  request: z.object({ agencyId: field.optionalUuid, failingOnly: z.boolean() }),
  cursor: z.uuid(),
  async handle({ page, ...filter }, _, { db }) {
    return page.cut(
      await readAll(db, filter, page.after, page.limit),
      ({ id }) => id,
      (rows, nextPageToken) => ({ webhooks: rows.map(toAgencyWebhook), nextPageToken }),
    );
  },
});

/** Refuses: WEBHOOK_UNKNOWN. */
export const listWebhookAttempts = list(Operations.listWebhookAttempts, {
  policy: OPERATORS,
  request: z.object({ webhookId: field.uuid, failedOnly: z.boolean() }),
  cursor: z.number().int(),
  async handle({ page, webhookId, failedOnly }, _, { db }) {
    const [webhook] = await readWebhooks(db, [webhookId]);
    if (webhook === undefined) refuse(unknownWebhook);
    return page.cut(
      await readAttempts(db, { webhookId, eventId: '', failedOnly }, page.after, page.limit),
      ({ id }) => id,
      (rows, nextPageToken) => ({ attempts: rows.map(toAttempt), nextPageToken }),
    );
  },
});

/** Refuses: WEBHOOK_UNKNOWN, WEBHOOK_PAUSED, WEBHOOK_AGENCY_ENDED. */
export const resumeSuspendedWebhook = mutation(Operations.resumeSuspendedWebhook, {
  ...CHANGE,
  policy: OPERATORS,
  request: webhookId,
  async prepare(request, _, { db, agencies }) {
    await agencies.refresh(db);
    return request;
  },
  async run(tx, request, context, { events, agencies }) {
    const [webhook] = await lockWebhooks(tx, [request.webhookId]);
    if (webhook === undefined) return refuse(unknownWebhook);
    if (webhook.state === WebhookState.PAUSED) return refuse(paused);
    const agency = agencies.get(webhook.agency_id);
    if (agency !== undefined && hasEnded(agency, context.today)) return refuse(agencyEnded);
    if (webhook.state === WebhookState.SUSPENDED) resume(tx, webhook, context, events);
    const [row] = await readOwned(tx, webhook.agency_id, webhook.id);
    return { webhook: row && toAgencyWebhook(row) };
  },
});

const unknownWebhook: Refusal = {
  kind: 'not-found',
  reason: 'WEBHOOK_UNKNOWN',
  message: 'no agency has a webhook with this id; ListAllWebhooks returns those that there are',
};
const paused: Refusal = {
  kind: 'failed-precondition',
  reason: 'WEBHOOK_PAUSED',
  message: 'its agency has paused this webhook, and resumes it itself',
};
const agencyEnded: Refusal = {
  kind: 'failed-precondition',
  reason: 'WEBHOOK_AGENCY_ENDED',
  message: 'the agency of this webhook has ended; its successor creates webhooks of its own',
};
