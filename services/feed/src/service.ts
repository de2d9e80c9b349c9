import { FeedServiceDefinition } from '@lienthong/contracts/feed';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import { defineService, dueWorker, rpcService } from '@lienthong/kit';
import {
  callerDirectory,
  certificatesConsumer,
  createAgencyCache,
  createOfficerCache,
  officersConsumer,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { readConfig } from './config.ts';
import { consumeAllEvents } from './consumers/record.ts';
import { keepNumbers } from './keep-numbers.ts';
import { PAGE_BYTES, PAGE_EVENTS } from './live/follow.ts';
import { createHub } from './live/hub.ts';
import { createTail } from './live/tail.ts';
import type { Deps } from './rpc/deps.ts';
import { follow } from './rpc/follow.ts';
import { listEvents } from './rpc/list-events.ts';
import { composeSlices } from './slices/compose.ts';
import { forgetEvents } from './store/forget.ts';
import { composeWebhooks } from './webhooks/compose.ts';

const FORGET_MS = 600_000;
const FORGET_BATCH = 500;
const DAY_MS = 86_400_000;
const now = () => performance.now();

export const feed = defineService({
  name: 'feed',
  migrations: [
    eventLogMigrations,
    { name: 'feed', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose(ctx) {
    const { db, clock, log } = ctx;
    const settings = readConfig(ctx.env);
    const agencies = createAgencyCache();
    const officers = createOfficerCache();
    const hub = createHub({
      ringEvents: 8192,
      ringBytes: 32 * 1024 * 1024,
      waitingEvents: PAGE_EVENTS,
      waitingBytes: PAGE_BYTES,
      now,
    });
    const tail = createTail({ db, hub, agencies, clock, log, pollMs: settings.FEED_POLL_MS });
    const events = createEventLog({ ctx, source: 'feed' });
    const webhooks = composeWebhooks(ctx, { events, agencies });
    consumeAllEvents(events, clock, (rows) => {
      tail.offer(rows);
      webhooks.wake();
    });
    events.consumer(officersConsumer);
    events.consumer(certificatesConsumer);
    const forgetOldEvents = dueWorker({
      name: 'forgetting old events',
      log,
      everyMs: FORGET_MS,
      async *work() {
        const before = new Date(clock.now().getTime() - settings.FEED_KEEP_DAYS * DAY_MS);
        let forgotten: number;
        do {
          forgotten = await db.transaction((tx) => forgetEvents(tx, before, FORGET_BATCH));
          yield forgotten;
        } while (forgotten === FORGET_BATCH);
      },
    });
    const deps: Deps = {
      db,
      clock,
      agencies,
      hub,
      maxStreams: settings.FEED_MAX_STREAMS,
      streamMs: settings.FEED_STREAM_MINUTES * 60_000,
      now,
    };
    return {
      directory: callerDirectory(db, { agencies, officers }),
      rpc: [rpcService(FeedServiceDefinition, deps, [follow, listEvents]), ...webhooks.rpc],
      workers: [
        ...(events.note ? [keepNumbers({ db, note: events.note, log })] : []),
        tail,
        ...events.workers(),
        ...webhooks.workers,
        ...composeSlices(ctx, { hub, agencies, now }),
        forgetOldEvents,
      ],
      operations: events.operations,
      catchUp: events.catchUp,
      readLog: events.readLog,
      endStreams: hub.stop,
    };
  },
});
