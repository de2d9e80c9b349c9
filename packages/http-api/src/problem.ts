import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { decodeErrorDetails, type FieldViolation, Status } from '@lienthong/client';
import { type Logger, type Refusal, RefusalError } from '@lienthong/kit';
import { isSpanContextValid, trace } from '@opentelemetry/api';

/** RFC 9457, with what gRPC callers get in ErrorInfo, BadRequest and RetryInfo. */
export interface Problem {
  type: 'about:blank';
  title: string;
  /** Of HTTP. */
  status: number;
  /** What is wrong and what to do. */
  detail: string;
  /** The status of gRPC. */
  code: string;
  reason?: string;
  violations?: readonly FieldViolation[];
  metadata?: Readonly<Record<string, string>>;
  retryAfterMs?: number;
}

/** As google.rpc.Code maps them. */
const HTTP: Partial<Record<Status, number>> = {
  [Status.INVALID_ARGUMENT]: 400,
  [Status.FAILED_PRECONDITION]: 400,
  [Status.OUT_OF_RANGE]: 400,
  [Status.UNAUTHENTICATED]: 401,
  [Status.PERMISSION_DENIED]: 403,
  [Status.NOT_FOUND]: 404,
  [Status.ALREADY_EXISTS]: 409,
  [Status.ABORTED]: 409,
  [Status.RESOURCE_EXHAUSTED]: 429,
  [Status.CANCELLED]: 499,
  [Status.UNIMPLEMENTED]: 501,
  [Status.UNAVAILABLE]: 503,
  [Status.DEADLINE_EXCEEDED]: 504,
};

/** A refusal for which HTTP has a status of its own. */
export class HttpRefusal extends RefusalError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, refusal: Refusal, headers: Readonly<Record<string, string>> = {}) {
    super(refusal);
    this.status = status;
    this.headers = headers;
  }
}

/** An error of grpc-js. */
interface ServiceError extends Error {
  code: Status;
  details: string;
  metadata?: { get(key: string): unknown[] };
}
const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number';

/** What a caller reads of an error. What nobody expected is logged, and names a trace id alone. */
export function problemOf(error: unknown, log: Logger): Problem {
  if (error instanceof RefusalError) {
    const { kind, reason, message, violations, metadata, retryAfterMs } = error.refusal;
    const code = Status[kind.toUpperCase().replaceAll('-', '_') as keyof typeof Status];
    const status = error instanceof HttpRefusal ? error.status : undefined;
    const named = violations?.map(({ field, description, reason: of = '' }) => ({
      field,
      description,
      reason: of,
    }));
    return problem(code, message, { reason, violations: named, metadata, retryAfterMs }, status);
  }
  if (isServiceError(error)) {
    const trailer = error.metadata?.get('grpc-status-details-bin')[0] as Uint8Array | undefined;
    const details = decodeErrorDetails(trailer);
    if (details.reason === '' && error.code === Status.UNAVAILABLE)
      return problem(error.code, AWAY.message, AWAY);
    return problem(error.code, error.details, details);
  }
  const span = trace.getActiveSpan()?.spanContext();
  const traceId = span && isSpanContextValid(span) ? span.traceId : randomBytes(16).toString('hex');
  log.error({ err: error, trace_id: traceId }, 'request failed');
  return problem(Status.INTERNAL, `internal error, trace ${traceId}`, {});
}

const AWAY = {
  reason: 'PLATFORM_UNAVAILABLE',
  message: 'the platform cannot be reached; send the same Idempotency-Key again in a moment',
  retryAfterMs: 1_000,
};

interface Details {
  reason?: string | undefined;
  violations?: readonly FieldViolation[] | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  retryAfterMs?: number | undefined;
}

function problem(code: Status, detail: string, details: Details, status = HTTP[code] ?? 500): Problem {
  const { reason, violations = [], metadata = {}, retryAfterMs } = details;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? (status === 499 ? 'Client Closed Request' : 'Error'),
    status,
    detail,
    code: Status[code] as string,
    ...(reason && { reason }),
    ...(violations.length > 0 && { violations }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Ends the response with the error; a response that has begun is cut off, so that no half passes for the whole. */
export function sendProblem(response: ServerResponse, error: unknown, log: Logger): Problem {
  const found = problemOf(error, log);
  if (response.headersSent) {
    response.destroy();
    return found;
  }
  if (error instanceof HttpRefusal)
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  if (found.retryAfterMs !== undefined)
    response.setHeader('retry-after', Math.ceil(found.retryAfterMs / 1_000));
  if (found.status === 401) response.setHeader('www-authenticate', 'Bearer');
  response.writeHead(found.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(found));
  return found;
}
