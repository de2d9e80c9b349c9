import { Client, credentials, Metadata } from '@grpc/grpc-js';

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
  fromPartial(message: object): T;
}

interface Method<Q, P> {
  name: string;
  requestType: Codec<Q>;
  responseType: Codec<P>;
}

/** Connections of a load generator, shared by its callers. */
const CONNECTIONS = 8;

/** The cheapest calls of grpc-js: the platform lacks the processor time that the load generator uses. */
export interface Caller {
  unary<Q, P>(
    service: { fullName: string },
    method: Method<Q, P>,
    token: string,
  ): (request: object) => Promise<P>;
  /** A stream of replies; the returned function cancels it. */
  stream<Q, P>(
    service: { fullName: string },
    method: Method<Q, P>,
    token: string,
    request: object,
    onMessage: (message: P) => void,
    onEnd: (error: Error | undefined) => void,
  ): () => void;
  /** An empty request to any path. */
  empty(path: string): () => Promise<void>;
  close(): void;
}

export function openCaller(address: string): Caller {
  const clients = Array.from({ length: CONNECTIONS }, (_, i) => {
    // The option keeps grpc-js from sharing one connection between the clients.
    return new Client(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      caller: i,
    });
  });
  let used = 0;
  const next = () => clients[used++ % CONNECTIONS] as Client;
  const nothing = new Metadata();

  return {
    unary(service, method, token) {
      const client = next();
      const { name, requestType, responseType } = method;
      const path = `/${service.fullName}/${name}`;
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${token}`);
      const serialize = (request: object) =>
        Buffer.from(requestType.encode(requestType.fromPartial(request)).finish());
      const deserialize = (bytes: Buffer) => responseType.decode(bytes);
      return (request) =>
        new Promise((resolve, reject) => {
          client.makeUnaryRequest(path, serialize, deserialize, request, metadata, (error, reply) =>
            error ? reject(error) : resolve(reply as ReturnType<typeof deserialize>),
          );
        });
    },
    stream(service, { name, requestType, responseType }, token, request, onMessage, onEnd) {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${token}`);
      const call = next().makeServerStreamRequest(
        `/${service.fullName}/${name}`,
        (message: object) => Buffer.from(requestType.encode(requestType.fromPartial(message)).finish()),
        (bytes: Buffer) => responseType.decode(bytes),
        request,
        metadata,
      );
      let left = false;
      call.on('data', onMessage);
      call.on('error', (error) => onEnd(left ? undefined : error));
      call.on('end', () => onEnd(left ? undefined : new Error(`${name} ended`)));
      return () => {
        left = true;
        call.cancel();
      };
    },
    empty(path) {
      const client = next();
      const none = Buffer.alloc(0);
      return () =>
        new Promise((resolve, reject) => {
          client.makeUnaryRequest(
            path,
            () => none,
            () => undefined,
            none,
            nothing,
            (error) => (error ? reject(error) : resolve()),
          );
        });
    },
    close() {
      for (const client of clients) client.close();
    },
  };
}
