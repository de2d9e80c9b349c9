import { type Clock, type Refusal, refuse } from '@lienthong/kit';
import { createHttpClient } from '@lienthong/outbound';
import { z } from 'zod';
import {
  byBeginning,
  type TraceFilter,
  type TraceSource,
  type TraceSum,
  type WholeTrace,
  wholeTraces,
} from '../domain/source.ts';
import { request, toResources } from '../otlp/json.ts';
import { keptOf } from '../otlp/sent.ts';

export interface JaegerOptions {
  /** The base of its query service, such as http://jaeger:16686. */
  url: string;
  clock: Clock;
  /** How far back a search goes that names no beginning. */
  days: number;
}

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** A search is made for each process that sends spans: Jaeger finds traces by one at least. */
const MOST_SERVICES = 32;
/** The most that Jaeger gives to one search. */
const MOST_TRACES = 1_500;
const DAY_MS = 86_400_000;

const services = z.object({ services: z.array(z.string()).default([]) });
const found = z.object({ result: request });

/** The traces in a Jaeger, read by its query API v3 over HTTP; nothing of them is stored here. */
export function jaegerTraces({ url, clock, days }: JaegerOptions): TraceSource & { close(): void } {
  const http = createHttpClient({ clock, timeoutMs: TIMEOUT_MS, readBytes: MAX_BYTES });
  const base = url.replace(/\/+$/, '');

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
    const { services: names } = (await get(`${base}/api/v3/services`, services)) ?? { services: [] };
    const answers = await Promise.all(
      names
        .slice(0, MOST_SERVICES)
        .map((name) =>
          get(
            `${base}/api/v3/traces?${new URLSearchParams({ ...query, 'query.service_name': name })}`,
            found,
          ),
        ),
    );
    const traces = wholeTraces(answers.flatMap(spansIn));
    return traces.filter(({ sum }) => isWanted(sum, filter)).sort((a, b) => byBeginning(a.sum, b.sum));
  }

  /** Undefined: Jaeger has nothing of it. Refuses: JAEGER_UNAVAILABLE, JAEGER_UNREADABLE. */
  async function get<T>(address: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const { status, bytes, cause } = await http.send({
      url: address,
      method: 'GET',
      headers: { accept: 'application/json' },
    });
    if (status === 404) return undefined;
    if (status !== 200) return refuse(unavailable, { cause: new Error(cause) });
    try {
      return schema.parse(JSON.parse((bytes ?? Buffer.alloc(0)).toString()));
    } catch (error) {
      return refuse(unreadable, { cause: error });
    }
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
      const answer = await get(`${base}/api/v3/traces/${traceId}`, found);
      const [whole] = answer === undefined ? [] : wholeTraces(spansIn(answer));
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
    close: () => http.close(),
  };
}

const toTime = (us: number): string => new Date(us / 1_000).toISOString();

const isWanted = (
  { failed, startedUs, endedUs }: TraceSum,
  { failedOnly, slowerThanUs, fromUs, toUs }: TraceFilter,
) =>
  (!failedOnly || failed > 0) &&
  endedUs - startedUs > (slowerThanUs || -1) &&
  startedUs >= (fromUs ?? 0) &&
  startedUs < (toUs ?? Number.POSITIVE_INFINITY);

const isBefore = (
  { startedUs, traceId }: Pick<TraceSum, 'startedUs' | 'traceId'>,
  [us, id]: readonly [number, string],
): boolean => startedUs < us || (startedUs === us && traceId < id);

const spansIn = (answer: z.output<typeof found> | undefined) =>
  answer === undefined ? [] : keptOf(toResources(answer.result)).spans;

const unavailable: Refusal = {
  kind: 'unavailable',
  reason: 'JAEGER_UNAVAILABLE',
  message: 'Jaeger does not answer; try again in a moment',
  retryAfterMs: 10_000,
};
const unreadable: Refusal = {
  kind: 'out-of-range',
  reason: 'JAEGER_UNREADABLE',
  message: 'Jaeger gives more than can be read, or no traces; name a shorter time',
};
