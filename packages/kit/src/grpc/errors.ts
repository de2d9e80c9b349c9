import { trace } from '@opentelemetry/api';
import { type CallContext, ServerError, type ServerMiddlewareCall, Status } from 'nice-grpc-common';
import {
  BadRequest,
  type ErrorDetails,
  ErrorInfo,
  RetryInfo,
  RichServerError,
} from 'nice-grpc-error-details';
import { type ErrorKind, type Refusal, RefusalError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { isConnectionError } from '../postgres/database.ts';

const STATUS: Record<ErrorKind, Status> = {
  'invalid-argument': Status.INVALID_ARGUMENT,
  unauthenticated: Status.UNAUTHENTICATED,
  'permission-denied': Status.PERMISSION_DENIED,
  'not-found': Status.NOT_FOUND,
  'already-exists': Status.ALREADY_EXISTS,
  'failed-precondition': Status.FAILED_PRECONDITION,
  'out-of-range': Status.OUT_OF_RANGE,
  'resource-exhausted': Status.RESOURCE_EXHAUSTED,
  aborted: Status.ABORTED,
  unavailable: Status.UNAVAILABLE,
};

/** `domain` of every ErrorInfo. */
export const ERROR_DOMAIN = 'lienthong';
// Trailers share HTTP/2 header limits (8 KiB by default in many clients).
const MAX_VIOLATIONS_SENT = 40;

export function toServerError(refusal: Refusal): RichServerError {
  const details: ErrorDetails[] = [
    ErrorInfo.fromPartial({
      reason: refusal.reason,
      domain: ERROR_DOMAIN,
      metadata: { ...refusal.metadata },
    }),
  ];
  if (refusal.violations && refusal.violations.length > 0) {
    details.push(
      BadRequest.fromPartial({
        fieldViolations: refusal.violations
          .slice(0, MAX_VIOLATIONS_SENT)
          .map(({ field, description, reason }) => ({ field, description, reason: reason ?? '' })),
      }),
    );
  }
  if (refusal.retryAfterMs !== undefined) {
    details.push(
      RetryInfo.fromPartial({
        retryDelay: {
          seconds: Math.floor(refusal.retryAfterMs / 1000),
          nanos: (refusal.retryAfterMs % 1000) * 1e6,
        },
      }),
    );
  }
  return new RichServerError(STATUS[refusal.kind], refusal.message, details);
}

const databaseAway: Refusal = {
  kind: 'unavailable',
  reason: 'DATABASE_UNAVAILABLE',
  message: 'the database cannot be reached; send the same request_id again in a moment',
  retryAfterMs: 1000,
};

/** The one place where errors become gRPC statuses. What is not a refusal is INTERNAL and says only a trace id. */
export function errorMiddleware(log: Logger) {
  return async function* <Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext,
  ) {
    try {
      return yield* call.next(call.request, context);
    } catch (error) {
      if (error instanceof RefusalError) throw toServerError(error.refusal);
      if (error instanceof ServerError || context.signal.aborted) throw error;
      if (isConnectionError(error)) {
        log.warn({ err: error, method: call.method.path }, 'database unavailable');
        throw toServerError(databaseAway);
      }
      const traceId = trace.getActiveSpan()?.spanContext().traceId ?? 'none';
      log.error({ err: error, method: call.method.path }, 'call failed');
      throw new ServerError(Status.INTERNAL, `internal error, trace ${traceId}`);
    }
  };
}
