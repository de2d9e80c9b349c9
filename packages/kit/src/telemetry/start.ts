import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type ListenTls, LOOPBACK_ONLY } from '../tls/listen-tls.ts';
import { idsOnly } from './ids-only.ts';
import { someTraces } from './some-traces.ts';

export interface TelemetryOptions {
  service: string;
  /** Where traces and metrics are sent to over OTLP/HTTP; absent: nowhere. */
  otlpEndpoint?: string | undefined;
  /** Where traces are sent to instead. At most so many new ones in a second are recorded. */
  traces?: { otlpEndpoint: string; perSecond: number } | undefined;
  /** host:port that Prometheus reads /metrics from; absent: no such endpoint. */
  metricsListen?: string | undefined;
  /** Of that endpoint; plain text on this machine when absent. */
  tls?: ListenTls;
}

export interface Telemetry {
  /** host:port of /metrics; undefined when there is none. */
  metricsAddress: string | undefined;
  /** What GET /health says beside /metrics. */
  setServing(serving: boolean): void;
  /** Sends the spans that are not sent yet; those that begin later are not recorded. */
  endTraces(): Promise<void>;
  /** Sends what is not sent yet, then stops. */
  stop(): Promise<void>;
}

/**
 * Gives every call a trace id, and collects the traces and metrics that the settings enable. Without an OTLP endpoint
 * spans are not recorded: they only carry ids for log lines and events. Without a reader of metrics, instruments do nothing.
 * Starts before the services: an instrument that is older than its meter provider stays silent.
 * @throws when `metricsListen` cannot be listened on
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { service, metricsListen, tls = LOOPBACK_ONLY } = options;
  const otlp = options.otlpEndpoint?.replace(/\/$/, '');
  // The collecting libraries are some 700 modules: a process that collects nothing does not load them.
  const { traces } = options;
  const collect = traces || otlp || metricsListen ? await import('./collect.ts') : undefined;
  const metrics =
    otlp || metricsListen ? await collect?.startMetrics({ service, otlp, metricsListen, tls }) : undefined;
  const tracesTo = traces?.otlpEndpoint ?? otlp;
  const collecting =
    tracesTo === undefined ? undefined : collect?.collectTraces(service, tracesTo, traces !== undefined);
  trace.setGlobalTracerProvider(
    (traces && collecting ? someTraces(collecting, traces.perSecond) : collecting) ?? idsOnly,
  );
  let ended: Promise<unknown> | undefined;
  const endTraces = async () => {
    ended ??= Promise.allSettled([collecting?.shutdown()]);
    await ended;
  };
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    metricsAddress: metrics?.address,
    setServing: (serving) => metrics?.setServing(serving),
    endTraces,
    async stop() {
      await Promise.allSettled([endTraces(), metrics?.stop()]);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
