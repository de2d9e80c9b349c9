import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { ClientTls } from '@lienthong/client';
import { connectPlatform as connectApi } from '@lienthong/http-api';
import {
  boundConnections,
  type ConnectionSettings,
  connectionLimits,
  createHttpServer,
  type ListenTls,
  type Logger,
  listenHttp,
  type Sealer,
} from '@lienthong/kit';
import { createApp } from './app.ts';
import type { LiveTimes } from './live/live.ts';
import { BUILT_FOLDER, readBuilt } from './pages/built.ts';
import { connectPlatform } from './platform.ts';
import { connectProvider, type ProviderOptions } from './session/provider.ts';
import { CALLBACK } from './session/sign-in.ts';

export interface ConsoleOptions {
  /** host:port; port 0 picks a free one. */
  listen: string;
  /** Of this listener. */
  tls: ListenTls;
  /** Where browsers find the console; by default where it listens. */
  url?: string | undefined;
  /** The gRPC server that is called; without `tls` in plain text. */
  platform: { address: string; tls?: ClientTls | undefined };
  provider: Omit<ProviderOptions, 'redirectUri'>;
  /** Seals sessions: all processes of the console have the same keys. */
  sealer: Sealer;
  connections: ConnectionSettings;
  /** Of the lines to pages; for tests. */
  liveTimes?: LiveTimes;
  /** Where the application for staff was built; by default beside its sources. */
  appFolder?: string | undefined;
  log: Logger;
}

export interface RunningConsole {
  /** Where browsers find it. */
  url: string;
  /** Where it listens, http:// or https:// with host and port. */
  listening: string;
  /** The address to register at the provider. */
  redirectUri: string;
  stop(): Promise<void>;
}

/** A body that takes longer breaks off; an upload goes on where it was. */
const TIMES = { headersTimeout: 10_000, requestTimeout: 300_000, connectionsCheckingInterval: 1_000 };
const GRACE_MS = 10_000;
/** Proxies cut a line on which nothing happens for a minute. */
const LIVE_TIMES = { heartbeatMs: 15_000, stalledMs: 60_000 };

/** @throws when the address cannot be listened on */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { listen, tls, log } = options;
  const platform = connectPlatform(options.platform);
  const api = connectApi(options.platform.address, options.platform.tls);
  const close = () => {
    platform.close();
    api.close();
  };
  let serve: ReturnType<typeof getRequestListener> | undefined;
  const server = createHttpServer(tls, TIMES, (request, response) => void serve?.(request, response));
  await listenHttp(server, listen, tls).catch((cause: Error) => {
    close();
    throw new Error(`cannot listen on ${listen}: ${cause.message}; set CONSOLE_LISTEN to another address`, {
      cause,
    });
  });
  const { port } = server.address() as AddressInfo;
  const scheme = tls.certificate === undefined ? 'http' : 'https';
  const listening = `${scheme}://${listen.slice(0, listen.lastIndexOf(':'))}:${port}`;
  const url = options.url ?? listening;
  const redirectUri = `${url}${CALLBACK}`;
  const provider = connectProvider({ ...options.provider, redirectUri });
  const { sealer, connections, liveTimes = LIVE_TIMES } = options;
  const built = readBuilt(options.appFolder ?? BUILT_FOLDER);
  const app = createApp({ platform, api, built, provider, sealer, url, connections, liveTimes, log });
  serve = getRequestListener(app.fetch);
  const unbound = boundConnections(port, connectionLimits(connections));
  return {
    url,
    listening,
    redirectUri,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      app.endLines();
      server.closeIdleConnections();
      const hurry = setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
      await closed;
      clearTimeout(hurry);
      unbound();
      app.endUploads();
      close();
    },
  };
}
