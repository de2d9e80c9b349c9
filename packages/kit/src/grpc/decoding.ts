/**
 * Requests that are no message. A decoder that throws makes the gRPC library answer INTERNAL before any middleware has
 * seen the call; so what cannot be decoded travels on as a value of its own, to be refused where everything else is.
 */
import type { CallContext, CompatServiceDefinition, ServerMiddlewareCall } from 'nice-grpc';
import { refuse } from '../errors.ts';

class Malformed {
  readonly cause: unknown;
  constructor(cause: unknown) {
    this.cause = cause;
  }
}

interface Method {
  requestType: { decode(bytes: Uint8Array): unknown };
}

/** The same service; what a decoder refuses is refused by `wellFormed`. */
export function withLenientDecoding<D extends CompatServiceDefinition>(definition: D): D {
  const { methods } = definition as unknown as { methods: Record<string, Method> };
  const lenient = Object.entries(methods).map(([name, method]) => {
    const { requestType } = method;
    const decode = (bytes: Uint8Array) => {
      try {
        return requestType.decode(bytes);
      } catch (cause) {
        return new Malformed(cause);
      }
    };
    return [name, { ...method, requestType: { ...requestType, decode } }];
  });
  return { ...definition, methods: Object.fromEntries(lenient) };
}

/** Refused: REQUEST_MALFORMED, also for a single message of a stream. */
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
  return refuse(
    {
      kind: 'invalid-argument',
      reason: 'REQUEST_MALFORMED',
      message:
        "the request's bytes are no message of this method, or it is nested more than 100 levels deep; " +
        'send what a client generated from the contract sends',
    },
    { cause: request.cause },
  );
}
