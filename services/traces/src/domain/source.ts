import type { Span, STORIES } from './span.ts';

/** A trace, summed up from its spans. Times in microseconds since 1970. */
export interface TraceSum {
  traceId: string;
  /** Of the earliest span. */
  name: string;
  service: string;
  startedUs: number;
  endedUs: number;
  spans: number;
  failed: number;
}

/** A trace with its earliest spans. */
export interface WholeTrace {
  sum: TraceSum;
  spans: readonly Span[];
}

/** What traces are found by; all of it must hold. */
export interface TraceFilter {
  /** By attribute; '' for any. */
  stories: Readonly<Partial<Record<keyof typeof STORIES, string>>>;
  failedOnly: boolean;
  /** 0: however long they took. */
  slowerThanUs: number;
  /** When they began; undefined for no bound. */
  fromUs: number | undefined;
  toUs: number | undefined;
}

/** Where a page ended. */
export type TraceCursor = [startedUs: number, traceId: string];
export const cursorOf = ({ startedUs, traceId }: TraceSum): TraceCursor => [startedUs, traceId];

/** Where traces are read from: this service's own tables, or a Jaeger that the province has. */
export interface TraceSource {
  /** Newest first. */
  find(filter: TraceFilter, after: TraceCursor | undefined, limit: number): Promise<TraceSum[]>;
  /** Undefined when it is not kept. */
  read(traceId: string, mostSpans: number): Promise<WholeTrace | undefined>;
  /** All of a story, oldest first. */
  journey(
    stories: TraceFilter['stories'],
    after: TraceCursor | undefined,
    limit: number,
    mostSpans: number,
  ): Promise<WholeTrace[]>;
}

/** The traces that spans are of, each with all its spans by their beginning. */
export function wholeTraces(spans: readonly Span[]): WholeTrace[] {
  const byTrace = Map.groupBy(
    new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span])).values(),
    ({ traceId }) => traceId,
  );
  return [...byTrace].map(([traceId, own]) => {
    const sorted = own.toSorted((a, b) => a.startedUs - b.startedUs || (a.spanId < b.spanId ? -1 : 1));
    const [first] = sorted as [Span, ...Span[]];
    const ends = sorted.map(({ startedUs, durationUs }) => startedUs + durationUs);
    return {
      sum: {
        traceId,
        name: first.name,
        service: first.service,
        startedUs: first.startedUs,
        endedUs: ends.reduce((latest, end) => Math.max(latest, end)),
        spans: sorted.length,
        failed: sorted.filter(({ failed }) => failed).length,
      },
      spans: sorted,
    };
  });
}

/** In the order of pages: by their beginning, then by their ids. */
export const byBeginning = (a: TraceSum, b: TraceSum): number =>
  a.startedUs - b.startedUs || (a.traceId < b.traceId ? -1 : Number(a.traceId > b.traceId));

export const isWanted = (
  { failed, startedUs, endedUs }: TraceSum,
  { failedOnly, slowerThanUs, fromUs, toUs }: TraceFilter,
): boolean =>
  (!failedOnly || failed > 0) &&
  endedUs - startedUs > (slowerThanUs || -1) &&
  startedUs >= (fromUs ?? 0) &&
  startedUs < (toUs ?? Number.POSITIVE_INFINITY);

export const isBefore = (
  { startedUs, traceId }: Pick<TraceSum, 'startedUs' | 'traceId'>,
  [us, id]: Readonly<TraceCursor>,
): boolean => startedUs < us || (startedUs === us && traceId < id);
