import type { IncomingMessage, ServerResponse } from 'node:http';
import { Metadata } from '@grpc/grpc-js';
import { context, propagation } from '@opentelemetry/api';

/** Who calls. */
export interface HttpCaller {
  /** The header with the token, for the platform; empty without one. */
  authorization: string;
  /** Whose uploads go on: nobody else finds them. */
  owner: string;
}

/** What a caller sends beside the request, and the platform beside the reply; named the same in both. */
const AFTER = 'lienthong-after';
const WRITTEN = 'lienthong-written';
const FORWARDED = 'x-forwarded-for';
/** Which service the gateway in front of the platform gives a call to that every service has. */
const SERVICE = 'lien-thong-service';

/** The caller's token, address and trace, and the service that is meant, for the platform. */
export function metadataOf(request: IncomingMessage, { authorization }: HttpCaller): Metadata {
  const metadata = new Metadata();
  if (authorization !== '') metadata.set('authorization', printable(authorization));
  const after = request.headers[AFTER];
  if (typeof after === 'string') metadata.set(AFTER, printable(after));
  const service = request.headers[SERVICE];
  if (typeof service === 'string') metadata.set(SERVICE, printable(service));
  const before = request.headers[FORWARDED];
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  // The platform believes of these addresses what its trusted proxies have added.
  metadata.set(FORWARDED, before === undefined ? address : `${printable(String(before))}, ${address}`);
  propagation.inject(context.active(), metadata, { set: (to, name, value) => to.set(name, value) });
  return metadata;
}

/** A header of gRPC takes visible ASCII; HTTP/1.1 lets more through. */
const printable = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, '?');

/** Passes on what the reply's metadata says of the log that was written. */
export function passWritten(metadata: Metadata, response: ServerResponse): void {
  const written = metadata.get(WRITTEN)[0];
  if (written !== undefined && !response.headersSent) response.setHeader(WRITTEN, String(written));
}
