import { type Logger, vietnamDate, type Worker, wakeup } from '@lienthong/kit';
import type { WebhookSettings } from './config.ts';
import { type DeliverDeps, type DeliveryAttempt, deliver, readMessages } from './deliver.ts';
import { isDelivered } from './domain/health.ts';
import { DOWN_AFTER } from './domain/retry.ts';
import { type FillDeps, fill } from './fill.ts';
import { countAttempt } from './metrics.ts';
import { type RecordDeps, recordAttempts } from './record-attempts.ts';
import { claim } from './store/queue.ts';

export interface Dispatcher extends Worker {
  /** Called when something may be due. */
  wake(): void;
}

export interface DispatcherDeps extends DeliverDeps, RecordDeps, FillDeps {
  log: Logger;
  settings: WebhookSettings;
}

const RETRY_MS = 500;
/** Events that are recorded within this time get their deliveries together. */
const FILL_MS = 50;

/**
 * Sends due deliveries. Any number of processes may do it: each claims what no other has claimed. When a process dies,
 * the leases of what it was sending end, and another process sends it again under the same webhook-id.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { db, clock, log, settings } = deps;
  const bell = wakeup();
  const stopping = new AbortController();
  const sending = new Set<Promise<void>>();
  let unrecorded: DeliveryAttempt[] = [];
  let recording: Promise<void> | undefined;
  let finished: Promise<void> = Promise.resolve();
  let filledAt = Number.NEGATIVE_INFINITY;
  let nextFill: NodeJS.Timeout | undefined;
  let webhooks = 0;

  /** Attempts that end while a batch is being recorded are the next batch. */
  function record(attempt: DeliveryAttempt): Promise<void> {
    unrecorded.push(attempt);
    recording ??= recordAll();
    return recording;
  }

  async function recordAll(): Promise<void> {
    // Attempts that end in the same turn are recorded together.
    await Promise.resolve();
    while (unrecorded.length > 0) {
      const batch = unrecorded;
      unrecorded = [];
      try {
        await recordAttempts(deps, batch);
        reportAttempts(batch);
      } catch (err) {
        // Their leases end and the events are sent again: at least once.
        log.warn({ err, attempts: batch.length }, 'attempts not recorded; their events will be sent again');
      }
      bell.ring();
    }
    recording = undefined;
  }

  /** One line for each cause in a batch: a receiver with a thousand failures does not fill the log. */
  function reportAttempts(batch: readonly DeliveryAttempt[]): void {
    for (const { result } of batch) countAttempt(isDelivered(result), result.cause);
    const failed = batch.filter(({ result }) => !isDelivered(result));
    for (const [cause, all] of Map.groupBy(failed, ({ result }) => result.cause)) {
      const webhooks = [...new Set(all.map(({ claimed }) => claimed.webhook_id))];
      log.warn(
        { channel: 'webhook', cause, attempts: all.length, webhooks: webhooks.slice(0, 20) },
        'attempts failed',
      );
    }
  }

  async function round(): Promise<boolean> {
    let more = false;
    const pause = filledAt + FILL_MS - performance.now();
    if (pause <= 0) {
      ({ webhooks, more } = await fill(deps, vietnamDate(clock.now())));
      filledAt = performance.now();
    } else {
      // One ring for all events that are recorded meanwhile.
      nextFill ??= setTimeout(() => {
        nextFill = undefined;
        bell.ring();
      }, pause);
    }
    const free = settings.WEBHOOK_MAX_SENDING - sending.size;
    if (webhooks === 0 || free <= 0 || stopping.signal.aborted) return false;
    const now = clock.now();
    const claimed = await claim(db, {
      now,
      leaseUntil: new Date(now.getTime() + settings.WEBHOOK_LEASE_MS),
      perWebhook: settings.WEBHOOK_SUBJECTS,
      downAfter: DOWN_AFTER,
      total: free,
    });
    if (claimed.length === 0) return more;
    for (const message of await readMessages(deps, claimed)) {
      const work: Promise<void> = deliver(deps, message)
        .then(record)
        .finally(() => sending.delete(work));
      sending.add(work);
    }
    return more;
  }

  async function run(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        if (!(await round())) await bell.wait(settings.WEBHOOK_POLL_MS, signal);
      } catch (err) {
        log.warn({ err, worker: 'webhooks' }, 'round failed; retrying');
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  }

  return {
    name: 'webhooks',
    wake: bell.ring,
    async start() {
      finished = run();
    },
    async stop() {
      stopping.abort();
      clearTimeout(nextFill);
      await finished;
      await Promise.all(sending);
      deps.http.close();
    },
  };
}
