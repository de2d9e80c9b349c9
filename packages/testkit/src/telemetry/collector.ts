import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** The length-delimited values of a field of a protobuf message. */
function values(message: Uint8Array, field: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field && type === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(type, number);
  }
  return found;
}

const at = (message: Uint8Array, ...path: number[]): Uint8Array[] =>
  path.reduce((messages, field) => messages.flatMap((one) => values(one, field)), [message]);
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  /** '' for a root. */
  parentSpanId: string;
  /** '' for a value that is not text. */
  attributes: Readonly<Record<string, string>>;
  /** Ids of the traces it links to. */
  links: string[];
}

export interface Collector {
  endpoint: string;
  spans: CollectedSpan[];
  /** Names of metrics. */
  metrics: string[];
  services: Set<string>;
  close(): Promise<void>;
}

/** opentelemetry.proto.trace.v1.Span */
function spanOf(span: Uint8Array): CollectedSpan {
  const [traceId, spanId, parentSpanId, name] = [1, 2, 4, 5].map((field) => values(span, field)[0]);
  return {
    name: text(name),
    traceId: hex(traceId),
    spanId: hex(spanId),
    parentSpanId: hex(parentSpanId),
    attributes: Object.fromEntries(
      values(span, 9).map((one) => [text(values(one, 1)[0]), text(at(one, 2, 1)[0])]),
    ),
    links: at(span, 13, 1).map(hex),
  };
}

/** A collector that keeps what is sent to it over OTLP/HTTP with protobuf. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const metrics: string[] = [];
  const services = new Set<string>();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
    // resource_spans and resource_metrics → resource → attributes → value → string_value
    for (const name of at(body, 1, 1, 1, 2, 1)) services.add(text(name));
    // resource_spans → scope_spans → spans
    if (request.url === '/v1/traces') spans.push(...at(body, 1, 2, 2).map(spanOf));
    // resource_metrics → scope_metrics → metrics → name
    if (request.url === '/v1/metrics') metrics.push(...at(body, 1, 2, 2, 1).map(text));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    services,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
