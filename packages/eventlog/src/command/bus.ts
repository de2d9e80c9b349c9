import { hash as digest } from 'node:crypto';
import { encodeMessage } from '@lienthong/contracts/encode';
import {
  annotate,
  type Caller,
  type Clock,
  type Database,
  isRetryable,
  isUnavailable,
  isUniqueViolation,
  type Refusal,
  RefusalError,
  type Story,
  type Tx,
  uuidv7,
} from '@lienthong/kit';
import { type Context, context, trace } from '@opentelemetry/api';
import { append, readHead, type TracedEvent } from '../append.ts';
import type { LoggedEvent, NewEvent } from '../event.ts';
import { batchMeter } from '../metrics.ts';
import { inBatchSpan, type Origins, traceparentOf } from '../trace.ts';
import type { CommandModel } from './model.ts';
import { findReplies, keyOf, type RequestKey, type StoredReply, storeReplies } from './requests.ts';

export interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** One mutation as an RPC handler hands it in. */
export interface Call<C, Q, P> {
  method: string;
  caller: Caller;
  /** UUID; the same id with the same request gets the first reply (AIP-155). */
  requestId: string;
  request: Q;
  requestCodec: Codec<Q>;
  replyCodec: Codec<P>;
  command: C;
  /** Called before `execute` resolves, with the log and a position of it that covers the command's events. */
  onWritten?: (log: string, position: number) => void;
}

export interface CommandBus<C, R> {
  /**
   * Resolves when the command and its events are durable.
   * @throws RefusalError when the command is refused, or its request_id was already used with a different request (REQUEST_ID_REUSED)
   * @throws an error of `isUnavailable` when PostgreSQL went away or cannot serve: it may have been carried out or not; the same request_id gives its reply
   */
  execute<Q, P extends R>(call: Call<C, Q, P>): Promise<P>;
  /** Waits for the commands in progress. */
  drain(): Promise<void>;
}

export interface CommandBusOptions<C, S, R, W> {
  /** The service's name. */
  service: string;
  /** The name of its log. */
  source: string;
  db: Database;
  clock: Clock;
  subjectRoot: string;
  model: CommandModel<C, S, R, W>;
  /** Called after each commit that appended events, with them. */
  onAppended: (events: readonly LoggedEvent[]) => void;
  /** The largest number of commands in one transaction. */
  maxBatch?: number;
}

interface Item<C, R> {
  key: RequestKey;
  hash: Buffer;
  command: C;
  replyCodec: Codec<R>;
  caller: Caller;
  context: Context;
  /** The attributes of the call's span; complete once the command is decided. */
  story: Story;
  resolve: (done: Done<R>) => void;
  reject: (error: unknown) => void;
}

interface Done<R> {
  reply: R;
  /** A position that covers the command's events; undefined when it has none. */
  position: number | undefined;
}

type CommandResult<R> = { reply: R } | { refusal: Refusal };

interface BatchResult<R> {
  /** One for each item. */
  results: CommandResult<R>[];
  /** The events that were written, once they are. */
  appended: Promise<readonly LoggedEvent[]>;
  /** Where the log stood, if the batch wrote nothing itself and repeated an earlier reply. */
  head: number | undefined;
}

// One commits while the next reads; more only adds lock waits.
const CONCURRENT_BATCHES = 2;
const ATTEMPTS = 4;

