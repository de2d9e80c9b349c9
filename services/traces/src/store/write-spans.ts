import { type Database, plainArray } from '@lienthong/kit';
import { type Span, STORIES } from '../domain/span.ts';

/** About what a span takes in memory and on disk. */
const BASE_BYTES = 200;

const sizeOf = ({ name, service, attributes, links }: Span): number =>
  Object.entries(attributes).reduce((sum, [key, value]) => sum + key.length + value.length, 0) +
  BASE_BYTES +
  name.length +
  service.length +
  links.length * 50;

export const bytesOf = (spans: readonly Span[]): number => spans.reduce((sum, span) => sum + sizeOf(span), 0);

/** Writes spans, each once: a sender that got no reply sends them again. */
export async function writeSpans(db: Database, spans: readonly Span[]): Promise<void> {
  const stories = spans.flatMap(({ traceId, attributes }) =>
    Object.entries(STORIES).flatMap(([key, kind]) => {
      const value = attributes[key] ?? '';
      return value === '' ? [] : [{ traceId, kind, value }];
    }),
  );
  const of = <V extends string | number>(value: (span: Span) => V) => plainArray(spans.map(value));
  await db.transaction(async (tx) => {
    tx.send({
      name: 'spans_insert',
      // Two processes that write spans of the same traces take them in the same order.
      text: `
        with inserted as (
          insert into span (trace_id, span_id, parent_id, name, service, kind, started_us, duration_us, failed, attributes,
                            links)
          select decode(trace_id, 'hex'), decode(span_id, 'hex'), decode(parent_id, 'hex'), name, service, kind, started_us,
                 duration_us, failed, string_to_array(attributes, E'\\x01'), string_to_array(links, E'\\x01')
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::bigint[],
                        $8::bigint[], $9::boolean[], $10::text[], $11::text[])
                 as s (trace_id, span_id, parent_id, name, service, kind, started_us, duration_us, failed, attributes, links)
           order by 1, 2
              on conflict do nothing
          returning trace_id, name, service, started_us, duration_us, failed,
                    ${BASE_BYTES} + length(name) + length(service) + length(array_to_string(attributes || links, '')) as bytes
        )
        insert into trace (trace_id, name, service, started_us, ended_us, spans, failed, bytes)
        select trace_id, (array_agg(name order by started_us))[1], (array_agg(service order by started_us))[1],
               min(started_us), max(started_us + duration_us), count(*), count(*) filter (where failed), sum(bytes)
          from inserted
         group by trace_id
         order by trace_id
            on conflict (trace_id) do update
           set name = case when excluded.started_us < trace.started_us then excluded.name else trace.name end,
               service = case when excluded.started_us < trace.started_us then excluded.service else trace.service end,
               started_us = least(trace.started_us, excluded.started_us),
               ended_us = greatest(trace.ended_us, excluded.ended_us),
               spans = trace.spans + excluded.spans,
               failed = trace.failed + excluded.failed,
               bytes = trace.bytes + excluded.bytes`,
      values: [
        of(({ traceId }) => traceId),
        of(({ spanId }) => spanId),
        spans.map(({ parentId }) => parentId),
        spans.map(({ name }) => name),
        spans.map(({ service }) => service),
        of(({ kind }) => kind),
        of(({ startedUs }) => startedUs),
        of(({ durationUs }) => durationUs),
        spans.map(({ failed }) => failed),
        spans.map(({ attributes }) => joined(Object.entries(attributes).flat())),
        spans.map(({ links }) => joined(links.flatMap(({ traceId, spanId }) => [traceId, spanId]))),
      ],
    });
    if (stories.length > 0)
      tx.send({
        name: 'trace_stories_insert',
        text: `insert into trace_story (trace_id, kind, value)
               select decode(trace_id, 'hex'), kind, value
                 from unnest($1::text[], $2::smallint[], $3::text[]) as s (trace_id, kind, value)
                order by 1, 2, 3
                   on conflict do nothing`,
        values: [
          plainArray(stories.map(({ traceId }) => traceId)),
          plainArray(stories.map(({ kind }) => kind)),
          stories.map(({ value }) => value),
        ],
      });
  });
}

/** An array of texts in an array: PostgreSQL's unnest would take both apart. No text that is kept has the separator. */
const joined = (texts: readonly string[]): string =>
  texts.map((text) => text.replaceAll('\u0001', '')).join('\u0001');
