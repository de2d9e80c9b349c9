import { type SentSpan, type Span, toKept } from '../domain/span.ts';

/** The spans of one process. */
export interface SentResource {
  /** service.name */
  service: string;
  spans: readonly SentSpan[];
}

/** What is kept of the spans, and how many are not spans. */
export function keptOf(resources: readonly SentResource[]): { spans: Span[]; rejected: number } {
  const kept = resources.flatMap(({ service, spans }) => spans.map((span) => toKept(span, service)));
  const spans = kept.filter((span) => span !== undefined);
  return { spans, rejected: kept.length - spans.length };
}
