import {
  type Context,
  type Definition,
  MAX_MESSAGE_BYTES,
  type Method,
  methodsWith,
  type Policy,
  type RpcService,
  rpcService,
} from '@lienthong/kit';
import { z } from 'zod';

/** A method as the generated code defines it, whose replies may be given in part. */
interface Generated {
  name: string;
  requestType: { decode(bytes: Uint8Array): unknown };
  requestStream: boolean;
  responseType: { fromPartial(reply: never): unknown };
  responseStream: boolean;
}
type RequestOf<M extends Generated> = ReturnType<M['requestType']['decode']>;
type ReplyOf<M extends Generated> = Parameters<M['responseType']['fromPartial']>[0];
type StubHandler<M extends Generated> = (
  request: M['requestStream'] extends true ? AsyncIterable<RequestOf<M>> : RequestOf<M>,
  context: Context,
) => M['responseStream'] extends true ? AsyncIterable<ReplyOf<M>> : ReplyOf<M> | Promise<ReplyOf<M>>;

interface GeneratedService {
  fullName: string;
  methods: Readonly<Record<string, Generated>>;
}

export type StubHandlers<S extends GeneratedService> = {
  [K in keyof S['methods']]?: StubHandler<S['methods'][K]> | undefined;
};

export interface StubOptions {
  policy?: Policy;
  /** The streams of replies are endless calls. */
  endless?: boolean;
}

/** A service of the contract with some of its methods, which take any request; a call of another one fails. */
export function stubService<S extends GeneratedService>(
  service: S,
  handlers: StubHandlers<S> = {},
  options: StubOptions = {},
): RpcService {
  const methods = Object.entries(service.methods).map(([key, definition]) => {
    const missing = () => {
      throw new Error(`${definition.name} is not in this test`);
    };
    return stubMethod(definition as never, (handlers[key] ?? missing) as never, options);
  });
  return rpcService(service, {}, methods as never);
}

type Message = object;
type Definitions = Definition<string, Message, Message, boolean, boolean> & {
  responseType: { fromPartial(reply: unknown): Message };
};

function stubMethod(
  definition: Definitions,
  handler: (request: unknown, context: Context) => unknown,
  { policy = 'authenticated', endless = false }: StubOptions,
): Method {
  const { query, download, upload } = methodsWith<unknown>();
  const { requestStream, responseStream, responseType } = definition;
  const limits = { policy, maxBytes: MAX_MESSAGE_BYTES };
  const one = async (request: unknown, context: Context) =>
    responseType.fromPartial(await handler(request, context));
  async function* many(request: unknown, context: Context) {
    for await (const reply of handler(request, context) as AsyncIterable<unknown>)
      yield responseType.fromPartial(reply);
  }
  if (requestStream) return upload(definition as never, { ...limits, handle: one });
  const request = z.any();
  if (responseStream) return download(definition as never, { ...limits, request, endless, handle: many });
  return query(definition as never, { ...limits, request, handle: one });
}
