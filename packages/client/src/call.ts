import { randomUUID } from 'node:crypto';
import { context, propagation } from '@opentelemetry/api';
import {
  type CallOptions,
  ClientError,
  type ClientMiddleware,
  type ClientMiddlewareCall,
  Metadata,
  Status,
} from 'nice-grpc-common';
import { errorOf, localError } from './errors.ts';
import type { Positions } from './positions.ts';
import { deadlineIn, remainingMs, waitBeforeRetry } from './retry.ts';

export interface CallSettings {
  /** Gives the caller's bearer token, called before every attempt; undefined for calls without a token. */
  token: (() => string | Promise<string>) | undefined;
  /** Sent with every call. */
  metadata: Readonly<Record<string, string>>;
  timeoutMs: number;
  attemptTimeoutMs: number;
  positions: Positions;
}

/** Options of a call beside those of nice-grpc (`signal`, `metadata`, …). */
export interface CallExtras {
  /** Limit for the whole call with its retries. */
  timeoutMs?: number;
}

/** Properties of a method that its definition shows. */
export interface MethodTraits {
  /** The request has a request_id: the platform executes it once. */
  takesRequestId: boolean;
  /** The method changes nothing. */
  reads: boolean;
}

const READS =
  /^(Get|List|Count|Search|Find|Resolve|Download|Explain|Check|Simulate|Draw|Export|Compare|Track|Render|Preview)[A-Z]/;

interface Definition {
  fullName: string;
  methods: Record<string, { name: string; requestType: { fromPartial(message: object): object } }>;
}

/** Returns the traits by path, `/package.Service/Method`. A method reads when its name begins with a reading verb (AIP-131 ff.). */
export function methodTraits(definitions: readonly Definition[]): Map<string, MethodTraits> {
  return new Map(
    definitions.flatMap(({ fullName, methods }) =>
      Object.values(methods).map(({ name, requestType }) => [
        `/${fullName}/${name}`,
        { takesRequestId: 'requestId' in requestType.fromPartial({}), reads: READS.test(name) },
      ]),
    ),
  );
}

/**
 * Adds to every call: the token, the trace context, a deadline that the server receives too, errors as LienThongError.
 * A unary call that reads or carries a request_id (created here when absent) is retried with the same request while
 * the error is transient and the deadline has not passed. Every other call is attempted once.
 */
export function callMiddleware(
  settings: CallSettings,
  traits: Map<string, MethodTraits>,
): ClientMiddleware<CallExtras> {
  return async function* (call, { timeoutMs = settings.timeoutMs, ...options }) {
    const deadline = deadlineIn(timeoutMs);
    if (call.requestStream || call.responseStream) {
      return yield* once(settings, call, call.request, options, timeoutMs);
    }
    const { takesRequestId, reads } = traits.get(call.method.path) ?? { takesRequestId: false, reads: false };
    const request = takesRequestId ? withRequestId(call.request) : call.request;
    for (let attempts = 1; ; attempts++) {
      try {
        const attemptMs = Math.min(settings.attemptTimeoutMs, remainingMs(deadline));
        return yield* once(settings, call, request, options, attemptMs);
      } catch (error) {
        if (!takesRequestId && !reads) throw error;
        await waitBeforeRetry(error, attempts, deadline, options.signal);
      }
    }
  };
}

const withRequestId = <Request>(request: Request): Request =>
  (request as { requestId?: string }).requestId ? request : { ...request, requestId: randomUUID() };

/** One attempt with its own deadline. */
async function* once<Request, Response>(
  settings: CallSettings,
  call: ClientMiddlewareCall<Request, Response>,
  request: Request | AsyncIterable<Request>,
  options: CallOptions,
  timeoutMs: number,
): AsyncGenerator<Response, Response | undefined, undefined> {
  const { signal } = options;
  signal?.throwIfAborted();
  const { path } = call.method;
  const metadata = Metadata(settings.metadata);
  for (const [key, values] of options.metadata ?? []) metadata.set(key, values);
  propagation.inject(context.active(), metadata, { set: (to, key, value) => to.set(key, value) });
  const after = settings.positions.read();
  if (after !== '' && !metadata.has('lienthong-after')) metadata.set('lienthong-after', after);
  metadata.set('grpc-timeout', `${Math.max(1, Math.floor(timeoutMs))}m`);

  const cancel = new AbortController();
  const onAbort = () => cancel.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    cancel.abort();
  }, timeoutMs);
  let details: Uint8Array | undefined;
  try {
    if (settings.token)
      metadata.set('authorization', `Bearer ${await abortable(settings.token(), cancel.signal)}`);
    const answer = yield* call.next(request, {
      ...options,
      metadata,
      signal: cancel.signal,
      onHeader(header) {
        settings.positions.add(header.get('lienthong-written') ?? '');
        options.onHeader?.(header);
      },
      onTrailer(trailer) {
        details = trailer.get('grpc-status-details-bin');
        options.onTrailer?.(trailer);
      },
    });
    return answer as Response | undefined;
  } catch (error) {
    if (late) throw localError(path, Status.DEADLINE_EXCEEDED, 'no reply before the deadline');
    throw error instanceof ClientError ? errorOf(error, details) : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Resolves to the value; rejects with the signal's reason when the signal aborts first. */
function abortable<T>(value: T | Promise<T>, signal: AbortSignal): T | Promise<T> {
  if (!(value instanceof Promise)) return value;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([value, aborted]);
}
