/**
 * Requests of the gRPC project's own services that are not messages. A decoder that throws makes the gRPC library answer
 * INTERNAL before any middleware has seen the call; so what cannot be decoded travels on as a value of its own, to be
 * refused where everything else is.
 */
import type { CallContext, CompatServiceDefinition, ServerMiddlewareCall } from 'nice-grpc';
import { refuse } from '../errors.ts';
import { requestMalformed } from './receive.ts';

class Malformed {
  readonly cause: unknown;
  constructor(cause: unknown) {
    this.cause = cause;
  }
}

interface Method {
  requestType: { decode(bytes: Uint8Array): unknown };
}

/** The same decoder, which does not throw; `requireDecoded` refuses what it cannot decode. */
export const toLenientDecoder =
  <B, T>(decode: (bytes: B) => T) =>
  (bytes: B): T => {
    try {
      return decode(bytes);
    } catch (cause) {
      return new Malformed(cause) as T;
    }
  };

/** The same generated service, whose decoders do not throw; `requireDecoded` refuses what they cannot decode. */
export function withLenientDecoding<D extends CompatServiceDefinition>(definition: D): D {
  const { methods } = definition as unknown as { methods: Record<string, Method> };
  const decoding = Object.entries(methods).map(([name, method]) => {
    const { requestType } = method;
    const decode = toLenientDecoder((bytes: Uint8Array) => requestType.decode(bytes));
    return [name, { ...method, requestType: { ...requestType, decode } }];
  });
  return { ...definition, methods: Object.fromEntries(decoding) };
}

/** Refuses: REQUEST_MALFORMED, also for a single message of a stream. */
export function requireDecoded<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
) {
  if (call.requestStream) return call.next(decodedMessages(call.request), context);
  return call.next(refuseMalformed(call.request), context);
}

async function* decodedMessages<Request>(messages: AsyncIterable<Request>) {
  for await (const message of messages) yield refuseMalformed(message);
}

function refuseMalformed<Request>(request: Request): Request {
  if (!(request instanceof Malformed)) return request;
  return refuse(requestMalformed, { cause: request.cause });
}