/** While one batch commits, the next one gathers. A refused command never fails its neighbours. */
export function createCommandBus<C, S, R, W>(options: CommandBusOptions<C, S, R, W>): CommandBus<C, R> {
  const { db, model, clock, maxBatch = 256 } = options;
  const measure = batchMeter(options.service);
  const waiting: Item<C, R>[] = [];
  const inProgress = new Map<string, { hash: Buffer; done: Promise<Done<R>> }>();
  let batches = 0;
  const idle: (() => void)[] = [];

  function pump(): void {
    while (batches < CONCURRENT_BATCHES && waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch);
      batches += 1;
      void carryOut(batch).finally(() => {
        batches -= 1;
        pump();
        if (batches === 0 && waiting.length === 0) for (const done of idle.splice(0)) done();
      });
    }
  }

  async function carryOut(batch: Item<C, R>[]): Promise<void> {
    try {
      const { results, appended: writing, head } = await attempt(batch);
      const appended = await writing;
      const position = appended.at(-1)?.position ?? head;
      if (appended.length > 0) options.onAppended(appended);
      batch.forEach((item, i) => {
        const result = results[i] as CommandResult<R>;
        if ('reply' in result) item.resolve({ reply: result.reply, position });
        else item.reject(new RefusalError(result.refusal));
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1 && only) only.reject(error);
      else if (isUnavailable(error)) for (const item of batch) item.reject(error);
      // One command failed the batch. Carried out one by one, only that command fails.
      else for (const item of batch) await carryOut([item]);
    }
  }

  async function attempt(batch: Item<C, R>[]): Promise<BatchResult<R>> {
    for (let n = 1; ; n += 1) {
      try {
        return await measure(batch.length, () =>
          inBatchSpan('commands', batch, ORIGINS, () => db.transaction((tx) => runBatch(tx, batch))),
        );
      } catch (error) {
        // Another process has carried out one of the requests meanwhile, or changed one of the aggregates.
        if (n === ATTEMPTS || !(isUniqueViolation(error) || isRetryable(error))) throw error;
      }
    }
  }

  async function runBatch(tx: Tx, batch: Item<C, R>[]): Promise<BatchResult<R>> {
    const [replies, loaded] = await Promise.all([
      findReplies(
        tx,
        batch.map((item) => item.key),
      ),
      model.load(
        tx,
        batch.map((item) => item.command),
      ),
    ]);
    let state: S = loaded;
    const occurredAt = clock.now();
    const appended: TracedEvent[] = [];
    const changes: W[] = [];
    const stored: { key: RequestKey; hash: Buffer; reply: Uint8Array }[] = [];
    const results = batch.map((item): CommandResult<R> => {
      annotateCall(item, () => model.story?.(item.command, state));
      const before = replies.get(keyOf(item.key));
      if (before) return repeatReply(item, before);
      // What throws from here on undoes the whole batch, so that nothing half-done is committed.
      const decision = model.decide(item.command, state);
      if (!decision.ok) return { refusal: decision.refusal };
      const { events, reply, change } = decision.value;
      state = model.evolve(state, change);
      changes.push(change);
      const actor = { agencyId: item.caller.agencyId, officerId: item.caller.officerId };
      const traceparent = traceparentOf(item.context);
      annotateCall(item, () => storyOf(events));
      for (const event of events)
        appended.push({ event: { ...event, eventId: uuidv7(), occurredAt, actor }, traceparent });
      stored.push({ key: item.key, hash: item.hash, reply: encodeMessage(item.replyCodec, reply) });
      return { reply };
    });
    await recheckRefused(tx, batch, results);
    if (changes.length > 0) await model.project(tx, changes);
    storeReplies(tx, stored);
    const head = appended.length === 0 && replies.size > 0 ? await readHead(tx) : undefined;
    // Last, and awaited after the commit: it takes the lock of the whole log.
    return { results, appended: append(tx, options.subjectRoot, appended), head };
  }

  /**
   * Another process may have carried out the same request between our read of the replies and our locks, so that it is
   * refused here as a second one. Its reply is there now.
   */
  async function recheckRefused(tx: Tx, batch: Item<C, R>[], results: CommandResult<R>[]): Promise<void> {
    const refused = batch.filter((_, i) => 'refusal' in (results[i] as CommandResult<R>));
    if (refused.length === 0) return;
    const replies = await findReplies(
      tx,
      refused.map((item) => item.key),
    );
    if (replies.size === 0) return;
    batch.forEach((item, i) => {
      const before = replies.get(keyOf(item.key));
      if (before) results[i] = repeatReply(item, before);
    });
  }

  return {
    execute<Q, P extends R>(call: Call<C, Q, P>): Promise<P> {
      const key = {
        caller: `${call.caller.agencyId}/${call.caller.officerId}`,
        method: call.method,
        // As PostgreSQL writes it.
        requestId: call.requestId.toLowerCase(),
      };
      const id = keyOf(key);
      const hash = digest('sha256', encodeMessage(call.requestCodec, call.request), 'buffer');
      const replied = ({ reply, position }: Done<R>): P => {
        if (position !== undefined) call.onWritten?.(options.source, position);
        return reply as P;
      };
      const twin = inProgress.get(id);
      if (twin)
        return twin.hash.equals(hash)
          ? twin.done.then(replied)
          : Promise.reject(new RefusalError(requestIdReused));
      const done = new Promise<Done<R>>((resolve, reject) => {
        const { command, caller } = call;
        const replyCodec = call.replyCodec as unknown as Codec<R>;
        waiting.push({
          key,
          hash,
          command,
          replyCodec,
          caller,
          context: context.active(),
          story: {},
          resolve,
          reject,
        });
      }).finally(() => inProgress.delete(id));
      inProgress.set(id, { hash, done });
      // Calls that arrive in the same turn of the event loop share a batch.
      setImmediate(pump);
      return done.then(replied);
    },
    drain: () =>
      batches === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise<void>((done) => idle.push(done)),
  };
}

/** What the tracing of an item needs. */
type Origin = Pick<Item<never, never>, 'context' | 'story'>;

const ORIGINS: Origins<Origin> = {
  traceparent: (item) => traceparentOf(item.context),
  story: (item) => item.story,
};

/** Notes what the call is about; its agency is the caller's, whatever agencies the events concern. */
function annotateCall(item: Origin, read: () => Story | undefined): void {
  const span = trace.getSpan(item.context);
  if (!span?.isRecording()) return;
  item.story = { ...item.story, ...read() };
  annotate(item.story, span);
}

/** The dossier and the document that a command's events belong to. */
function storyOf(events: readonly NewEvent[]): Story {
  const dossier = events.find((event) => event.dossierCode)?.dossierCode;
  const document = events.find((event) => event.documentId)?.documentId;
  return { ...(dossier && { dossier }), ...(document && { document }) };
}

function repeatReply<C, R>(item: Item<C, R>, before: StoredReply): CommandResult<R> {
  return before.hash.equals(item.hash)
    ? { reply: item.replyCodec.decode(before.reply) }
    : { refusal: requestIdReused };
}

export const requestIdReused: Refusal = {
  kind: 'invalid-argument',
  reason: 'REQUEST_ID_REUSED',
  message: 'request_id was used before with another body; use a new UUID for a new request',
  violations: [
    { field: 'request_id', description: 'was used before with another body', reason: 'REQUEST_ID_REUSED' },
  ],
};
