import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { HANDSHAKE_MS } from './key-pair.ts';
import { type ListenTls, parseListen, requireProtected } from './listen-tls.ts';

/** HTTPS where the process has a certificate, else HTTP. New connections get a renewed certificate. */
export function createHttpServer(tls: ListenTls, options: ServerOptions, handle: RequestListener): Server {
  const { certificate } = tls;
  if (certificate === undefined) return createServer(options, handle);
  const server = createSecureServer(
    { ...options, handshakeTimeout: HANDSHAKE_MS, ...certificate.context() },
    handle,
  );
  server.once(
    'close',
    certificate.onChange((context) => server.setSecureContext(context)),
  );
  return server;
}

/** @throws when the address cannot be listened on, or other machines could read what travels */
export async function listenHttp(server: Server, listen: string, tls: ListenTls): Promise<void> {
  requireProtected(listen, tls);
  const { host, port } = parseListen(listen);
  server.listen(port, host);
  await once(server, 'listening');
}
