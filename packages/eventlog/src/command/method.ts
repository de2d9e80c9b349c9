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
import type { Codec, CommandBus } from './bus.ts';
import { carryOutOnce } from './once.ts';

// biome-ignore lint/suspicious/noExplicitAny: the bus of any commands and replies
type WithCommands = { commands: CommandBus<any, any> };
type CommandOf<Deps extends WithCommands> = Deps['commands'] extends CommandBus<infer C, infer _> ? C : never;
type ReplyOf<Deps extends WithCommands> = Deps['commands'] extends CommandBus<infer _, infer R> ? R : never;

/**
 * Returns a builder of unary methods. Such a method sends its command to `deps.commands`. The bus executes a command once
 * per request_id.
 */
export function commandWith<Deps extends WithCommands>() {
  const { once } = methodsWith<Deps>();
  return <Name extends string, Request extends object, Reply extends ReplyOf<Deps>, Schema extends z.ZodType>(
    definition: Definition<Name, Request, Reply, false, false>,
    options: MethodOptions<Schema> & {
      command: (
        request: z.output<Schema>,
        context: Context,
        deps: Deps,
      ) => CommandOf<Deps> | Promise<CommandOf<Deps>>;
      /** For a reply with a secret: the sealer encrypts the stored copy of the reply. */
      sealer?: (deps: Deps) => Sealer;
    },
  ): UnaryMethod<Name, Request, Reply, Deps> =>
    once(definition, options, async (request, { requestId, message }, context, deps) =>
      deps.commands.execute({
        method: definition.name,
        caller: context.caller,
        requestId,
        request: message,
        requestCodec: definition.requestType,
        replyCodec: storedForm(definition, options.sealer?.(deps)),
        command: await options.command(request, context, deps),
        onWritten: context.written,
      }),
    );
}

/**
 * Returns a builder of unary methods that write without events. Such a method runs once per request_id. The change and
 * the stored reply are one transaction.
 */
export function mutationWith<Deps extends { db: Database }>() {
  const { once } = methodsWith<Deps>();
  return <
    Name extends string,
    Request extends object,
    Reply,
    Schema extends z.ZodType,
    Prepared = z.output<Schema>,
  >(
    definition: Definition<Name, Request, Reply, false, false>,
    options: MethodOptions<Schema> & {
      /**
       * Called before the transaction; `run` gets its result in place of the request. It runs on every call, also when a
       * stored reply is returned.
       */
      prepare?: (request: z.output<Schema>, context: Context, deps: Deps) => Prepared | Promise<Prepared>;
      run: (tx: Tx, request: Prepared, context: Context, deps: Deps) => Promise<NoInfer<Reply>>;
      /** Called after the commit, also when a stored reply is returned. */
      afterwards?: (deps: Deps) => void;
      /** For a reply with a secret: the sealer encrypts the stored copy of the reply. */
      sealer?: (deps: Deps) => Sealer;
    },
  ): UnaryMethod<Name, Request, Reply, Deps> =>
    once(definition, options, async (parsed, { requestId, message }, context, deps) => {
      const { name, requestType } = definition;
      const request = options.prepare ? await options.prepare(parsed, context, deps) : (parsed as Prepared);
      const call = {
        method: name,
        caller: context.caller,
        requestId,
        request: message,
        requestCodec: requestType,
        replyCodec: storedForm(definition, options.sealer?.(deps)),
      };
      const reply = await carryOutOnce(deps.db, call, (tx) => options.run(tx, request, context, deps));
      options.afterwards?.(deps);
      return reply;
    });
}

/** How the reply of a method is stored. */
const storedForm = <Reply>(
  { name, responseType }: { name: string; responseType: Codec<Reply> },
  sealer: Sealer | undefined,
): Codec<Reply> => (sealer ? sealedReply(sealer, responseType, name) : responseType);
