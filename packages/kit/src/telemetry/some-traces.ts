import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { createRates } from '../limits/rates.ts';
import { idsOnly } from './ids-only.ts';

/** How many traces are remembered that began here: one that comes back as a call, from a gateway of this process, goes on. */
const REMEMBERED = 10_000;

/**
 * Records so many new traces in a second: each of them while people work, a bounded part under load. The spans of the
 * others only carry ids, which costs next to nothing. A call from outside counts as new, whatever its caller has decided
 * about recording.
 * @param recording records every span that it is given
 */
export function someTraces(
  recording: TracerProvider,
  perSecond: number,
  now = () => performance.now(),
): TracerProvider {
  const rates = createRates({ keys: 1, now });
  const rate = { perSecond, burst: perSecond };
  /** Oldest first. */
  const own = new Set<string>();

  function remember(traceId: string): void {
    own.add(traceId);
    const [oldest] = own;
    if (own.size > REMEMBERED && oldest !== undefined) own.delete(oldest);
  }

  /** True for a span of a trace that is recorded already. */
  function goesOn(options: SpanOptions | undefined, parent: Context): boolean | undefined {
    const above = options?.root ? undefined : trace.getSpanContext(parent);
    if (above === undefined || !isSpanContextValid(above)) return undefined;
    const isSampled = (above.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (options?.kind !== SpanKind.SERVER) return isSampled;
    return isSampled && own.has(above.traceId) ? true : undefined;
  }

  return {
    getTracer(name, version, of) {
      const recorded = recording.getTracer(name, version, of);
      const unrecorded = idsOnly.getTracer(name);

      function startSpan(span: string, options?: SpanOptions, parent: Context = context.active()): Span {
        const known = goesOn(options, parent);
        if (!(known ?? rates.take([['traces', rate]], 1) === 0))
          return unrecorded.startSpan(span, options, parent);
        const started = recorded.startSpan(span, options, parent);
        // A trace of a caller is not: else one that was recorded would have all later ones of its id recorded.
        if (options?.root || trace.getSpanContext(parent) === undefined)
          remember(started.spanContext().traceId);
        return started;
      }

      return {
        startSpan,
        startActiveSpan<F extends (span: Span) => ReturnType<F>>(
          name: string,
          ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
        ): ReturnType<F> {
          const work = rest.at(-1) as F;
          const [options, parent = context.active()] = rest.slice(0, -1) as [SpanOptions?, Context?];
          const span = startSpan(name, options, parent);
          return context.with(trace.setSpan(parent, span), work, undefined, span);
        },
      };
    },
  };
}
