/**
 * Requests of the gRPC project's own services that are not messages. A decoder that throws makes the gRPC library answer
 * INTERNAL before any middleware has seen the call; so what cannot be decoded travels on as a value of its own, to be
 * refused where everything else is.
 */
import type { CallContext, CompatServiceDefinition, ServerMiddlewareCall } from 'nice-grpc';
import { RefusalError } from '../errors.ts';
import { requestMalformed, tooLarge } from './receive.ts';

/** As of a usual method: anybody may send these requests, and reflection repeats them. */
const MAX_BYTES = 64 * 1024;

class Undecoded {
  readonly refused: RefusalError;
  constructor(refused: RefusalError) {
    this.refused = refused;
  }
}

interface Method {
  requestType: { decode(bytes: Uint8Array): unknown };
}

/** The same decoder, which does not throw; `requireDecoded` refuses what it cannot decode. */
export const toLenientDecoder =
  <B extends Uint8Array, T>(decode: (bytes: B) => T) =>
  (bytes: B): T => {
    if (bytes.length > MAX_BYTES)
      return new Undecoded(new RefusalError(tooLarge(bytes.length, MAX_BYTES))) as T;
    try {
      return decode(bytes);
    } catch (cause) {
      return new Undecoded(new RefusalError(requestMalformed, { cause })) as T;
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

/** Refuses: REQUEST_TOO_LARGE, REQUEST_MALFORMED, also for a single message of a stream. */
export function requireDecoded<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
) {
  if (call.requestStream) return call.next(decodedMessages(call.request), context);
  return call.next(requireRead(call.request), context);
}

async function* decodedMessages<Request>(messages: AsyncIterable<Request>) {
  for await (const message of messages) yield requireRead(message);
}

function requireRead<Request>(request: Request): Request {
  if (request instanceof Undecoded) throw request.refused;
  return request;
}
