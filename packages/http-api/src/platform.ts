import { once } from 'node:events';
import {
  Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  type Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { CHANNEL_OPTIONS, type ClientTls, toCredentials } from '@lienthong/client';

/** Calls of the platform with requests and replies as bytes. */
export interface Platform {
  call(path: string, request: Uint8Array, call: Call): Promise<Uint8Array>;
  /** @param signal cancels the stream */
  stream(path: string, request: Uint8Array, call: Call): ClientReadableStream<Buffer>;
  /** A stream of requests with one reply. */
  send(path: string, call: Call): Sending;
  close(): void;
}

export interface Call {
  metadata: Metadata;
  timeoutMs: number;
  signal: AbortSignal;
  /** Called with the metadata that comes before the reply. */
  onMetadata?: (metadata: Metadata) => void;
}

export interface Sending {
  /** Resolves once the connection has taken the message; rejects when the platform has refused the call. */
  write(message: Uint8Array): Promise<void>;
  /** No message follows; resolves to the reply. */
  end(): Promise<Uint8Array>;
  cancel(): void;
}

const same = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const read = (bytes: Buffer): Buffer => bytes;

/** @param address host:port of the platform's gRPC server */
export function connectPlatform(address: string, tls: ClientTls | undefined): Platform {
  const client = new Client(address, toCredentials(tls), CHANNEL_OPTIONS);
  const optionsOf = ({ timeoutMs }: Call) => ({ deadline: Date.now() + timeoutMs });

  /** Cancels the call with its signal, and no longer than it runs. */
  function bind(
    call: ClientUnaryCall | ClientReadableStream<Buffer> | ClientWritableStream<Uint8Array>,
    { signal, onMetadata }: Call,
  ) {
    const cancel = () => call.cancel();
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    call.once('status', () => signal.removeEventListener('abort', cancel));
    if (onMetadata) call.once('metadata', onMetadata);
  }

  return {
    call: (path, request, how) =>
      new Promise((resolve, reject) => {
        const call = client.makeUnaryRequest(
          path,
          same,
          read,
          request,
          how.metadata,
          optionsOf(how),
          (error, reply) => (error ? reject(error) : resolve(reply as Buffer)),
        );
        bind(call, how);
      }),
    stream(path, request, how) {
      const call = client.makeServerStreamRequest(path, same, read, request, how.metadata, optionsOf(how));
      bind(call, how);
      // Who reads the stream gets the error; a stream that is left has nobody to get it.
      call.on('error', () => {});
      return call;
    },
    send(path, how) {
      const { promise: reply, resolve, reject } = Promise.withResolvers<Uint8Array>();
      // Its error also reaches the next write; a call that nobody writes to any more has nobody to read it.
      reply.catch(() => {});
      const done = (error: ServiceError | null, bytes?: Buffer) =>
        error ? reject(error) : resolve(bytes as Buffer);
      const call = client.makeClientStreamRequest(path, same, read, how.metadata, optionsOf(how), done);
      const ended = new AbortController();
      reply.then(
        () => ended.abort(),
        () => ended.abort(),
      );
      bind(call, how);
      return {
        async write(message) {
          if (ended.signal.aborted) return void (await reply);
          if (call.write(message)) return;
          await once(call, 'drain', { signal: ended.signal }).catch(() => reply);
        },
        end() {
          call.end();
          return reply;
        },
        cancel: () => call.cancel(),
      };
    },
    close: () => client.close(),
  };
}
