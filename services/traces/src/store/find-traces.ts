import { parameters, type Reader } from '@lienthong/kit';
import type { TraceCursor, TraceFilter, TraceSum } from '../domain/source.ts';
import { STORIES } from '../domain/span.ts';

interface TraceRow {
  trace_id: string;
  name: string;
  service: string;
  started_us: string;
  ended_us: string;
  spans: number;
  failed: number;
}

const COLUMNS = `encode(t.trace_id, 'hex') as trace_id, t.name, t.service, t.started_us::text, t.ended_us::text, t.spans, t.failed`;

/**
 * Traces by their beginning. A dossier or document has hundreds at most, which are sorted; an agency's and all others are
 * read along the index of time.
 */
export async function findTraces(
  reader: Reader,
  { stories, failedOnly, slowerThanUs, fromUs, toUs }: TraceFilter,
  order: 'newest' | 'oldest',
  after: TraceCursor | undefined,
  limit: number,
): Promise<TraceSum[]> {
  const p = parameters();
  const where: string[] = [];
  for (const [attribute, value] of Object.entries(stories))
    if (value !== '')
      where.push(
        `exists (select from trace_story s where s.trace_id = t.trace_id
                    and s.kind = ${STORIES[attribute as keyof typeof STORIES]} and s.value = ${p.add(value)})`,
      );
  if (failedOnly) where.push('t.failed > 0');
  if (slowerThanUs > 0) where.push(`t.ended_us - t.started_us > ${p.add(slowerThanUs)}::bigint`);
  if (fromUs !== undefined) where.push(`t.started_us >= ${p.add(fromUs)}::bigint`);
  if (toUs !== undefined) where.push(`t.started_us < ${p.add(toUs)}::bigint`);
  const [sign, direction] = order === 'newest' ? ['<', 'desc'] : ['>', 'asc'];
  if (after !== undefined)
    where.push(
      `(t.started_us, t.trace_id) ${sign} (${p.add(after[0])}::bigint, decode(${p.add(after[1])}, 'hex'))`,
    );
  const rows = await reader.query<TraceRow>({
    text: `
      select ${COLUMNS}
        from trace t
       ${where.length === 0 ? '' : `where ${where.join(' and ')}`}
       order by t.started_us ${direction}, t.trace_id ${direction}
       limit ${p.add(limit)}`,
    values: p.values,
  });
  return rows.map(toSum);
}

export async function readTrace(reader: Reader, traceId: string): Promise<TraceSum | undefined> {
  const [row] = await reader.query<TraceRow>({
    name: 'trace_by_id',
    text: `select ${COLUMNS} from trace t where trace_id = decode($1, 'hex')`,
    values: [traceId],
  });
  return row && toSum(row);
}

const toSum = ({ trace_id, started_us, ended_us, ...rest }: TraceRow): TraceSum => ({
  ...rest,
  traceId: trace_id,
  startedUs: Number(started_us),
  endedUs: Number(ended_us),
});
