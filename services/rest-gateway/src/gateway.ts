import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientTls } from '@lienthong/client';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import {
  awaitsResponse,
  connectPlatform,
  createCodec,
  createUploadStore,
  readContracts,
  sendProblem,
} from '@lienthong/http-api';
import {
  boundConnections,
  type ConnectionSettings,
  connectionLimits,
  createHttpServer,
  type ListenTls,
  type Logger,
  listenHttp,
} from '@lienthong/kit';
import { allowOrigins } from './http/cors.ts';
import { createTelemetry } from './http/telemetry.ts';
import { createServe } from './serve.ts';

export interface RestGatewayOptions {
  /** host:port; port 0 picks a free one. */
  listen: string;
  /** Of this listener. */
  tls: ListenTls;
  /** The gRPC server that is called; without `tls` in plain text. */
  platform: { address: string; tls?: ClientTls | undefined };
  corsOrigins: readonly string[];
  connections: ConnectionSettings;
  log: Logger;
}

export interface RestGateway {
  /** host:port. */
  address: string;
  /** Ends streams and uploads, and waits at most 10 seconds for other requests. */
  stop(): Promise<void>;
}

const GRACE_MS = 10_000;
/** A body that takes longer breaks off; an upload goes on where it was. */
const TIMES = { headersTimeout: 10_000, requestTimeout: 300_000, connectionsCheckingInterval: 1_000 };

/** The API as JSON over HTTP. @throws when the address cannot be listened on */
export async function startRestGateway(options: RestGatewayOptions): Promise<RestGateway> {
  const { listen, tls, log } = options;
  const descriptors = fileDescriptorSet();
  const { registry, routes } = readContracts(descriptors);
  const platform = connectPlatform(options.platform.address, options.platform.tls);
  const uploads = createUploadStore();
  const stopping = new AbortController();
  const serve = createServe(
    { platform, codec: createCodec(registry), uploads, uploadsPath: '/uploads/', log },
    routes,
    descriptors,
    stopping.signal,
  );
  const observe = createTelemetry(log);
  const isPreflight = allowOrigins(options.corsOrigins);
  const running = new Set<Promise<void>>();

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    setSafeHeaders(response);
    if (isPreflight(request, response)) return;
    const { route, run } = serve(request, response);
    const work = observe(request, response, route, async () => {
      try {
        await run();
        return {};
      } catch (error) {
        // Nobody reads a response, and nothing is wrong here.
        if (!awaitsResponse(request, response)) return { reason: 'CALLER_GONE' };
        return sendProblem(response, error, log);
      }
    });
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  const server = createHttpServer(tls, TIMES, onRequest);
  await listenHttp(server, listen, tls).catch((cause: Error) => {
    platform.close();
    throw new Error(`cannot listen on ${listen}: ${cause.message}; set REST_LISTEN to another address`, {
      cause,
    });
  });
  const { port } = server.address() as AddressInfo;
  const unbound = boundConnections(port, connectionLimits(options.connections));
  return {
    address: `${listen.slice(0, listen.lastIndexOf(':'))}:${port}`,
    async stop() {
      stopping.abort();
      await close(server, running);
      unbound();
      uploads.close();
      platform.close();
    },
  };
}

async function close(server: Server, running: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const waited = new AbortController();
  const grace = sleep(GRACE_MS, undefined, { signal: waited.signal, ref: false }).catch(() => {});
  await Promise.race([Promise.all(running), grace]);
  waited.abort();
  server.closeAllConnections();
  await closed;
}

function setSafeHeaders(response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
}
