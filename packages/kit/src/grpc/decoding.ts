/**
 * Requests of the gRPC project's own services that are not messages. A decoder that throws makes the gRPC library answer
 * INTERNAL before any middleware has seen the call; so what cannot be decoded travels on as a value of its own, to be
 * refused where everything else is.
 */
import type { CallContext, CompatServiceDefinition, ServerMiddlewareCall } from 'nice-grpc';
import { refuse } from '../errors.ts';
import { malformed } from './receive.ts';

class Malformed {
  readonly cause: unknown;
  constructor(cause: unknown) {
    this.cause = cause;
  }
}

interface Method {
  requestType: { decode(bytes: Uint8Array): unknown };
}

/** The same decoder; what it throws on is refused by `wellFormed`. */
export const lenient =
  <B, T>(decode: (bytes: B) => T) =>
  (bytes: B): T => {
    try {
      return decode(bytes);
    } catch (cause) {
      return new Malformed(cause) as T;
    }
  };

/** The same service of generated code; what a decoder throws on is refused by `wellFormed`. */
export function withLenientDecoding<D extends CompatServiceDefinition>(definition: D): D {
  const { methods } = definition as unknown as { methods: Record<string, Method> };
  const decoding = Object.entries(methods).map(([name, method]) => {
    const { requestType } = method;
    const decode = lenient((bytes: Uint8Array) => requestType.decode(bytes));
    return [name, { ...method, requestType: { ...requestType, decode } }];
  });
  return { ...definition, methods: Object.fromEntries(decoding) };
}

/** Refuses: REQUEST_MALFORMED, also for a single message of a stream. */
export function wellFormed<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
) {
  if (call.requestStream) return call.next(eachWellFormed(call.request), context);
  return call.next(checked(call.request), context);
}

async function* eachWellFormed<Request>(messages: AsyncIterable<Request>) {
  for await (const message of messages) yield checked(message);
}

function checked<Request>(request: Request): Request {
  if (!(request instanceof Malformed)) return request;
  return refuse(malformed, { cause: request.cause });
}
