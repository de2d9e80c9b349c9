import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Worker } from './service.ts';
import { createHttpServer, listenHttp } from './tls/http.ts';
import type { ListenTls } from './tls/listen-tls.ts';

export interface HttpServerOptions {
  /** Of the worker, for the log. */
  name: string;
  /** host:port; port 0 picks a free one. */
  listen: string;
  tls: ListenTls;
  /** Ends the response, also after an error: it must not reject. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Also a connection that sends nothing ends after the time for headers. */
const TIMES = { headersTimeout: 5_000, requestTimeout: 20_000, connectionsCheckingInterval: 1_000 };
const MAX_CONNECTIONS = 256;

/** A server of HTTP, or HTTPS where the process has a certificate, with bounds on connections and on the time in which a request must arrive. */
export function boundedServer(
  tls: ListenTls,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createHttpServer(tls, TIMES, onRequest);
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/**
 * A small HTTP server beside the gRPC server, with the bounds of `boundedServer`. A stop waits for the requests in
 * progress.
 */
export function httpServer({ name, listen, tls, serve }: HttpServerOptions): Worker {
  const running = new Set<Promise<void>>();
  const server = boundedServer(tls, (request, response) => {
    const work: Promise<void> = serve(request, response).finally(() => running.delete(work));
    running.add(work);
  });
  return {
    name,
    start: () => listenHttp(server, listen, tls),
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
