import { type Logger, vietnamDate, type Worker, wakeup } from '@lienthong/kit';
import type { WebhookSettings } from './config.ts';
import { isDelivered } from './domain/health.ts';
import { DOWN_AFTER } from './domain/retry.ts';
import { type FillParts, fill } from './fill.ts';
import { countAttempt } from './metrics.ts';
import { type Attempted, deliver, lettersOf, type SendingParts, settle } from './sending.ts';
import { claim } from './store/queue.ts';

export interface Dispatcher extends Worker {
  /** There may be something to send. */
  wake(): void;
}

export interface DispatcherParts extends SendingParts, FillParts {
  log: Logger;
  settings: WebhookSettings;
}

const RETRY_MS = 500;
/** What is recorded within so many ms is given its deliveries together. */
const FILL_MS = 50;

/**
 * Sends what is due. Any number of processes may do it: each takes what no other has. A process that dies leaves what
 * it was sending to the others, once its lease has ended: sent again under the same webhook-id.
 */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { db, clock, log, settings } = parts;
  const bell = wakeup();
  const stopping = new AbortController();
  const sending = new Set<Promise<void>>();
  let ended: Attempted[] = [];
  let settling: Promise<void> | undefined;
  let finished: Promise<void> = Promise.resolve();
  let filledAt = Number.NEGATIVE_INFINITY;
  let later: NodeJS.Timeout | undefined;
  let webhooks = 0;

  /** What ended while a batch was being recorded is the next batch. */
  function record(attempted: Attempted): Promise<void> {
    ended.push(attempted);
    settling ??= recordAll();
    return settling;
  }

  async function recordAll(): Promise<void> {
    // What ends in the same turn travels together.
    await Promise.resolve();
    while (ended.length > 0) {
      const batch = ended;
      ended = [];
      try {
        await settle(parts, batch);
        reportAttempts(batch);
      } catch (err) {
        // The leases end and the events are sent again: at least once.
        log.warn({ err, attempts: batch.length }, 'attempts not recorded; their events will be sent again');
      }
      bell.ring();
    }
    settling = undefined;
  }

  /** One line for each cause in a batch: a receiver with a thousand failures does not fill the log. */
  function reportAttempts(batch: readonly Attempted[]): void {
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
      ({ webhooks, more } = await fill(parts, vietnamDate(clock.now())));
      filledAt = performance.now();
    } else {
      // One ring for all that comes meanwhile.
      later ??= setTimeout(() => {
        later = undefined;
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
    for (const letter of await lettersOf(parts, claimed)) {
      const work: Promise<void> = deliver(parts, letter)
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
        log.warn({ err, worker: 'webhooks' }, 'failed; will try again');
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
      clearTimeout(later);
      await finished;
      await Promise.all(sending);
      parts.http.close();
    },
  };
}
