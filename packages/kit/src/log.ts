import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

// Synchronous, so that the last lines of a process that dies are not lost.
const stderr = () => pino.destination({ fd: 2, sync: true });

/** JSON lines, on stderr by default, with the ids of the active trace. Pass ids, never people: no personal data. */
export function createLog(name: string, level: string, destination: DestinationStream = stderr()): Logger {
  return pino(
    {
      name,
      level,
      serializers: { err: describe },
      mixin() {
        const context = trace.getActiveSpan()?.spanContext();
        return context && isSpanContextValid(context)
          ? { trace_id: context.traceId, span_id: context.spanId }
          : {};
      },
    },
    destination,
  );
}

/** The fields of an error that may be logged: errors of libraries also carry connections, parameters and rows. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return { name, message, code, constraint, stack, cause: cause === undefined ? undefined : describe(cause) };
}
