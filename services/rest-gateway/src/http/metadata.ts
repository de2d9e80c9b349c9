import type { IncomingMessage, ServerResponse } from 'node:http';
import { Metadata } from '@grpc/grpc-js';
import { context, propagation } from '@opentelemetry/api';

/** What a caller sends beside the request, and the platform beside the reply; named the same in both. */
const SENT = ['authorization', 'lienthong-after'];
const WRITTEN = 'lienthong-written';
const FORWARDED = 'x-forwarded-for';

/** The caller's token, address and trace, for the platform. */
export function metadataOf(request: IncomingMessage): Metadata {
  const metadata = new Metadata();
  for (const name of SENT) {
    const value = request.headers[name];
    if (typeof value === 'string') metadata.set(name, printable(value));
  }
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
