import { randomBytes } from 'node:crypto';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type CallContext, ServerError, type ServerMiddlewareCall, Status } from 'nice-grpc-common';
import { Any, type ErrorDetails, ErrorInfo, RetryInfo, RichServerError } from 'nice-grpc-error-details';
import { type ErrorKind, type FieldViolation, type Refusal, RefusalError, shorten } from '../errors.ts';
import type { Logger } from '../log.ts';
import { isRetryable, isUnavailable } from '../postgres/error-kinds.ts';

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
const MAX_FIELD = 200;
const MAX_DESCRIPTION = 500;
const MAX_METADATA = 700;
/** A message travels twice, once with three characters for each byte that is not ASCII. */
const MAX_MESSAGE_COST = 2_000;

/** The status of a refusal with ErrorInfo, and BadRequest and RetryInfo where it has violations or a delay. */
export function toServerError(refusal: Refusal): RichServerError {
  const { kind, reason, metadata = {}, violations = [], retryAfterMs } = refusal;
  const details: ErrorDetails[] = [
    ErrorInfo.fromPartial({ reason, domain: ERROR_DOMAIN, metadata: shortenValues(metadata) }),
  ];
  if (violations.length > 0) details.push(badRequest(violations));
  if (retryAfterMs !== undefined) {
    const seconds = Math.floor(retryAfterMs / 1000);
    const nanos = Math.round((retryAfterMs - seconds * 1000) * 1e6);
    details.push(RetryInfo.fromPartial({ retryDelay: { seconds, nanos } }));
  }
  return new RichServerError(STATUS[kind], fitHeader(refusal.message), details);
}

const shortenValues = (metadata: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, shorten(value, MAX_METADATA)]));

/** As much of a message as a header takes, whatever a caller's text has made of it. */
function fitHeader(message: string): string {
  let cost = 0;
  let length = 0;
  for (const character of message) {
    cost += character <= '~' ? 2 : 4 * Buffer.byteLength(character);
    if (cost > MAX_MESSAGE_COST) return `${message.slice(0, length)}…`.toWellFormed();
    length += character.length;
  }
  // A text cut through a character would make the header impossible to write.
  return message.toWellFormed();
}

/** google.rpc.BadRequest of as many violations as fit. Written here because the library's predates `reason`. */
function badRequest(violations: readonly FieldViolation[]): Any {
  const writer = new BinaryWriter();
  let bytes = 0;
  for (const { field, description, reason = '' } of violations.slice(0, MAX_VIOLATIONS_SENT)) {
    const violation = new BinaryWriter()
      .uint32(0x0a)
      .string(shorten(field, MAX_FIELD))
      .uint32(0x12)
      .string(shorten(description, MAX_DESCRIPTION));
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
  message: 'the database cannot serve now; send the same request_id again in a moment',
  retryAfterMs: 1000,
};

const conflict: Refusal = {
  kind: 'aborted',
  reason: 'CONCURRENT_CHANGE',
  message: 'another change came first; send the same request_id again',
  retryAfterMs: 100,
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
      throw statusOf(error, context.signal, log.child({ method: call.method.path }));
    }
  };
}

function statusOf(error: unknown, signal: AbortSignal, log: Logger): ServerError {
  if (error instanceof RefusalError) return toServerError(error.refusal);
  if (error instanceof RichServerError) return error;
  // A library's own: the health service, for example, repeats the name it was called with.
  if (error instanceof ServerError) return new ServerError(error.code, fitHeader(error.details));
  if (signal.aborted && (error as Error | undefined)?.name === 'AbortError') {
    return new ServerError(Status.CANCELLED, 'the caller went away or its deadline has passed');
  }
  if (isUnavailable(error)) {
    log.warn({ err: error }, 'database unavailable');
    return toServerError(databaseAway);
  }
  if (isRetryable(error)) return toServerError(conflict);
  const span = trace.getActiveSpan()?.spanContext();
  // Without tracing the log line still gets an id of its own to be found by.
  const traceId = span && isSpanContextValid(span) ? span.traceId : randomBytes(16).toString('hex');
  log.error({ err: error, trace_id: traceId }, 'call failed');
  return new ServerError(Status.INTERNAL, `internal error, trace ${traceId}`);
}
