import { type EventSource, type EventType, isEventType } from '@lienthong/contracts/events';
import {
  type CatchUp,
  type MigrationSet,
  PLATFORM,
  PROGRAM_VERSION,
  type ReadLog,
  type ServiceContext,
  type SharedRpc,
  type Tx,
  uuidv7,
  type Worker,
} from '@lienthong/kit';
import { toAct } from './act.ts';
import { append, type TracedEvent } from './append.ts';
import { type CommandBus, createCommandBus } from './command/bus.ts';
import type { CommandModel } from './command/model.ts';
import { type CatchUpWith, createCatchUp, createCatchUpWith } from './consume/catch-up.ts';
import {
  type Consumer,
  type ConsumerOptions,
  createConsumer,
  type RawConsumerOptions,
} from './consume/consumer.ts';
import type { Actor, NewEvent, RecordedEvent } from './event.ts';
import { housekeeping } from './housekeeping.ts';
import { createOperations, type Operations } from './operations/operations.ts';
import { operationsService } from './operations/service.ts';
import { createReadLog } from './reads/read-log.ts';
import { createRelay } from './relay/relay.ts';
import { readEventLogSettings } from './settings.ts';
import { platformSpan } from './trace.ts';
import { type EventMac, eventMac } from './wire/mac.ts';
import { createNote, type Note } from './wire/note.ts';
import { eventStream } from './wire/stream.ts';

/** The tables of the event log, for a service's `migrations`. */
export const eventLogMigrations: MigrationSet = {
  name: 'eventlog',
  folder: new URL('../migrations/', import.meta.url),
  appendOnly: ['event'],
};

export interface EventLogOptions {
  ctx: ServiceContext;
  /** The name of this service's stream of events; absent for a service that only consumes. */
  source?: EventSource;
  /** How long a request_id is remembered, in days. */
  rememberRequestsDays?: number;
}

export interface EventLog {
  commandBus<C, S, R, W>(model: CommandModel<C, S, R, W>): CommandBus<C, R>;
  /**
   * Adds events in any transaction of this service, for example a consumer's. Returns them as recorded. Every other
   * writer of the log waits until the commit: send it together with the last writes of its transaction.
   */
  append(tx: Tx, events: readonly NewEvent[], actor: Actor): RecordedEvent[];
  consumer<T extends EventType>(options: ConsumerOptions<T>): Consumer;
  consumer(options: RawConsumerOptions): Consumer;
  /** The relay, the consumers made so far, and the housekeeping; for the service's `workers`. */
  workers(): Worker[];
  /** For the service's `readLog`; undefined when its source has no event `ReadsRecorded`. */
  readLog: ReadLog | undefined;
  /** For the service's `operations`. */
  operations: SharedRpc<Operations>;
  /** For the service's `catchUp`. */
  catchUp: CatchUp;
  /** For a consumer whose events follow from those of another source. */
  catchUpWith: CatchUpWith;
  /** What the service notes outside its database; undefined without a source. */
  note: Note | undefined;
}

export function createEventLog({ ctx, source, rememberRequestsDays = 30 }: EventLogOptions): EventLog {
  const { db, nats, reader, log, clock, subjectRoot } = ctx;
  const { EVENT_MAC_KEYS: keys, STREAM_REPLICAS: replicas } = readEventLogSettings(ctx.env);
  const macs = new Map<string, EventMac>();
  const macOf = (name: string): EventMac => {
    const mac = macs.get(name) ?? eventMac(keys, name);
    macs.set(name, mac);
    return mac;
  };
  const streamOf = (name: string) => eventStream(nats, subjectRoot, name, replicas, macOf(name));
  const relay =
    source &&
    createRelay({ db, nats, log, source, subjectRoot, stream: streamOf(source), mac: macOf(source) });
  const consumers: Consumer[] = [];
  const buses: CommandBus<never, never>[] = [];
  const appendInSpans = (tx: Tx, events: readonly NewEvent[], actor: Actor): RecordedEvent[] => {
    const occurredAt = clock.now();
    const recorded = events.map(
      (event): RecordedEvent => ({ ...event, eventId: uuidv7(), occurredAt, actor }),
    );
    const logged = append(tx, subjectRoot, inOwnSpans(recorded));
    tx.onCommit(async () => relay?.offer(await logged));
    return recorded;
  };
  /** In a transaction of their own. */
  const record = async (events: readonly NewEvent[], actor: Actor): Promise<void> => {
    await db.transaction(async (tx) => appendInSpans(tx, events, actor));
  };
  const readsRecorded = `lienthong.${source}.v1.ReadsRecorded`;
  const readLog = isReadsType(readsRecorded)
    ? createReadLog({
        log,
        newId: uuidv7,
        write: (id, reads) => record([{ ...toAct(readsRecorded, { reads }), aggregateId: id }], PLATFORM),
      })
    : undefined;
  const startedAt = clock.now();
  const operations = createOperations({
    service: ctx.name,
    program: () => ({
      version: PROGRAM_VERSION,
      startedAt,
      certificateExpiresAt: ctx.tls.certificate?.expiresAt(),
    }),
    db,
    log,
    source,
    relay,
    consumers,
    streamOf,
    recordReplay: async (replay, actor) => {
      if (source !== undefined)
        await record([toAct(`lienthong.${source}.v1.ReplayRequested`, { replay })], actor);
    },
  });

  const catchUp = createCatchUp({ db, source, consumers, streamOf });

  return {
    commandBus(model) {
      const bus = createCommandBus({
        service: ctx.name,
        source: source ?? '',
        db,
        clock,
        subjectRoot,
        model,
        onAppended: (events) => relay?.offer(events),
      });
      buses.push(bus as unknown as CommandBus<never, never>);
      return bus;
    },
    append: appendInSpans,
    consumer(options: ConsumerOptions<EventType> | RawConsumerOptions) {
      const consumer = createConsumer(
        { db, nats: reader, log, subjectRoot, mac: macOf(options.source) },
        options,
      );
      consumers.push(consumer);
      return consumer;
    },
    workers: () => [
      ...(relay ? [relay] : []),
      ...consumers,
      ...(readLog ? [readLog] : []),
      housekeeping({ db, log, operations, buses, rememberRequestsDays }),
    ],
    readLog,
    operations: { serve: operationsService, part: operations },
    catchUp,
    catchUpWith: createCatchUpWith(catchUp, streamOf),
    note: source && createNote(nats, subjectRoot, source, replicas, macOf(source)),
  };
}

type ReadsType = Extract<EventType, `lienthong.${string}.v1.ReadsRecorded`>;
const isReadsType = (type: string): type is ReadsType => isEventType(type) && type.endsWith('.ReadsRecorded');

/** Events of one dossier or document share a span of their own, because no call's trace holds them. */
function inOwnSpans(events: readonly RecordedEvent[]): TracedEvent[] {
  const traceparents = new Map<string, string>();
  return events.map((event) => {
    const { dossierCode = '', documentId = '', agencyId } = event;
    const key = `${dossierCode} ${documentId}`;
    const traceparent =
      traceparents.get(key) ??
      platformSpan(event.type, { dossier: dossierCode, document: documentId, agency: agencyId });
    traceparents.set(key, traceparent);
    return { event, traceparent };
  });
}
