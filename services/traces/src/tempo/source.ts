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
import { toTraceQl } from './trace-ql.ts';

/** Of one search: what Tempo gives for a journey. */
const MOST_TRACES = 1_500;
/** A search names the traces; they are read whole so many at once. */
const READ_AT_ONCE = 8;
/** Traces that begin within the same second as the end of a page. */
const MORE = 50;
const DAY_MS = 86_400_000;

const found = z.object({
  traces: z
    .array(
      z.object({ traceID: z.string().max(32), startTimeUnixNano: z.string().regex(/^\d+$/).default('0') }),
    )
    .default([]),
});
const one = z.object({ trace: request.optional() });

/** The traces in a Tempo, read by its HTTP API: found by TraceQL, then read one by one. */
export function tempoTraces(options: RemoteOptions): RemoteSource {
  const { clock, days } = options;
  const { get, close } = readRemote(options);

  /** Ids, newest first. Tempo leaves out zeros in front of them. */
  async function search(filter: TraceFilter, limit: number): Promise<string[]> {
    const now = clock.now().getTime();
    const from = filter.fromUs === undefined ? now - days * DAY_MS : filter.fromUs / 1_000;
    const to = filter.toUs === undefined ? now + DAY_MS : filter.toUs / 1_000;
    const query = new URLSearchParams({
      q: toTraceQl(filter),
      start: String(Math.max(0, Math.floor(from / 1_000))),
      end: String(Math.ceil(to / 1_000)),
      limit: String(limit),
      spss: '1',
    });
    const { traces } = (await get(`/api/search?${query}`, found)) ?? { traces: [] };
    return traces
      .toSorted((a, b) => Number(BigInt(b.startTimeUnixNano) - BigInt(a.startTimeUnixNano)))
      .map(({ traceID }) => traceID.toLowerCase().padStart(32, '0'));
  }

  async function readOne(traceId: string): Promise<WholeTrace | undefined> {
    const [whole] = wholeTraces(spansIn((await get(`/api/v2/traces/${traceId}`, one))?.trace));
    return whole;
  }

  /** Those of the ids that are there and match, oldest first. */
  async function readAll(ids: readonly string[], filter: TraceFilter): Promise<WholeTrace[]> {
    const whole: WholeTrace[] = [];
    for (let n = 0; n < ids.length; n += READ_AT_ONCE) {
      const some = await Promise.all(ids.slice(n, n + READ_AT_ONCE).map(readOne));
      whole.push(...some.filter((trace) => trace !== undefined));
    }
    return whole.filter(({ sum }) => isWanted(sum, filter)).sort((a, b) => byBeginning(a.sum, b.sum));
  }

  return {
    async find(filter, after, limit) {
      const bounded = { ...filter, toUs: after === undefined ? filter.toUs : after[0] + 1 };
      const traces = await readAll(await search(bounded, limit + MORE), bounded);
      const sums = traces.map(({ sum }) => sum).reverse();
      return sums.filter((sum) => after === undefined || isBefore(sum, after)).slice(0, limit);
    },
    async read(traceId, mostSpans) {
      const whole = await readOne(traceId);
      return whole && { ...whole, spans: whole.spans.slice(0, mostSpans) };
    },
    async journey(stories, after, limit, mostSpans) {
      const filter = { stories, failedOnly: false, slowerThanUs: 0, fromUs: after?.[0], toUs: undefined };
      const ids = (await search(filter, MOST_TRACES)).reverse().slice(0, limit + MORE);
      const traces = await readAll(ids, filter);
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
