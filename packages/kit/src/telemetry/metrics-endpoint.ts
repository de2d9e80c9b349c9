import type { AddressInfo } from 'node:net';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, type IMetricReader, InstrumentType } from '@opentelemetry/sdk-metrics';
import { boundedServer } from '../http-server.ts';
import { listenHttp } from '../tls/http.ts';
import type { ListenTls } from '../tls/listen-tls.ts';

export interface MetricsEndpoint {
  /** host:port */
  address: string;
  reader: IMetricReader;
  /** What GET /health says from now on; before the first call: not serving. */
  setServing(serving: boolean): void;
  close(): void;
}

/** Shows only values of this collection: by default a gauge keeps the value of something that no longer exists. */
class CurrentGauges extends PrometheusExporter {
  override selectAggregationTemporality(type: InstrumentType): AggregationTemporality {
    return type === InstrumentType.OBSERVABLE_GAUGE
      ? AggregationTemporality.DELTA
      : super.selectAggregationTemporality(type);
  }
}

/**
 * `GET /metrics` in Prometheus' text format, and `GET /health`: 200 while the process serves, 503 otherwise. A probe of it
 * starts no program and loads no gRPC.
 * @param listen host:port; port 0 picks a free one
 * @throws when the address cannot be listened on
 */
export async function openMetricsEndpoint(listen: string, tls: ListenTls): Promise<MetricsEndpoint> {
  // The exporter's own server does not accept port 0. The library's scope as a label would lengthen every line.
  const exporter = new CurrentGauges({ preventServerStart: true, withoutScopeInfo: true });
  let serving = false;
  const server = boundedServer(tls, (request, response) => {
    const path = request.method === 'GET' ? request.url?.split('?')[0] : undefined;
    const reply = (status: number, line: string) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`${line}\n`);
    if (path === '/metrics') exporter.getMetricsRequestHandler(request, response);
    else if (path === '/health') reply(serving ? 200 : 503, serving ? 'serving' : 'not serving');
    else reply(404, 'this address serves only GET /metrics and GET /health');
  });
  await listenHttp(server, listen, tls).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EADDRINUSE' ? 'the address is taken' : cause.message;
    throw new Error(`cannot listen on ${listen} (METRICS_LISTEN): ${why}`, { cause });
  });
  // An open connection of a metrics reader must not keep the process alive.
  server.unref();
  return {
    address: `${listen.slice(0, listen.lastIndexOf(':'))}:${(server.address() as AddressInfo).port}`,
    reader: exporter,
    setServing(now) {
      serving = now;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
