import { TraceServiceDefinition } from '@lienthong/contracts/traces';
import { createEventLog, eventLogMigrations } from '@lienthong/eventlog';
import {
  type Composed,
  defineService,
  isLoopback,
  type ListenTls,
  LOOPBACK_ONLY,
  parseListen,
  rpcService,
  type ServiceContext,
} from '@lienthong/kit';
import {
  agenciesConsumer,
  callerDirectory,
  certificatesConsumer,
  createAgencyCache,
  createOfficerCache,
  officersConsumer,
  referenceDataMigrations,
} from '@lienthong/reference-data';
import { readConfig } from './config.ts';
import { receiver } from './receive/receiver.ts';
import { spanQueue } from './receive/span-queue.ts';
import { findTraces } from './rpc/find-traces.ts';
import { getJourney } from './rpc/get-journey.ts';
import { getTrace } from './rpc/get-trace.ts';
import { forgetWorker } from './workers/forget.ts';

const MIB = 1024 * 1024;
/** Of spans that wait to be written. */
const QUEUE_BYTES = 32 * MIB;

/** For tests: resolves when everything that is due is done. */
export interface ComposedTraces extends Composed {
  forgetDue(): Promise<number>;
}

export function composeTraces(ctx: ServiceContext): ComposedTraces {
  const { db, clock, log, tls } = ctx;
  const settings = readConfig(ctx.env);
  // It only listens, to know who its callers are.
  const events = createEventLog({ ctx });
  events.consumer(agenciesConsumer);
  events.consumer(officersConsumer);
  events.consumer(certificatesConsumer);
  const queue = spanQueue({ db, log, maxBytes: QUEUE_BYTES });
  const forget = forgetWorker(
    { db, clock, log },
    {
      keepDays: settings.TRACES_KEEP_DAYS,
      keepBytes: settings.TRACES_KEEP_MIB * MIB,
      everyMs: settings.TRACES_FORGET_CHECK_MS,
    },
  );
  const { TRACES_LISTEN: listen, TRACES_SPANS_PER_SECOND: spansPerSecond } = settings;
  return {
    directory: callerDirectory(db, { agencies: createAgencyCache(), officers: createOfficerCache() }),
    rpc: [rpcService(TraceServiceDefinition, { db }, [findTraces, getTrace, getJourney])],
    workers: [
      ...events.workers(),
      forget,
      queue,
      ...(listen === undefined
        ? []
        : [receiver({ listen, tls: receiverTls(listen, tls), log, queue, spansPerSecond })]),
    ],
    operations: events.operations,
    catchUp: events.catchUp,
    forgetDue: forget.runDue,
  };
}

/** Senders on the same machine speak plain text: they have no authority to trust. */
const receiverTls = (listen: string, tls: ListenTls): ListenTls =>
  isLoopback(parseListen(listen).host) ? LOOPBACK_ONLY : tls;

export const traces = defineService({
  name: 'traces',
  migrations: [
    eventLogMigrations,
    { name: 'traces', folder: new URL('../migrations/', import.meta.url) },
    referenceDataMigrations,
  ],
  compose: composeTraces,
});
