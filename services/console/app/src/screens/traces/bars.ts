import type { traces } from '@lienthong/contracts/json';

/** One line of a waterfall. */
export interface Bar {
  span: traces.Span;
  /** How many spans are around it. */
  depth: number;
  /** Its beginning and its length, in thousandths of the whole. */
  from: number;
  length: number;
}

const startOf = ({ offsetUs }: traces.Span): number => Number(offsetUs);

/** The spans of a trace, each below its parent, in the order of their beginning. */
export function waterfall(spans: readonly traces.Span[]): Bar[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(spans, ({ parentSpanId }) => (ids.has(parentSpanId) ? parentSpanId : ''));
  const begin = Math.min(...spans.map(startOf));
  const end = Math.max(...spans.map((span) => startOf(span) + Number(span.durationUs)));
  const whole = Math.max(1, end - begin);
  const bars: Bar[] = [];
  const seen = new Set<string>();
  const add = (parent: string, depth: number): void => {
    for (const span of (children.get(parent) ?? []).toSorted((a, b) => startOf(a) - startOf(b))) {
      // Spans that name each other as parents come from a broken sender.
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      bars.push({
        span,
        depth,
        from: ((startOf(span) - begin) / whole) * 1_000,
        length: (Number(span.durationUs) / whole) * 1_000,
      });
      add(span.spanId, depth + 1);
    }
  };
  add('', 0);
  return bars;
}

/** "850 µs", "12,5 ms", "3,2 s". */
export function durationText(us: number, language: 'vi' | 'en'): string {
  const number = (value: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: value < 100 ? 1 : 0 }).format(value);
  if (us < 1_000) return `${number(us)} µs`;
  return us < 1_000_000 ? `${number(us / 1_000)} ms` : `${number(us / 1_000_000)} s`;
}
