import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { trace } from '@opentelemetry/api';
import { type CallContext, ServerError, type ServerMiddlewareCall, Status } from 'nice-grpc-common';
import { Any, type ErrorDetails, ErrorInfo, RetryInfo, RichServerError } from 'nice-grpc-error-details';
import { type ErrorKind, type FieldViolation, type Refusal, RefusalError } from '../errors.ts';
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
// Trailers share the HTTP/2 header limit: 8 KiB in many clients, and base64 takes a third of it.
const MAX_VIOLATIONS_SENT = 40;
const MAX_VIOLATIONS_BYTES = 4 * 1024;

/** The status of a refusal with ErrorInfo, and BadRequest and RetryInfo where it has violations or a delay. */
export function toServerError(refusal: Refusal): RichServerError {
  const { kind, reason, metadata = {}, violations = [], retryAfterMs } = refusal;
  const details: ErrorDetails[] = [
    ErrorInfo.fromPartial({ reason, domain: ERROR_DOMAIN, metadata: { ...metadata } }),
  ];
  if (violations.length > 0) details.push(badRequest(violations));
  if (retryAfterMs !== undefined) {
    const seconds = Math.floor(retryAfterMs / 1000);
    const nanos = Math.round((retryAfterMs - seconds * 1000) * 1e6);
    details.push(RetryInfo.fromPartial({ retryDelay: { seconds, nanos } }));
  }
  return new RichServerError(STATUS[kind], refusal.message, details);
}

/** google.rpc.BadRequest of as many violations as fit. Written here because the library's predates `reason`. */
function badRequest(violations: readonly FieldViolation[]): Any {
  const writer = new BinaryWriter();
  let bytes = 0;
  for (const { field, description, reason = '' } of violations.slice(0, MAX_VIOLATIONS_SENT)) {
    const violation = new BinaryWriter().uint32(0x0a).string(field).uint32(0x12).string(description);
    const encoded = violation.uint32(0x1a).string(reason).finish();
    bytes += encoded.length;
    if (bytes > MAX_VIOLATIONS_BYTES) break;
    writer.uint32(0x0a).bytes(encoded);
  }
  return Any.fromPartial({ typeUrl: 'type.googleapis.com/google.rpc.BadRequest', value: writer.finish() });
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
