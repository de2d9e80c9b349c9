import { createCommitBuffer } from '@lienthong/eventlog';
import {
  type Clock,
  type Database,
  type Logger,
  vietnamDate,
  type Wakeup,
  type Worker,
  wakeup,
} from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import { readHead } from '../store/head.ts';
import { readTail } from '../store/read-tail.ts';
import type { TailRow } from '../store/rows.ts';
import type { Hub } from './hub.ts';

const BATCH = 512;
const BATCH_BYTES = 8 * 1024 * 1024;
const TICK_MS = 250;
const RETRY_MS = 500;

export interface Tail extends Worker {
  /** Called with the events that this process has recorded, so that it need not read them from the table. */
  offer(rows: readonly TailRow[]): void;
}

export interface TailOptions {
  db: Database;
  hub: Hub;
  agencies: AgencyCache;
  clock: Clock;
  log: Logger;
  pollMs: number;
}

/**
 * Reads every new event once for all streams of this process. The agencies are brought up to date before events are
 * handed out, so that a successor misses no event that is addressed to its predecessor.
 */
export function createTail({ db, hub, agencies, clock, log, pollMs }: TailOptions): Tail {
  const bell: Wakeup = wakeup();
  const recorded = createCommitBuffer<TailRow>();
  const stopping = new AbortController();
  let finished: Promise<void> = Promise.resolve();
  let ticking: NodeJS.Timeout | undefined;
  let today = '';
  let revision = -1;

  async function round(): Promise<boolean> {
    const own = recorded.take(hub.seq + 1);
    const { rows, more } = own ? { rows: own, more: false } : await readTail(db, hub.seq, BATCH, BATCH_BYTES);
    // The copy of the agencies is written in the transaction that records their events.
    if (rows.some(({ source }) => source === 'directory')) await agencies.refresh(db);
    const date = vietnamDate(clock.now());
    if (date !== today || agencies.revision() !== revision) {
      today = date;
      revision = agencies.revision();
      hub.reassess();
    }
    hub.publish(rows.map(({ audience, ...row }) => ({ row, audience })));
    return more;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (!(await round())) await bell.wait(pollMs, stopping.signal);
      } catch (err) {
        log.warn({ err }, 'reading new events failed; retrying');
        await bell.wait(RETRY_MS, stopping.signal);
      }
    }
  }

  return {
    name: 'feed tail',
    offer(rows) {
      const first = rows[0]?.seq ?? 0;
      if (first > hub.seq) recorded.add(first, rows);
      bell.ring();
    },
    async start() {
      hub.reset((await readHead(db)).seq);
      await agencies.refresh(db);
      await round();
      finished = run();
      ticking = setInterval(() => hub.tick(), TICK_MS);
    },
    async stop() {
      clearInterval(ticking);
      stopping.abort();
      await finished;
    },
  };
}
