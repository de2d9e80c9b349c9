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
  type Worker,
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
import { readConfig, type TracesSettings } from './config.ts';
import type { TraceSource } from './domain/source.ts';
import { jaegerTraces } from './jaeger/source.ts';
import { receiver } from './receive/receiver.ts';
import { spanQueue } from './receive/span-queue.ts';
import { findTraces } from './rpc/find-traces.ts';
import { getJourney } from './rpc/get-journey.ts';
import { getTrace } from './rpc/get-trace.ts';
import { ownTraces } from './store/source.ts';
import { tempoTraces } from './tempo/source.ts';
import { forgetWorker } from './workers/forget.ts';

const MIB = 1024 * 1024;
/** Of spans that wait to be written. */
const QUEUE_BYTES = 32 * MIB;

function composeTraces(ctx: ServiceContext): Composed {
  const settings = readConfig(ctx.env);
  // It only listens, to know who its callers are.
  const events = createEventLog({ ctx });
  events.consumer(agenciesConsumer);
  events.consumer(officersConsumer);
  events.consumer(certificatesConsumer);
  const { source, workers } = remoteStore(ctx, settings) ?? ownStore(ctx, settings);
  return {
    directory: callerDirectory(ctx.db, { agencies: createAgencyCache(), officers: createOfficerCache() }),
    rpc: [rpcService(TraceServiceDefinition, { source }, [findTraces, getTrace, getJourney])],
    workers: [...events.workers(), ...workers],
    operations: events.operations,
    catchUp: events.catchUp,
  };
}

interface Traces {
  source: TraceSource;
  workers: readonly Worker[];
}

/** Receives spans, writes them, and forgets them. */
function ownStore({ db, clock, log, tls }: ServiceContext, settings: TracesSettings): Traces {
  const { TRACES_LISTEN: listen, TRACES_SPANS_PER_SECOND: spansPerSecond } = settings;
  const queue = spanQueue({ db, log, maxBytes: QUEUE_BYTES });
  const forget = forgetWorker(
    { db, clock, log },
    {
      keepDays: settings.TRACES_KEEP_DAYS,
      keepBytes: settings.TRACES_KEEP_MIB * MIB,
      everyMs: settings.TRACES_FORGET_CHECK_MS,
    },
  );
  const receiving =
    listen === undefined
      ? []
      : [receiver({ listen, tls: receiverTls(listen, tls), log, queue, spansPerSecond })];
  return { source: ownTraces(db), workers: [forget, queue, ...receiving] };
}

/** What the province has already; undefined where traces are kept here. */
function remoteStore({ clock }: ServiceContext, settings: TracesSettings): Traces | undefined {
  const { TRACES_JAEGER_URL: jaeger, TRACES_TEMPO_URL: tempo, TRACES_KEEP_DAYS: days } = settings;
  const url = jaeger ?? tempo;
  if (url === undefined) return undefined;
  const source = (jaeger === undefined ? tempoTraces : jaegerTraces)({ url, clock, days });
  const connections: Worker = {
    name: 'connections to the store of traces',
    start: async () => {},
    stop: async () => source.close(),
  };
  return { source, workers: [connections] };
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
