import { z } from 'zod';
import {
  byBeginning,
  isBefore,
  isWanted,
  type TraceFilter,
  type WholeTrace,
  wholeTraces,
} from '../domain/source.ts';
import { request } from '../otlp/json.ts';
import { type RemoteOptions, type RemoteSource, readRemote, spansIn } from '../remote.ts';

/** A search is made for each process that sends spans: Jaeger finds traces by one at least. */
const MOST_SERVICES = 32;
/** The most that Jaeger gives to one search. */
const MOST_TRACES = 1_500;
const DAY_MS = 86_400_000;

const services = z.object({ services: z.array(z.string()).default([]) });
const found = z.object({ result: request });

/** The traces in a Jaeger, read by its query API v3 over HTTP; nothing of them is stored here. */
export function jaegerTraces(options: RemoteOptions): RemoteSource {
  const { clock, days } = options;
  const { get, close } = readRemote(options);

  async function search(filter: TraceFilter, depth: number): Promise<WholeTrace[]> {
    const now = clock.now().getTime();
    const attributes = Object.fromEntries(Object.entries(filter.stories).filter(([, value]) => value !== ''));
    const query = {
      'query.start_time_min': toTime(filter.fromUs ?? (now - days * DAY_MS) * 1_000),
      'query.start_time_max': toTime((filter.toUs ?? (now + DAY_MS) * 1_000) + 999),
      'query.search_depth': String(depth),
      'query.attributes': JSON.stringify(attributes),
      ...(filter.slowerThanUs > 0 && { 'query.duration_min': `${filter.slowerThanUs}us` }),
    };
    const { services: names } = (await get('/api/v3/services', services)) ?? { services: [] };
    const answers = await Promise.all(
      names
        .slice(0, MOST_SERVICES)
        .map((name) =>
          get(`/api/v3/traces?${new URLSearchParams({ ...query, 'query.service_name': name })}`, found),
        ),
    );
    const traces = wholeTraces(answers.flatMap((answer) => spansIn(answer?.result)));
    return traces.filter(({ sum }) => isWanted(sum, filter)).sort((a, b) => byBeginning(a.sum, b.sum));
  }

  return {
    async find(filter, after, limit) {
      // The cursor's own trace may have others beside it that began at the same moment.
      const toUs = after === undefined ? filter.toUs : after[0] + 1;
      // Jaeger does not search for failures: they are picked from as many as it gives.
      const depth = filter.failedOnly ? MOST_TRACES : limit + 50;
      const sums = (await search({ ...filter, toUs }, depth)).map(({ sum }) => sum).reverse();
      return sums.filter((sum) => after === undefined || isBefore(sum, after)).slice(0, limit);
    },
    async read(traceId, mostSpans) {
      const answer = await get(`/api/v3/traces/${traceId}`, found);
      const [whole] = wholeTraces(spansIn(answer?.result));
      return whole && { ...whole, spans: whole.spans.slice(0, mostSpans) };
    },
    async journey(stories, after, limit, mostSpans) {
      const filter = { stories, failedOnly: false, slowerThanUs: 0, fromUs: undefined, toUs: undefined };
      const traces = await search({ ...filter, fromUs: after?.[0] }, MOST_TRACES);
      return traces
        .filter(
          ({ sum }) =>
            after === undefined ||
            isBefore({ startedUs: after[0], traceId: after[1] }, [sum.startedUs, sum.traceId]),
        )
        .slice(0, limit)
        .map(({ sum, spans }) => ({ sum, spans: spans.slice(0, mostSpans) }));
    },
    close,
  };
}

const toTime = (us: number): string => new Date(us / 1_000).toISOString();
