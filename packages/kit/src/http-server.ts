import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Worker } from './service.ts';

export interface HttpServerOptions {
  /** Of the worker, for the log. */
  name: string;
  /** host:port; port 0 picks a free one. */
  listen: string;
  /** Ends the response, also after an error: it must not reject. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Also a connection that sends nothing ends after the time for headers. */
const TIMES = { headersTimeout: 5_000, requestTimeout: 20_000, connectionsCheckingInterval: 1_000 };
const MAX_CONNECTIONS = 256;

/** A server of HTTP with bounds on connections and on the time in which a request must arrive. */
export function boundedServer(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(TIMES, onRequest);
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/**
 * A small HTTP server beside the gRPC server, with the bounds of `boundedServer`. TLS ends at the proxy in front. A stop
 * waits for the requests in progress.
 */
export function httpServer({ name, listen, serve }: HttpServerOptions): Worker {
  const running = new Set<Promise<void>>();
  const server = boundedServer((request, response) => {
    const work: Promise<void> = serve(request, response).finally(() => running.delete(work));
    running.add(work);
  });
  return {
    name,
    async start() {
      const colon = listen.lastIndexOf(':');
      const host = listen.slice(0, colon).replace(/^\[|\]$/g, '');
      server.listen(Number(listen.slice(colon + 1)), host);
      await once(server, 'listening');
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      await Promise.all(running);
      server.closeAllConnections();
      await closed;
    },
  };
}
