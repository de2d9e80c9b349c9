import type { NewEvent } from '@lienthong/eventlog';

/** What an event carries of the webhook, as the webhook is after it. */
export interface WebhookFacts {
  id: string;
  agency_id: string;
  url: string;
  types: readonly string[];
  description: string;
  version: number;
  failing_since: Date | null;
  last_error: string;
}

/** The part of a webhook's address that cannot be a secret. */
export const originOf = (url: string): string => URL.parse(url)?.origin ?? '';

const base = (webhook: WebhookFacts) => ({
  aggregateId: webhook.id,
  version: webhook.version,
  // Subjects end with a code; a webhook belongs to the stable id, whatever its agency's code is today.
  agencyCode: '',
  agencyId: webhook.agency_id,
});
const ids = ({ id, agency_id }: WebhookFacts) => ({ webhookId: id, agencyId: agency_id });
const described = (webhook: WebhookFacts) => ({
  ...ids(webhook),
  origin: originOf(webhook.url),
  types: [...webhook.types],
  description: webhook.description,
});

export const toWebhookCreated = (webhook: WebhookFacts): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookCreated',
  payload: described(webhook),
  ...base(webhook),
});

export const toWebhookUpdated = (webhook: WebhookFacts): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookUpdated',
  payload: described(webhook),
  ...base(webhook),
});

export const toWebhookSuspended = (webhook: WebhookFacts): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookSuspended',
  payload: {
    ...ids(webhook),
    origin: originOf(webhook.url),
    description: webhook.description,
    failingSince: webhook.failing_since ?? undefined,
    lastError: webhook.last_error,
  },
  ...base(webhook),
});

export const toWebhookSecretRotated = (webhook: WebhookFacts): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookSecretRotated',
  payload: ids(webhook),
  ...base(webhook),
});
export const toWebhookPaused = (webhook: WebhookFacts): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookPaused',
  payload: ids(webhook),
  ...base(webhook),
});
export const toWebhookResumed = (webhook: WebhookFacts): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookResumed',
  payload: ids(webhook),
  ...base(webhook),
});
export const toWebhookDeleted = (webhook: WebhookFacts): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookDeleted',
  payload: ids(webhook),
  ...base(webhook),
});
export const toWebhookResendRequested = (
  webhook: WebhookFacts,
  request: { eventId: string; since: Date | undefined },
): NewEvent => ({
  type: 'lienthong.feed.v1.WebhookResendRequested',
  payload: { ...ids(webhook), ...request },
  ...base(webhook),
});
