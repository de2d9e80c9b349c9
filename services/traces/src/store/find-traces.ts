import { parameters, type Reader } from '@lienthong/kit';
import { STORIES } from '../domain/span.ts';

export interface TraceRow {
  trace_id: string;
  name: string;
  service: string;
  started_us: string;
  ended_us: string;
  spans: number;
  failed: number;
}

export interface TraceFilter {
  /** By attribute; '' for any. */
  stories: Readonly<Partial<Record<keyof typeof STORIES, string>>>;
  failedOnly: boolean;
  slowerThanUs: bigint;
  /** Microseconds since 1970; undefined for no bound. */
  fromUs: bigint | undefined;
  toUs: bigint | undefined;
}

/** Where a page ended. */
export type TraceCursor = [startedUs: string, traceId: string];

export const cursorOf = ({ started_us, trace_id }: TraceRow): TraceCursor => [started_us, trace_id];

/**
 * Traces by their beginning. A dossier or document has hundreds at most, which are sorted; an agency's and all others are
 * read along the index of time.
 */
export function findTraces(
  reader: Reader,
  { stories, failedOnly, slowerThanUs, fromUs, toUs }: TraceFilter,
  order: 'newest' | 'oldest',
  after: TraceCursor | undefined,
  limit: number,
): Promise<TraceRow[]> {
  const p = parameters();
  const where: string[] = [];
  for (const [attribute, value] of Object.entries(stories))
    if (value !== '')
      where.push(
        `exists (select from trace_story s where s.trace_id = t.trace_id
                    and s.kind = ${STORIES[attribute as keyof typeof STORIES]} and s.value = ${p.add(value)})`,
      );
  if (failedOnly) where.push('t.failed > 0');
  if (slowerThanUs > 0n) where.push(`t.ended_us - t.started_us > ${p.add(String(slowerThanUs))}::bigint`);
  if (fromUs !== undefined) where.push(`t.started_us >= ${p.add(String(fromUs))}::bigint`);
  if (toUs !== undefined) where.push(`t.started_us < ${p.add(String(toUs))}::bigint`);
  const [sign, direction] = order === 'newest' ? ['<', 'desc'] : ['>', 'asc'];
  if (after !== undefined)
    where.push(
      `(t.started_us, t.trace_id) ${sign} (${p.add(after[0])}::bigint, decode(${p.add(after[1])}, 'hex'))`,
    );
  return reader.query({
    text: `
      select encode(t.trace_id, 'hex') as trace_id, t.name, t.service, t.started_us::text, t.ended_us::text, t.spans, t.failed
        from trace t
       ${where.length === 0 ? '' : `where ${where.join(' and ')}`}
       order by t.started_us ${direction}, t.trace_id ${direction}
       limit ${p.add(limit)}`,
    values: p.values,
  });
}

export async function readTrace(reader: Reader, traceId: string): Promise<TraceRow | undefined> {
  const [row] = await reader.query<TraceRow>({
    name: 'trace_by_id',
    text: `select encode(trace_id, 'hex') as trace_id, name, service, started_us::text, ended_us::text, spans, failed
             from trace where trace_id = decode($1, 'hex')`,
    values: [traceId],
  });
  return row;
}
