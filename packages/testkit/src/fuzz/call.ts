import { Duplex } from 'node:stream';
import type { DescMethod } from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';

/** How a call ended. */
export interface Ending {
  code: status;
  message: string;
  details: Uint8Array | undefined;
  replies: Uint8Array[];
}

/** When a stream that does not end is cancelled. */
export interface StreamLimits {
  /** After this time; default 300. */
  ms?: number;
  /** As soon as this many replies came; default: not by their number. */
  replies?: number;
}

const same = (bytes: Uint8Array) => Buffer.from(bytes);

/** Makes calls with requests and replies as bytes. */
export function rawCaller(
  address: string,
  { ms = 300, replies: enough = Number.POSITIVE_INFINITY }: StreamLimits = {},
) {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': 4 * 1024 * 1024,
  });
  return {
    call(
      method: DescMethod,
      requests: readonly Uint8Array[],
      token: string,
      timeoutMs: number,
      traceparent = '',
    ): Promise<Ending> {
      const path = `/${method.parent.typeName}/${method.name}`;
      const metadata = new Metadata();
      if (token !== '') metadata.set('authorization', `Bearer ${token}`);
      if (traceparent !== '') metadata.set('traceparent', traceparent);
      const options = { deadline: Date.now() + timeoutMs };
      const [request = new Uint8Array()] = requests;
      return new Promise((resolve) => {
        const replies: Uint8Array[] = [];
        const end = (error: ServiceError | null) =>
          resolve({
            code: error?.code ?? status.OK,
            message: error?.details ?? '',
            details: error?.metadata?.get('grpc-status-details-bin')[0] as Buffer | undefined,
            replies,
          });
        const one = (error: ServiceError | null, reply?: Uint8Array) => {
          if (reply) replies.push(reply);
          end(error);
        };
        if (method.methodKind === 'unary') {
          client.makeUnaryRequest(path, same, same, request, metadata, options, one);
        } else if (method.methodKind === 'client_streaming') {
          const stream = client.makeClientStreamRequest(path, same, same, metadata, options, one);
          for (const each of requests) stream.write(each);
          stream.end();
        } else {
          const bidi = method.methodKind === 'bidi_streaming';
          const stream = bidi
            ? client.makeBidiStreamRequest(path, same, same, metadata, options)
            : client.makeServerStreamRequest(path, same, same, request, metadata, options);
          if (stream instanceof Duplex) for (const each of requests) stream.write(each);
          const leave = setTimeout(() => stream.cancel(), ms);
          stream.on('data', (reply: Uint8Array) => {
            if (replies.push(reply) >= enough) stream.cancel();
          });
          stream.on('error', (error: ServiceError) => {
            clearTimeout(leave);
            end(error);
          });
          stream.on('end', () => {
            clearTimeout(leave);
            end(null);
          });
        }
      });
    },
    close: () => client.close(),
  };
}
