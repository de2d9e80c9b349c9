import {
  CitizenNotificationServiceDefinition,
  MessageChannel,
  NotificationOperationsServiceDefinition,
  NotificationServiceDefinition,
} from '@lienthong/contracts/notification';
import { createEventLog, eventLogMigrations, type ReceivedEvent } from '@lienthong/eventlog';
import {
  type Composed,
  createAttempts,
  defineService,
  dueWorker,
  rpcService,
  type ServiceContext,
  type Worker,
} from '@lienthong/kit';
import { addressRules, createResealer, resealTables } from '@lienthong/outbound';
import {
  agenciesConsumer,
  calendarYearsConsumer,
  callerDirectory,
  certificatesConsumer,
  createReferenceCache,
  officersConsumer,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { createChannels } from './channels/channels.ts';
import { readConfig } from './config.ts';
import { caseworkConsumer } from './consumers/casework.ts';
import { feedConsumer } from './consumers/feed.ts';
import { routingConsumer } from './consumers/routing.ts';
import type { Channel } from './domain/channel.ts';
import { CHANNEL_KEYS, type KnownChannel } from './domain/topics.ts';
import { queueMetrics } from './metrics.ts';
import { createPlanner } from './plan-messages.ts';
import { receiptServer } from './receipts/server.ts';
import { followDossier, unfollowDossier } from './rpc/citizens.ts';
import type { Deps } from './rpc/deps.ts';
import { getAgencyEndpoint, setAgencyEndpoint } from './rpc/endpoint.ts';
import { listTemplates } from './rpc/list-templates.ts';
import { countUnreadMessages, listMessages, markMessagesRead } from './rpc/messages.ts';
import {
  getChannelStatus,
  getNotification,
  listNotifications,
  resendFailed,
  resendNotification,
} from './rpc/operations.ts';
import { getPreferences, setAgencyPreferences, setContact, setPreferences } from './rpc/preferences.ts';
import { previewTemplate } from './rpc/preview-template.ts';
import { saveTemplate } from './rpc/save-template.ts';
import { SEALED_TABLES } from './store/reseal.ts';
import { createTemplates } from './templates/templates.ts';
import { unsubscribeServer } from './unsubscribe/server.ts';
import { type Subscription, toToken } from './unsubscribe/token.ts';
import { createEndSettingsWorker } from './workers/end-settings.ts';
import { createForgetWorker } from './workers/forget-old.ts';
import { createReminderWorker } from './workers/remind.ts';
import { createSender } from './workers/sender.ts';

/** Agencies are notified of what moved to them by what is known then, when the directory's events take longer. */
const DIRECTORY_WAIT_MS = 10_000;

const DAY_MS = 86_400_000;
/** Wrong secrets that may come from one address, in each process: for one code, and for all. */
const WRONG_SECRETS_PER_HOUR = { perSecret: 10, perAddress: 100 };

export interface ComposedNotification extends Composed {
  /** Resolves when every reminder that is due is planned, to how many. */
  remindDue(): Promise<number>;
}

export function composeNotification(ctx: ServiceContext): ComposedNotification {
  const { db, clock, log, tls } = ctx;
  const settings = readConfig(ctx.env);
  const sealer = settings.LIENTHONG_SEALING_KEYS;
  const channels = createChannels(settings, clock);
  const configured = new Set<KnownChannel>([MessageChannel.IN_APP, ...channels.map(kindOf)]);
  // The channel stays: agencies may have their own receivers.
  if (settings.PUSH_WEBHOOK_URL === undefined) configured.delete(MessageChannel.WEBHOOK);
  const reference = createReferenceCache();
  const templates = createTemplates(log);
  const planner = createPlanner({
    ...{ clock, reference, templates, configured },
    dossierUrl: settings.NOTIFICATION_DOSSIER_URL,
  });
  const isRecent = ({ envelope }: ReceivedEvent) =>
    clock.now().getTime() - envelope.occurredAt.getTime() < settings.NOTIFICATION_MAX_EVENT_AGE_DAYS * DAY_MS;

  const events = createEventLog({ ctx, source: 'notification' });
  events.consumer(agenciesConsumer);
  events.consumer(officersConsumer);
  events.consumer(certificatesConsumer);
  events.consumer(calendarYearsConsumer);
  const applyDirectory = () => events.catchUpWith('directory', DIRECTORY_WAIT_MS);
  events.consumer(caseworkConsumer(planner, isRecent, applyDirectory));
  events.consumer(routingConsumer(planner, isRecent, applyDirectory));
  events.consumer(feedConsumer(planner, isRecent));
  const reminders = createReminderWorker({
    db,
    clock,
    log,
    reference,
    planner,
    everyMs: settings.NOTIFICATION_REMINDER_CHECK_MS,
  });

  const endedSettings = createEndSettingsWorker({
    ...{ db, clock, log, events, reference, planner },
    everyMs: settings.NOTIFICATION_REMINDER_CHECK_MS,
  });

  const { RECEIPT_LISTEN: listen } = settings;
  const receipts =
    listen === undefined ? [] : [receiptServer({ db, clock, log, tls, sealer, planner, settings }, listen)];
  const { UNSUBSCRIBE_LISTEN, UNSUBSCRIBE_URL } = settings;
  if ((UNSUBSCRIBE_LISTEN === undefined) !== (UNSUBSCRIBE_URL === undefined))
    throw new Error(
      'set UNSUBSCRIBE_LISTEN and UNSUBSCRIBE_URL together: where it listens, and its public address',
    );
  const unsubscribe =
    UNSUBSCRIBE_LISTEN === undefined
      ? []
      : [unsubscribeServer({ db, clock, log, tls, events, sealer, reference }, UNSUBSCRIBE_LISTEN)];
  const deps: Deps = {
    db,
    events,
    sealer,
    reference,
    configured,
    address: addressRules(settings),
    attempts: createAttempts(WRONG_SECRETS_PER_HOUR),
  };
  return {
    directory: callerDirectory(db, reference),
    rpc: [
      rpcService(NotificationServiceDefinition, deps, [
        listMessages,
        countUnreadMessages,
        markMessagesRead,
        setContact,
        getPreferences,
        setPreferences,
        setAgencyPreferences,
        setAgencyEndpoint,
        getAgencyEndpoint,
      ]),
      rpcService(CitizenNotificationServiceDefinition, deps, [followDossier, unfollowDossier]),
      rpcService(NotificationOperationsServiceDefinition, deps, [
        listNotifications,
        getNotification,
        resendNotification,
        resendFailed,
        listTemplates,
        saveTemplate,
        previewTemplate,
        getChannelStatus,
      ]),
    ],
    workers: [
      ...events.workers(),
      ...channels.flatMap((channel) => [closing(channel), ...sendersOf(channel)]),
      reminders,
      endedSettings,
      ...receipts,
      ...unsubscribe,
      createForgetWorker(ctx, settings.NOTIFICATION_KEEP_DAYS, settings.NOTIFICATION_CLEANUP_MS),
      createResealer('contacts and receivers', settings.NOTIFICATION_CLEANUP_MS, log, () =>
        resealTables(db, sealer, SEALED_TABLES),
      ),
      queueMetrics(ctx),
    ],
    operations: events.operations,
    catchUp: events.catchUp,
    remindDue: reminders.runDue,
  };

  function unsubscribeUrl(base: string) {
    return (subscription: Subscription): string => {
      const url = new URL(base);
      url.searchParams.set('token', toToken(subscription, sealer, clock.now()));
      return url.href;
    };
  }

  function sendersOf(channel: Channel): Worker[] {
    const kind = kindOf(channel);
    const { NOTIFICATION_BATCH: batch, NOTIFICATION_LEASE_S: leaseSeconds } = settings;
    return Array.from({ length: settings.NOTIFICATION_SENDERS }, () => {
      const sendDue = createSender({
        ...{ db, clock, log, templates, reference, planner, sealer, batch, leaseSeconds },
        channel: { ...channel, kind },
        unsubscribeUrl: UNSUBSCRIBE_URL === undefined ? undefined : unsubscribeUrl(UNSUBSCRIBE_URL),
      });
      return dueWorker({
        name: `sender ${CHANNEL_KEYS[kind]}`,
        log,
        everyMs: settings.NOTIFICATION_SEND_CHECK_MS,
        async *work() {
          for (let taken = await sendDue(); taken > 0; taken = await sendDue()) yield taken;
        },
      });
    });
  }
}

/** Workers stop in reverse order: a channel is closed when its senders have stopped. */
const closing = (channel: Channel): Worker => ({
  name: `channel ${channel.kind}`,
  async start() {},
  stop: () => channel.close(),
});

const kindOf = ({ kind }: Channel): KnownChannel => {
  if (kind in CHANNEL_KEYS) return kind as KnownChannel;
  throw new Error(`there is no channel ${kind}`);
};

export const notification = defineService({
  name: 'notification',
  migrations: [
    eventLogMigrations,
    { name: 'notification', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose: composeNotification,
});
