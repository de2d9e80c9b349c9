import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Worker } from './service.ts';

export interface HttpServerOptions {
  /** Of the worker, for the log. */
  name: string;
  /** host:port; port 0 picks a free one. */
  listen: string;
  /** Ends the response, also after an error: it must not reject. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * A small HTTP server beside the gRPC server, with bounds on connections and on the time of a request. TLS ends at the
 * proxy in front. A stop waits for the requests in progress.
 */
export function httpServer({ name, listen, serve }: HttpServerOptions): Worker {
  const running = new Set<Promise<void>>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000 }, (request, response) => {
    const work: Promise<void> = serve(request, response).finally(() => running.delete(work));
    running.add(work);
  });
  server.maxConnections = 256;
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
