/**
 * One RPC as a value. The contract gives its name and codecs; the service gives its policy, request schema, limits
 * (`cost`, `maxBytes`) and handler. `rpcService` serves the methods of a service.
 */

import { setImmediate } from 'node:timers/promises';
import { encodeMessage } from '@lienthong/contracts/encode';
import { z } from 'zod';
import type { Policy } from '../auth/policy.ts';
import { invalid, refuse } from '../errors.ts';
import { field } from '../parse.ts';
import type { Call, Context } from './context.ts';
import { type Edge, requireReadable } from './edge.ts';
import { type Cut, cutToFit, type Page, pageOf } from './page.ts';
import { type ReadRequest, type RequestRules, requestReader } from './read-request.ts';
import { type ReadRecording, recordRead, recordStream } from './reads.ts';
import type { Codec, RequestSize } from './receive.ts';

/** A method as the generated code defines it. */
export interface Definition<N extends string, Q, P, In extends boolean, Out extends boolean> {
  name: N;
  requestType: Codec<Q>;
  requestStream: In;
  responseType: Codec<P>;
  responseStream: Out;
}

type Bytes = Uint8Array;
export type Handler = (request: never, call: Call) => Promise<Bytes> | AsyncIterable<Bytes>;

/** A method whose handler works with `D`. */
export interface Method<N extends string = string, D = never> {
  definition: { name: N; requestStream: boolean; responseStream: boolean };
  policy: Policy;
  /** True when it changes something: a caller who may only read does not call it. */
  changes: boolean;
  size: RequestSize;
  /** A call ends only when its service ends it; a stop does not wait for it. */
  endless: boolean;
  /** How its reads are recorded; absent: it shows no document, dossier or file. */
  reads: ReadRecording | undefined;
  /** Called once, when the server starts. */
  serve(deps: D, edge: Edge): Handler;
}

/** A method with one request and one reply, which other methods of the service can carry out too. */
export interface UnaryMethod<N extends string, Q, P, D> extends Method<N, D> {
  /** Parses a decoded request and carries it out. Refuses with every violation. */
  run(message: Q, context: Context, deps: D): Promise<P>;
}

export interface Limits {
  policy: Policy;
  /** By default, an upload or a method with a request_id changes something, and no other. */
  changes?: boolean;
  /** The largest request, or message of a request stream; default 64 KiB. */
  maxBytes?: number;
  /** The most values in one, those of items in lists included; default 20,000. */
  maxValues?: number;
  /** The method shows documents, dossiers or files: its calls are recorded, with what its handler adds to `context.reads`. */
  reads?: ReadRecording;
}

export interface MethodOptions<S extends z.ZodType> extends Limits, RequestRules<S> {
  /** How much of the server a call takes while it runs; 1 when not given, and for a usual call. */
  cost?: number | ((request: z.output<S>) => number);
}

/** The contract gives its type; a handler must give all of it. */
type Reply<P> = NoInfer<P> | Promise<NoInfer<P>>;
type Handle<S extends z.ZodType, D, R> = (request: z.output<S>, context: Context, deps: D) => R;

/** Large enough for any request without a list or a document in it. */
const DEFAULT_MAX_BYTES = 64 * 1024;
const DEFAULT_MAX_VALUES = 20_000;
/** The fields that a form of method parses itself, beside the method's own schema. */
const NO_FIELDS = z.object({});
const PAGE_FIELDS = z.object({ pageSize: field.pageSize, pageToken: z.string() });
const REQUEST_ID = z.object({ requestId: field.uuid });

