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
 * `GET /metrics` in Prometheus' text format.
 * @param listen host:port; port 0 picks a free one
 * @throws when the address cannot be listened on
 */
export async function openMetricsEndpoint(listen: string, tls: ListenTls): Promise<MetricsEndpoint> {
  // The exporter's own server does not accept port 0. The library's scope as a label would lengthen every line.
  const exporter = new CurrentGauges({ preventServerStart: true, withoutScopeInfo: true });
  const server = boundedServer(tls, (request, response) => {
    if (request.method === 'GET' && request.url?.split('?')[0] === '/metrics')
      exporter.getMetricsRequestHandler(request, response);
    else
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end('this address serves only GET /metrics\n');
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
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
