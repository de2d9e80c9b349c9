import type { Database } from '@lienthong/kit';
import type { TraceSource } from '../domain/source.ts';
import { findTraces, readTrace } from './find-traces.ts';
import { readSpans } from './read-spans.ts';

/** The traces in this service's own tables. */
export const ownTraces = (db: Database): TraceSource => ({
  find: (filter, after, limit) => findTraces(db, filter, 'newest', after, limit),
  async read(traceId, mostSpans) {
    const sum = await readTrace(db, traceId);
    if (sum === undefined) return undefined;
    return { sum, spans: (await readSpans(db, [traceId], mostSpans)).get(traceId) ?? [] };
  },
  async journey(stories, after, limit, mostSpans) {
    const filter = { stories, failedOnly: false, slowerThanUs: 0, fromUs: undefined, toUs: undefined };
    const sums = await findTraces(db, filter, 'oldest', after, limit);
    const spans = await readSpans(
      db,
      sums.map(({ traceId }) => traceId),
      mostSpans,
    );
    return sums.map((sum) => ({ sum, spans: spans.get(sum.traceId) ?? [] }));
  },
});