/** The forms of methods, for handlers that work with `D`. */
export function methodsWith<D>() {
  return {
    /** A method that reads. */
    query: <N extends string, Q extends object, P, S extends z.ZodType>(
      definition: Definition<N, Q, P, false, false>,
      options: MethodOptions<S> & { handle: Handle<S, D, Reply<P>> },
    ): UnaryMethod<N, Q, P, D> =>
      unary(definition, options, NO_FIELDS, (request, _, context, deps: D) =>
        options.handle(request, context, deps),
      ),

    /** A method that reads one page of a list; page_size and page_token are parsed here. */
    list: <
      N extends string,
      Q extends { pageSize: number; pageToken: string },
      P,
      S extends z.ZodType<object>,
      C,
    >(
      definition: Definition<N, Q, P, false, false>,
      options: MethodOptions<S> & {
        /** Where a page ended, as the next page's token brings it back. */
        cursor: z.ZodType<C>;
        handle: Handle<z.ZodType<z.output<S> & { page: Page<C> }>, D, Reply<Cut<P>>>;
      },
    ): Method<N, D> => {
      const read = requestReader(options, PAGE_FIELDS);
      return {
        ...declare(definition, options),
        serve(deps, edge) {
          const encode = (reply: P) => encodeMessage(definition.responseType, reply);
          return serveUnary(definition, options, edge, read, async (request, form, context) => {
            const { agencyId, officerId } = context.caller;
            const scope = JSON.stringify([definition.name, agencyId, officerId, request], bigints);
            const page = pageOf(edge.pageTokens, scope, options.cursor, form);
            const cut = await options.handle({ ...request, page }, context, deps);
            const { bytes, rows } = await cutToFit(cut, encode);
            if (cut.items) context.reads.push(...cut.items(rows));
            return requireReadable(bytes);
          });
        },
      };
    },

    /** A method whose reply is a stream. */
    download: <N extends string, Q extends object, P, S extends z.ZodType>(
      definition: Definition<N, Q, P, false, true>,
      options: MethodOptions<S> & { endless?: boolean; handle: Handle<S, D, AsyncIterable<NoInfer<P>>> },
    ): Method<N, D> => {
      const read = requestReader(options, NO_FIELDS);
      return {
        ...declare(definition, options),
        endless: options.endless ?? false,
        serve(deps, edge) {
          const receive = edge.receiver(definition);
          const encode = edge.encoder(definition);
          return async function* (bytes: Bytes, call: Call) {
            const context = edge.contextOf(call);
            const { request } = read(receive(bytes), context);
            const leave = options.endless
              ? edge.admission.openStream(call)
              : edge.admission.enter(call, costOf(options, request));
            try {
              const replies = options.handle(request, context, deps);
              for await (const reply of recordStream(edge.recorder, context, replies)) yield encode(reply);
            } finally {
              leave();
            }
          };
        },
      };
    },

    /** A method whose request is a stream. Each message is checked as it comes; the handler parses them. */
    upload: <N extends string, Q extends object, P>(
      definition: Definition<N, Q, P, true, false>,
      options: Limits & {
        cost?: number;
        handle: (messages: AsyncIterable<Q>, context: Context, deps: D) => Promise<NoInfer<P>>;
      },
    ): Method<N, D> => ({
      ...declare(definition, { changes: true, ...options }),
      serve(deps, edge) {
        const receive = edge.receiver(definition);
        const encode = edge.encoder(definition);
        async function* messages(stream: AsyncIterable<Bytes>) {
          for await (const bytes of stream) {
            const { message, violations } = receive(bytes);
            if (violations.length > 0) refuse(invalid(violations));
            yield message;
          }
        }
        return async (stream: AsyncIterable<Bytes>, call: Call) => {
          const leave = edge.admission.enter(call, options.cost ?? 1);
          try {
            const context = edge.contextOf(call);
            const carryOut = () => options.handle(messages(stream), context, deps);
            return encode(await recordRead(edge.recorder, context, carryOut));
          } finally {
            leave();
          }
        };
      },
    }),

    /** A method that changes something once for each request_id, which is parsed here; `carryOut` makes it once. */
    once: <N extends string, Q extends object, P, S extends z.ZodType>(
      definition: Definition<N, Q, P, false, false>,
      options: MethodOptions<S>,
      carryOut: (
        request: z.output<S>,
        sent: { requestId: string; message: Q },
        context: Context,
        deps: D,
      ) => Promise<P>,
    ): UnaryMethod<N, Q, P, D> =>
      unary(
        definition,
        { changes: true, ...options },
        REQUEST_ID,
        (request, { requestId }, context, deps: D, message) =>
          carryOut(request, { requestId, message }, context, deps),
      ),
  };
}

function unary<N extends string, Q extends object, P, S extends z.ZodType, F extends z.ZodType, D>(
  definition: Definition<N, Q, P, false, false>,
  options: MethodOptions<S>,
  formFields: F,
  handle: (request: z.output<S>, form: z.output<F>, context: Context, deps: D, message: Q) => P | Promise<P>,
): UnaryMethod<N, Q, P, D> {
  const read = requestReader(options, formFields);
  return {
    ...declare(definition, options),
    async run(message, context, deps) {
      const { request, form } = read({ message, violations: [] }, context);
      return handle(request, form, context, deps, message);
    },
    serve(deps, edge) {
      const encode = edge.encoder(definition);
      return serveUnary(definition, options, edge, read, async (request, form, context, message) =>
        encode(await handle(request, form, context, deps, message)),
      );
    },
  };
}

/** A handler from bytes to bytes: reads the request, admits the call, and releases it when the reply is made. */
function serveUnary<Q extends object, S extends z.ZodType, F extends z.ZodType>(
  definition: { requestType: Codec<Q> },
  options: MethodOptions<S>,
  edge: Edge,
  read: ReadRequest<S, F>,
  reply: (request: z.output<S>, form: z.output<F>, context: Context, message: Q) => Promise<Bytes>,
): Handler {
  const receive = edge.receiver(definition);
  return async (bytes: Bytes, call: Call) => {
    const decoded = receive(bytes);
    const context = edge.contextOf(call);
    const { request, form } = read(decoded, context);
    const leave = edge.admission.enter(call, costOf(options, request));
    try {
      // Other calls have their turn between the reading of a large request and the work on it.
      if (bytes.length > DEFAULT_MAX_BYTES) await setImmediate();
      return await recordRead(edge.recorder, context, () =>
        edge.afterOwnWrites(call, () => {
          // A second attempt replaces what the first one noted.
          if (edge.recorder) context.reads.length = 0;
          return reply(request, form, context, decoded.message);
        }),
      );
    } finally {
      leave();
    }
  };
}

const declare = <N extends string>(
  definition: { name: N; requestStream: boolean; responseStream: boolean },
  { policy, changes = false, maxBytes = DEFAULT_MAX_BYTES, maxValues = DEFAULT_MAX_VALUES, reads }: Limits,
) => ({ definition, policy, changes, size: { maxBytes, maxValues }, endless: false, reads });

const costOf = <S extends z.ZodType>({ cost = 1 }: MethodOptions<S>, request: z.output<S>): number =>
  typeof cost === 'number' ? cost : cost(request);

const bigints = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
