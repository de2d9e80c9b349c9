import { annotate, type Story, storyAttributes } from '@lienthong/kit';
import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  trace,
} from '@opentelemetry/api';

const tracer = trace.getTracer('lienthong.eventlog');
/** The largest number of links of a span. */
const MAX_LINKS = 32;

/** The W3C traceparent of a context's span; '' outside a trace. */
export function traceparentOf(of: Context): string {
  const span = trace.getSpanContext(of);
  if (!span || !isSpanContextValid(span)) return '';
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The context that a traceparent stands for; the root one for ''. */
function contextOf(traceparent: string): Context {
  const [, traceId = '', spanId = '', flags = '0'] = traceparent.split('-');
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(span) ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT;
}

/** Where the items of a batch come from: the trace and the story of each. */
export interface Origins<T> {
  /** '' outside a trace. */
  traceparent(item: T): string;
  /** Read after the work, and only while spans are recorded. */
  story(item: T): Story;
}

/**
 * Works on a batch in a span. When the whole batch comes from one trace, the span belongs to that trace; otherwise it
 * has a trace of its own with links to theirs, and each of them gets a span for its share. So everything that happens to
 * a dossier is found by its attributes, and in the trace of the call that started it.
 */
export async function inBatchSpan<T, R>(
  name: string,
  items: readonly T[],
  origins: Origins<T>,
  work: () => Promise<R>,
): Promise<R> {
  const first = items.length === 0 ? '' : origins.traceparent(items[0] as T);
  const one = items.every((item) => origins.traceparent(item) === first);
  const parent = one ? contextOf(first) : ROOT_CONTEXT;
  const startTime = Date.now();
  return tracer.startActiveSpan(name, { startTime }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.recordException(error as Error);
      throw error;
    } finally {
      if (span.isRecording()) describe(name, items, origins, span, startTime);
      span.end();
    }
  });
}

function describe<T>(
  name: string,
  items: readonly T[],
  origins: Origins<T>,
  batch: Span,
  startTime: number,
): void {
  batch.setAttribute('lienthong.batch.size', items.length);
  const shares = new Map<string, { traceparent: string; story: Story }>();
  for (const item of items) {
    const [traceparent, story] = [origins.traceparent(item), origins.story(item)];
    const key = `${traceparent} ${story.dossier ?? ''} ${story.document ?? ''}`;
    const share = shares.get(key);
    if (share === undefined) shares.set(key, { traceparent, story });
    // The events of one story concern several agencies.
    else if (share.story.agency !== story.agency) share.story = { ...share.story, agency: undefined };
  }
  const [only] = shares.values();
  if (shares.size === 1 && only) {
    batch.setAttributes(storyAttributes(only.story));
    return;
  }
  const links = [{ context: batch.spanContext() }];
  const callers: Link[] = [];
  for (const { traceparent, story } of shares.values()) {
    const origin = contextOf(traceparent);
    const context = trace.getSpanContext(origin);
    if (context === undefined) continue;
    tracer.startSpan(name, { startTime, links, attributes: storyAttributes(story) }, origin).end();
    callers.push({ context });
  }
  batch.addLinks(callers.slice(0, MAX_LINKS));
}

/**
 * A span for what the platform does by itself, such as a missed deadline, in the active trace or in a new one.
 * @returns its traceparent, for the events it stands for
 */
export function platformSpan(name: string, story: Story): string {
  const span = tracer.startSpan(name);
  annotate(story, span);
  span.end();
  return traceparentOf(trace.setSpan(context.active(), span));
}
