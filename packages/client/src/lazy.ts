import { type Channel, type Client, type CompatServiceDefinition, createClientFactory } from 'nice-grpc';
import type { ClientMiddleware } from 'nice-grpc-common';
import type { CallExtras } from './call.ts';

/**
 * Clients of services, each made when one of its methods is first looked up: a server has a client for every person it
 * calls for, and a call needs one service of many.
 */
export function lazyClients(channel: Channel, middleware: ClientMiddleware<CallExtras>) {
  const factory = createClientFactory().use(middleware);
  return <S extends CompatServiceDefinition>(definition: S): Client<S, CallExtras> => {
    let made: Client<S, CallExtras> | undefined;
    const client = () => {
      made ??= factory.create(definition, channel) as Client<S, CallExtras>;
      return made;
    };
    return new Proxy({} as Client<S, CallExtras>, {
      get: (_, name) => Reflect.get(client(), name),
      has: (_, name) => Reflect.has(client(), name),
      ownKeys: () => Reflect.ownKeys(client()),
      getOwnPropertyDescriptor: (_, name) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(client(), name);
        return descriptor && { ...descriptor, configurable: true };
      },
    });
  };
}
