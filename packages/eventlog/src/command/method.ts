import {
  type Context,
  type Database,
  type Definition,
  type MethodOptions,
  methodsWith,
  type Sealer,
  sealedReply,
  type Tx,
  type UnaryMethod,
} from '@lienthong/kit';
import type { z } from 'zod';
import type { CommandBus } from './bus.ts';
import { carryOutOnce } from './once.ts';

// biome-ignore lint/suspicious/noExplicitAny: the bus of any commands and replies
type WithCommands = { commands: CommandBus<any, any> };
type CommandOf<D extends WithCommands> = D['commands'] extends CommandBus<infer C, infer _> ? C : never;
type ReplyOf<D extends WithCommands> = D['commands'] extends CommandBus<infer _, infer R> ? R : never;

/** The form of methods whose command goes through the bus of `D`: once for each request_id. */
export function commandWith<D extends WithCommands>() {
  const { once } = methodsWith<D>();
  return <N extends string, Q extends object, P extends ReplyOf<D>, S extends z.ZodType>(
    definition: Definition<N, Q, P, false, false>,
    options: MethodOptions<S> & {
      command: (request: z.output<S>, context: Context, deps: D) => CommandOf<D>;
    },
  ): UnaryMethod<N, Q, P, D> =>
    once(definition, options, (request, { requestId, message }, context, deps) =>
      deps.commands.execute({
        method: definition.name,
        caller: context.caller,
        requestId,
        request: message,
        requestCodec: definition.requestType,
        replyCodec: definition.responseType,
        command: options.command(request, context, deps),
        written: context.written,
      }),
    );
}

/**
 * The form of methods that write without events: once for each request_id, in the transaction that keeps the reply.
 * @param admit refuses a caller who may change nothing; not called for a request that was carried out before
 */
export function mutationWith<D extends { db: Database }>(
  admit: (tx: Tx, context: Context, deps: D) => Promise<void> = async () => {},
) {
  const { once } = methodsWith<D>();
  return <N extends string, Q extends object, P, S extends z.ZodType, R = z.output<S>>(
    definition: Definition<N, Q, P, false, false>,
    options: MethodOptions<S> & {
      /** What is done before the transaction; `run` gets its result in place of the request. */
      prepare?: (request: z.output<S>, context: Context, deps: D) => R | Promise<R>;
      run: (tx: Tx, request: R, context: Context, deps: D) => Promise<NoInfer<P>>;
      /** Called after the commit, also when the reply is one that was kept. */
      afterwards?: (deps: D) => void;
      /** Of a reply that carries a secret: what seals it where it is kept. */
      sealer?: (deps: D) => Sealer;
    },
  ): UnaryMethod<N, Q, P, D> =>
    once(definition, options, async (parsed, { requestId, message }, context, deps) => {
      const { name, requestType, responseType } = definition;
      const request = options.prepare ? await options.prepare(parsed, context, deps) : (parsed as R);
      const sealer = options.sealer?.(deps);
      const call = {
        method: name,
        caller: context.caller,
        requestId,
        request: message,
        requestCodec: requestType,
        replyCodec: sealer ? sealedReply(sealer, responseType, name) : responseType,
      };
      const reply = await carryOutOnce(deps.db, call, async (tx) => {
        await admit(tx, context, deps);
        return options.run(tx, request, context, deps);
      });
      options.afterwards?.(deps);
      return reply;
    });
}
