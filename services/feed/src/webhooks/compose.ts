import { WebhookOperationsServiceDefinition, WebhookServiceDefinition } from '@lienthong/contracts/feed';
import type { EventLog } from '@lienthong/eventlog';
import {
  dueWorker,
  type RpcService,
  rpcService,
  type ServiceContext,
  vietnamDate,
  type Worker,
} from '@lienthong/kit';
import { addressRules, createHttpClient, createResealer } from '@lienthong/outbound';
import type { AgencyCache } from '@lienthong/reference-data';
import { readWebhookConfig } from './config.ts';
import { createDispatcher } from './dispatcher.ts';
import { advanceCursors } from './fill.ts';
import { queueMetrics } from './metrics.ts';
import { createWebhook } from './rpc/create-webhook.ts';
import { deleteWebhook } from './rpc/delete-webhook.ts';
import type { WebhookDeps } from './rpc/deps.ts';
import { listAttempts } from './rpc/list-attempts.ts';
import { listAllWebhooks, listWebhookAttempts, resumeSuspendedWebhook } from './rpc/operations.ts';
import { pauseWebhook, resumeWebhook } from './rpc/pause-and-resume.ts';
import { getWebhook, listWebhooks } from './rpc/read-webhooks.ts';
import { resendEvent, resendSince } from './rpc/resend.ts';
import { rotateWebhookSecret } from './rpc/rotate-webhook-secret.ts';
import { updateWebhook } from './rpc/update-webhook.ts';
import { forgetAttempts } from './store/attempts.ts';
import { resealSecrets } from './store/reseal.ts';
import { suspendEnded } from './suspend-ended.ts';

const HOUSEKEEPING_MS = 600_000;
const ENDED_CHECK_MS = 1_000;
const FORGET_BATCH = 5_000;
const DAY_MS = 86_400_000;

export interface Webhooks {
  rpc: readonly RpcService[];
  workers: readonly Worker[];
  /** Called after a commit of this process that may have recorded events. */
  wake(): void;
}

/** Pushes the feed to agencies' own addresses. */
export function composeWebhooks(
  ctx: ServiceContext,
  { events, agencies }: { events: EventLog; agencies: AgencyCache },
): Webhooks {
  const { db, clock, log } = ctx;
  const settings = readWebhookConfig(ctx.env);
  const address = addressRules(settings);
  const sealer = settings.LIENTHONG_SEALING_KEYS;
  const http = createHttpClient({ clock, rules: address, timeoutMs: settings.WEBHOOK_TIMEOUT_MS });
  const rules = {
    schedule: settings.WEBHOOK_RETRY_SECONDS,
    suspendAfterMs: settings.WEBHOOK_SUSPEND_AFTER_S * 1_000,
  };
  const dispatcher = createDispatcher({
    db,
    clock,
    log,
    events,
    agencies,
    sealer,
    http,
    rules,
    settings,
  });
  const housekeeping = [
    dueWorker({
      name: 'webhook cursors',
      log,
      everyMs: HOUSEKEEPING_MS,
      work: () => advanceCursors({ db, clock, agencies }, vietnamDate(clock.now())),
    }),
    createResealer('webhook secrets', HOUSEKEEPING_MS, log, () => resealSecrets(db, sealer, clock.now())),
    queueMetrics(ctx),
    suspendEnded({ db, clock, log, events, agencies, everyMs: ENDED_CHECK_MS }),
    dueWorker({
      name: 'old webhook attempts',
      log,
      everyMs: HOUSEKEEPING_MS,
      async *work() {
        const before = new Date(clock.now().getTime() - settings.WEBHOOK_KEEP_ATTEMPTS_DAYS * DAY_MS);
        let forgotten: number;
        do {
          forgotten = await forgetAttempts(db, before, FORGET_BATCH);
          yield forgotten;
        } while (forgotten === FORGET_BATCH);
      },
    }),
  ];
  const deps: WebhookDeps = {
    db,
    agencies,
    events,
    sealer,
    address,
    perAgency: settings.WEBHOOK_PER_AGENCY,
    wake: dispatcher.wake,
  };
  return {
    rpc: [
      rpcService(WebhookServiceDefinition, deps, [
        createWebhook,
        updateWebhook,
        deleteWebhook,
        getWebhook,
        listWebhooks,
        rotateWebhookSecret,
        pauseWebhook,
        resumeWebhook,
        listAttempts,
        resendEvent,
        resendSince,
      ]),
      rpcService(WebhookOperationsServiceDefinition, deps, [
        listAllWebhooks,
        listWebhookAttempts,
        resumeSuspendedWebhook,
      ]),
    ],
    workers: [dispatcher, ...housekeeping],
    wake: dispatcher.wake,
  };
}
