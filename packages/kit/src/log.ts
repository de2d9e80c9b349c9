import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stderr with the ids of the active trace. Personal data never goes in: pass ids, not people. */
export function createLog(name: string, level: string): Logger {
  return pino(
    {
      name,
      level,
      mixin() {
        const context = trace.getActiveSpan()?.spanContext();
        return context && isSpanContextValid(context)
          ? { trace_id: context.traceId, span_id: context.spanId }
          : {};
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
