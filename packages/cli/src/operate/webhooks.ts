import {
  Attempt,
  CreateWebhookResponse,
  ResendSinceResponse,
  Webhook,
  WebhookState,
} from '@lienthong/contracts/feed';
import type { Action, Work } from '../command.ts';
import { usage } from '../failure.ts';
import { timeText } from '../output/words.ts';
import type { Change } from './changes.ts';

const STATES: Readonly<Record<WebhookState, string>> = {
  [WebhookState.UNSPECIFIED]: '',
  [WebhookState.ACTIVE]: 'active',
  [WebhookState.PAUSED]: 'paused',
  [WebhookState.SUSPENDED]: 'suspended',
};

export async function list({ client, out }: Work<object>): Promise<void> {
  const { webhooks } = await client.webhooks.listWebhooks({});
  out.list(
    webhooks,
    [
      { title: 'id', of: ({ id }) => id },
      { title: 'url', of: ({ url }) => url },
      { title: 'state', of: ({ state }) => STATES[state] },
      { title: 'pending', of: ({ pending }) => String(pending) },
      { title: 'last success', of: ({ lastSuccessAt }) => timeText(lastSuccessAt) },
      { title: 'last error', of: ({ lastError }) => lastError, cut: true },
    ],
    (one) => Webhook.toJSON(one),
  );
}

interface CreateOptions {
  type?: string[];
  description?: string;
  requestId?: string;
}

export async function create({ client, out, options, args }: Work<CreateOptions>): Promise<void> {
  const [url = ''] = args;
  const { type: types = [], description = '', requestId = '' } = options;
  const reply = await client.webhooks.createWebhook({ requestId, url, types, description });
  out.one(CreateWebhookResponse.toJSON(reply), () => [`${reply.webhook?.id}`, reply.secret]);
}

type ChangeAction = Action<{ requestId?: string }>;

/** Each with the id of the webhook as its argument. */
export const changes: Record<Change, ChangeAction> = {
  pause: changing(async ({ webhooks }, request) => (await webhooks.pauseWebhook(request)).webhook),
  resume: changing(async ({ webhooks }, request) => (await webhooks.resumeWebhook(request)).webhook),
  async rotate({ client, out, ...given }) {
    const reply = await client.webhooks.rotateWebhookSecret(requestOf(given));
    out.one(reply, () => [reply.secret]);
  },
  async delete({ client, out, ...given }) {
    const request = requestOf(given);
    await client.webhooks.deleteWebhook(request);
    out.one({ deleted: request.webhookId }, () => [`deleted ${request.webhookId}`]);
  },
};

type Client = Work<object>['client'];

function changing(
  change: (client: Client, request: ReturnType<typeof requestOf>) => Promise<Webhook | undefined>,
): ChangeAction {
  return async ({ client, out, ...given }) => {
    const webhook = Webhook.fromPartial((await change(client, requestOf(given))) ?? {});
    out.one(Webhook.toJSON(webhook), () => [`${webhook.id}: ${STATES[webhook.state]}`]);
  };
}

const requestOf = ({ args, options }: Pick<Work<{ requestId?: string }>, 'args' | 'options'>) => ({
  webhookId: args[0] ?? '',
  requestId: options.requestId ?? '',
});

interface AttemptsOptions {
  failed?: boolean;
  limit: number;
}

export async function attempts({ client, out, options, args }: Work<AttemptsOptions>): Promise<void> {
  const [webhookId = ''] = args;
  const { attempts: found } = await client.webhooks.listAttempts({
    webhookId,
    failedOnly: options.failed ?? false,
    pageSize: options.limit,
  });
  out.list(
    found,
    [
      { title: 'at', of: ({ at }) => timeText(at) },
      { title: 'event', of: ({ eventId }) => eventId },
      { title: 'type', of: ({ type }) => type.replace('lienthong.', '') },
      { title: 'no.', of: ({ number }) => String(number) },
      { title: 'status', of: ({ status }) => (status === 0 ? '' : String(status)) },
      { title: 'delivered', of: ({ delivered }) => (delivered ? 'yes' : 'no') },
      { title: 'answer', of: ({ answer }) => answer, cut: true },
    ],
    (one) => Attempt.toJSON(one),
  );
}

interface ResendOptions {
  event?: string;
  since?: string;
  requestId?: string;
}

export async function resend({ client, out, options, args }: Work<ResendOptions>): Promise<void> {
  const { event, since, requestId = '' } = options;
  const [webhookId = ''] = args;
  if ((event === undefined) === (since === undefined)) throw usage('resend needs either --event or --since');
  if (event !== undefined) {
    await client.webhooks.resendEvent({ requestId, webhookId, eventId: event });
    return out.one({ events: 1 }, () => [`${event} is sent again`]);
  }
  const at = new Date(since ?? '');
  if (Number.isNaN(at.getTime()))
    throw usage(`--since ${since} must be a time such as 2026-01-15T08:00:00+07:00`);
  const reply = await client.webhooks.resendSince({ requestId, webhookId, since: at });
  out.one(ResendSinceResponse.toJSON(reply), () => [`${reply.events} events are sent again`]);
}
