import type { Reader } from '@lienthong/kit';
import type { Span } from '../domain/span.ts';

interface SpanRow {
  trace_id: string;
  span_id: string;
  parent_id: string;
  name: string;
  service: string;
  kind: number;
  started_us: string;
  duration_us: string;
  failed: boolean;
  attributes: string[];
  links: string[];
}

/** The earliest spans of each trace, at most so many, by trace. Index: the primary key. */
export async function readSpans(
  reader: Reader,
  traceIds: readonly string[],
  most: number,
): Promise<Map<string, Span[]>> {
  const rows = await reader.query<SpanRow>({
    name: 'spans_of_traces',
    text: `
      select encode(s.trace_id, 'hex') as trace_id, encode(s.span_id, 'hex') as span_id,
             encode(s.parent_id, 'hex') as parent_id, s.name, s.service, s.kind, s.started_us::text, s.duration_us::text,
             s.failed, s.attributes, s.links
        from unnest($1::text[]) as wanted (id)
       cross join lateral (select * from span where trace_id = decode(wanted.id, 'hex')
                            order by started_us, span_id limit $2) s
       order by s.started_us, s.span_id`,
    values: [traceIds, most],
  });
  const byTrace = new Map<string, Span[]>(traceIds.map((id) => [id, []]));
  for (const row of rows) byTrace.get(row.trace_id)?.push(toSpan(row));
  return byTrace;
}

const toSpan = (row: SpanRow): Span => ({
  traceId: row.trace_id,
  spanId: row.span_id,
  parentId: row.parent_id,
  name: row.name,
  service: row.service,
  kind: row.kind,
  startedUs: Number(row.started_us),
  durationUs: Number(row.duration_us),
  failed: row.failed,
  attributes: Object.fromEntries(inPairs(row.attributes)),
  links: inPairs(row.links).map(([traceId, spanId]) => ({ traceId, spanId })),
});

const inPairs = (texts: readonly string[]): [string, string][] =>
  Array.from({ length: Math.floor(texts.length / 2) }, (_, n) => [
    texts[2 * n] ?? '',
    texts[2 * n + 1] ?? '',
  ]);
