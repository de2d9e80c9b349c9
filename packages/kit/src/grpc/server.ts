import { setImmediate } from 'node:timers/promises';
import { type CallContext, createServer, type ServerMiddlewareCall } from 'nice-grpc';
import { errorDetailsServerMiddleware } from 'nice-grpc-error-details';
import { HealthDefinition, HealthServiceImpl, HealthState } from 'nice-grpc-server-health';
import { boundConnections, type ConnectionLimits } from '../limits/connections.ts';
import { certificateFromProxies } from '../tls/certificate-header.ts';
import { type ClientCertificates, clientCertificates } from '../tls/client-certificates.ts';
import { serverCredentials } from '../tls/grpc-credentials.ts';
import { type ListenTls, requireProtected } from '../tls/listen-tls.ts';
import { type AuthOptions, createAuth } from './auth.ts';
import { requireDecoded, withLenientDecoding } from './decoding.ts';
import { MAX_MESSAGE_BYTES } from './edge.ts';
import { endlessCalls } from './endless.ts';
import { errorMiddleware } from './errors.ts';
import { reflection } from './reflection.ts';
import type { BoundService } from './rpc-service.ts';
import { telemetryMiddleware } from './telemetry.ts';

/** A client queues further calls in silence, so more than what a proxy sends for many callers over one connection. */
const MAX_CALLS_PER_CONNECTION = 10_000;
/** How long endless calls may take to send their status. */
const ENDLESS_MS = 1_000;

export interface GrpcServerOptions extends AuthOptions {
  /** host:port; port 0 picks a free one. */
  listen: string;
  tls: ListenTls;
  services: readonly BoundService[];
  descriptors: Uint8Array;
  connections: ConnectionLimits;
  /** Addresses of proxies that pass on the certificates that systems have shown to them. */
  certificateProxies?: readonly string[];
}

export interface GrpcServer {
  /** host:port the server listens on. */
  address: string;
  setServing(serving: boolean): void;
  /**
   * Refuses new calls and waits for the running ones, at most graceMs; then cancels them. Endless ones have a second
   * after the last of the others: their clients may have stopped reading.
   */
  stop(graceMs: number): Promise<void>;
}

/** @throws when the address cannot be listened on. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { services, listen, tls, certificateProxies = [] } = options;
  requireProtected(listen, tls);
  if (certificateProxies.length > 0 && tls.certificate?.anyClientAuthority === false)
    throw new Error(
      'CERTIFICATE_PROXIES and TLS_CLIENT_CA_FILE do not go together: the proxy decides which authorities count',
    );
  let certificates: ClientCertificates | undefined;
  const fromProxies = certificateFromProxies(certificateProxies);
  const auth = createAuth(
    services,
    options,
    () => certificates,
    (call) => fromProxies(call) ?? certificates?.of(call.peer),
  );
  const health = HealthState();
  const running = endlessCalls(services.flatMap(({ endless }) => endless));
  const server = createServer({
    // A larger request is refused with RESOURCE_EXHAUSTED before it is read.
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
    // One connection cannot have more calls open; a client queues the others.
    'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
    // Ends the connection of a caller that has silently gone away.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
  })
    .use(running.middleware)
    .use(telemetryMiddleware(options.log))
    .use(errorDetailsServerMiddleware)
    .use(errorMiddleware(options.log))
    .use(requireWholeStreams)
    .use(auth.middleware)
    .use(requireDecoded);

  for (const { definition, implementation } of services) server.add(definition, implementation as never);
  const names = services.map(({ fullName }) => fullName);
  server.add(withLenientDecoding(HealthDefinition), HealthServiceImpl(health));
  const { definitions, implementation } = reflection(options.descriptors, names);
  for (const definition of definitions) server.add(definition, implementation);

  const setServing = (serving: boolean) => {
    for (const name of ['', ...names]) health.setStatus(serving ? 'healthy' : 'unhealthy', name);
  };
  setServing(false);
  const port = await server.listen(listen, serverCredentials(tls)).catch((cause) => {
    throw new Error(`cannot listen on ${listen}; the address may be taken`, { cause });
  });
  const unbound = boundConnections(port, options.connections);
  if (tls.certificate) certificates = clientCertificates(port, tls.certificate.anyClientAuthority);
  await auth.watch.start();
  return {
    address: `${listen.slice(0, listen.lastIndexOf(':'))}:${port}`,
    setServing,
    async stop(graceMs) {
      setServing(false);
      const force = () => server.forceShutdown();
      const bounds = [setTimeout(force, graceMs)];
      void running.onlyEndless().then(() => bounds.push(setTimeout(force, Math.min(graceMs, ENDLESS_MS))));
      await server.shutdown();
      for (const bound of bounds) clearTimeout(bound);
      unbound();
      certificates?.stop();
      await auth.watch.stop();
    },
  };
}

/**
 * A request stream whose connection broke ends like a complete one; only the call's signal differs. A handler must
 * never take half of an import for the whole.
 */
function requireWholeStreams<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
) {
  return call.next(call.requestStream ? readToEnd(call.request, context.signal) : call.request, context);
}

async function* readToEnd<Request>(request: AsyncIterable<Request>, signal: AbortSignal) {
  yield* request;
  // A reset shows as the end of the stream first, and as a cancelled call once the current events are through.
  await setImmediate();
  signal.throwIfAborted();
}
