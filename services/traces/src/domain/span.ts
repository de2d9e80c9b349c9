/** A span as it is kept. Ids are in lower-case hexadecimal digits, times in microseconds since 1970. */
export interface Span {
  traceId: string;
  spanId: string;
  /** '' for the first span of a trace. */
  parentId: string;
  name: string;
  service: string;
  /** The number of OpenTelemetry's SpanKind. */
  kind: number;
  startedUs: number;
  durationUs: number;
  failed: boolean;
  attributes: Readonly<Record<string, string>>;
  links: readonly { traceId: string; spanId: string }[];
}

/** A span as its sender wrote it. */
export interface SentSpan {
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  kind: number;
  startNs: bigint;
  endNs: bigint;
  failed: boolean;
  attributes: readonly (readonly [key: string, value: string])[];
  links: readonly { traceId: string; spanId: string }[];
}

/** What a trace can be found by: the attribute, and its number in the table `trace_story`. */
export const STORIES = { 'lienthong.dossier': 1, 'lienthong.document': 2, 'lienthong.agency': 3 } as const;

/** Those of docs/observability.md. Any other may hold what people wrote, so it is dropped. */
const KEPT: ReadonlySet<string> = new Set([
  ...Object.keys(STORIES),
  'lienthong.batch.size',
  'rpc.system.name',
  'rpc.method',
  'rpc.response.status_code',
  'error.type',
  'exception.type',
]);

const MOST_CHARACTERS = 200;
const MOST_LINKS = 32;
const US = 1_000n;
/** The year 2200: a clock that is later is wrong. */
const LATEST_NS = 7_258_118_400n * 1_000_000_000n;

const isId = (id: string, digits: number): boolean =>
  id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id);

/** What is kept of a span; undefined for one without valid ids or times. */
export function toKept(sent: SentSpan, service: string): Span | undefined {
  const { traceId, spanId, parentId, startNs, endNs } = sent;
  if (!isId(traceId, 32) || !isId(spanId, 16)) return undefined;
  if (startNs <= 0n || startNs > LATEST_NS || endNs > LATEST_NS) return undefined;
  return {
    traceId,
    spanId,
    parentId: isId(parentId, 16) ? parentId : '',
    name: cut(sent.name),
    service: cut(service),
    kind: sent.kind >= 1 && sent.kind <= 5 ? sent.kind : 0,
    startedUs: Number(startNs / US),
    durationUs: endNs > startNs ? Number((endNs - startNs) / US) : 0,
    failed: sent.failed,
    attributes: Object.fromEntries(
      sent.attributes.flatMap(([key, value]) => (KEPT.has(key) ? [[key, cut(value)]] : [])),
    ),
    links: sent.links.filter((link) => isId(link.traceId, 32) && isId(link.spanId, 16)).slice(0, MOST_LINKS),
  };
}

/** PostgreSQL takes no U+0000. */
const cut = (text: string): string => text.replaceAll('\0', '').slice(0, MOST_CHARACTERS).toWellFormed();
