import { setTimeout as sleep } from 'node:timers/promises';
import { Read as ReadMessage } from '@lienthong/contracts/common';
import {
  isUniqueViolation,
  type Logger,
  type Read,
  type ReadLog,
  refuseUnrecorded,
  type Worker,
  wakeup,
} from '@lienthong/kit';
import { context } from '@opentelemetry/api';
import { traceparentOf } from '../trace.ts';
import { toMessages } from './messages.ts';

export interface ReadLogOptions {
  log: Logger;
  /**
   * Appends an event with the reads, under an id that is the same for each attempt to write them: the second one of an
   * event that is in the log is refused as a unique violation.
   */
  write(id: string, reads: ReadMessage[]): Promise<void>;
  newId(): string;
  /** The largest number of reads that wait; a further one finds no room. */
  capacity?: number;
  /** How long a call waits for room, or for its durable read, before it is refused. */
  patienceMs?: number;
}

/** How long a buffered read waits for others. */
const BUFFERED_MS = 100;
/** How long a durable one does: its call waits as long. */
const DURABLE_MS = 5;
const MAX_READS = 256;
/** Of one event, whose payload may have 1,000,000. A page of a list takes about 60,000: a message for each owner. */
const MAX_BYTES = 500_000;
/** The tag and the length of a message in an event. */
const FRAME_BYTES = 5;
const RETRY_MS = 250;
/** Attempts to write after the stop; the database may have gone for good. */
const LAST_ATTEMPTS = 8;

interface Waiting {
  read: Read;
  traceparent: string;
  recorded?: () => void;
}

interface Batch {
  reads: ReadMessage[];
  from: readonly Waiting[];
}

/**
 * Collects what calls read and writes it as few events: one when 256 reads wait, or 100 ms after the first. Calls wait
 * only when there is no room or when their read must be durable. While the database is away the reads wait in memory.
 */
export function createReadLog(options: ReadLogOptions): ReadLog & Worker {
  const { log, write, newId, capacity = 8_192, patienceMs = 5_000 } = options;
  let waiting: Waiting[] = [];
  /** When the next batch is due, on the monotonic clock. */
  let dueAt = Number.POSITIVE_INFINITY;
  const arrival = wakeup();
  const stopping = new AbortController();
  const { signal } = stopping;
  const rooms: (() => void)[] = [];
  let running: Promise<void> = Promise.resolve();

  function add(read: Read, lingerMs: number, recorded?: () => void): void {
    waiting.push({ read, traceparent: traceparentOf(context.active()), ...(recorded && { recorded }) });
    const due = performance.now() + lingerMs;
    if (due >= dueAt && waiting.length !== MAX_READS) return;
    dueAt = Math.min(dueAt, due);
    arrival.ring();
  }

  /** Whether `event` came before the caller's patience ended. */
  function withPatience(event: (came: () => void) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patienceMs, false);
      event(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** Adds a read as soon as there is room. Refuses: READS_NOT_RECORDED. */
  async function addWithRoom(read: Read, lingerMs: number, recorded?: () => void): Promise<void> {
    while (waiting.length >= capacity)
      if (!(await withPatience((came) => rooms.push(came)))) refuseUnrecorded();
    add(read, lingerMs, recorded);
  }

  async function recordDurably(read: Read): Promise<void> {
    let recorded = () => {};
    const isRecorded = withPatience((came) => {
      recorded = came;
    });
    await addWithRoom(read, DURABLE_MS, () => recorded());
    if (!(await isRecorded)) refuseUnrecorded();
  }

  async function run(): Promise<void> {
    while (!signal.aborted || waiting.length > 0) {
      const ms = dueAt - performance.now();
      if (waiting.length < MAX_READS && ms > 0 && !signal.aborted) {
        await arrival.wait(Math.min(ms, 60_000), signal);
        continue;
      }
      if (!(await writeBatch(takeBatch()))) return;
    }
  }

  /** At least one read, however large. */
  function takeBatch(): Batch {
    const reads: ReadMessage[] = [];
    let bytes = 0;
    let size = 0;
    for (const { read, traceparent } of waiting.slice(0, MAX_READS)) {
      const messages = toMessages(read, traceparent);
      for (const message of messages) bytes += ReadMessage.encode(message).finish().length + FRAME_BYTES;
      if (size > 0 && bytes > MAX_BYTES) break;
      reads.push(...messages);
      size += 1;
    }
    const from = waiting.slice(0, size);
    waiting = waiting.slice(size);
    dueAt = waiting.length > 0 ? performance.now() : Number.POSITIVE_INFINITY;
    return { reads, from };
  }

  /** False when the process stops and the batch could not be written. */
  async function writeBatch({ reads, from }: Batch): Promise<boolean> {
    const id = newId();
    for (let attempts = 0; attempts < LAST_ATTEMPTS; attempts += signal.aborted ? 1 : 0) {
      if (await isWritten(id, reads)) {
        for (const { recorded } of from) recorded?.();
        for (const enter of rooms.splice(0)) enter();
        return true;
      }
      await sleep(RETRY_MS);
    }
    log.error({ reads: from.length + waiting.length }, 'the process stops without a record of what was read');
    return false;
  }

  async function isWritten(id: string, reads: ReadMessage[]): Promise<boolean> {
    try {
      await write(id, reads);
      return true;
    } catch (err) {
      // The attempt before was committed, and its reply lost.
      if (isUniqueViolation(err)) return true;
      log.warn({ err, reads: reads.length }, 'reads could not be recorded; trying again');
      return false;
    }
  }

  return {
    name: 'read log',
    record(read, recording) {
      if (recording === 'durable') return recordDurably(read);
      if (waiting.length >= capacity) return addWithRoom(read, BUFFERED_MS);
      add(read, BUFFERED_MS);
      return undefined;
    },
    async start() {
      running = run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
