import diagnostics from 'node:diagnostics_channel';
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** The certificate that a client has shown, with proof that it has the key. */
export interface ShownCertificate {
  /** SHA-256, as 64 lower-case hexadecimal digits. */
  fingerprint: string;
  /** False: none of the authorities of TLS_CLIENT_CA_FILE has issued it. */
  isTrusted: boolean;
}

export interface ClientCertificates {
  /** The certificate shown on the connection of a call. @param peer its other end, as gRPC names it */
  of(peer: string): ShownCertificate | undefined;
  /** Ends the connections whose certificate is refused, once their calls have ended. */
  end(isRefused: (certificate: ShownCertificate) => boolean): void;
  /** Ends the watch over connections. */
  stop(): void;
}

/** Node publishes each call here before it is handled. The gRPC library gives its connections to nobody. */
const CALLS = 'http2.server.stream.start';
/** How long the calls of a connection that ends may still run. */
const GRACE_MS = 10_000;

/** Knows the certificates of clients that are connected to a port. */
export function clientCertificates(port: number, anyAuthority: boolean): ClientCertificates {
  const seen = new WeakSet<ServerHttp2Session>();
  const connections = new Map<string, { session: ServerHttp2Session; certificate: ShownCertificate }>();

  function onCall(message: unknown): void {
    const { session } = (message as { stream: ServerHttp2Stream }).stream;
    if (session === undefined || seen.has(session as ServerHttp2Session)) return;
    seen.add(session as ServerHttp2Session);
    const socket = session.socket as TLSSocket;
    const shown = socket.localPort === port ? socket.getPeerX509Certificate() : undefined;
    if (shown === undefined) return;
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const certificate = {
      fingerprint: fingerprintOf(shown),
      isTrusted: anyAuthority || socket.authorized,
    };
    const connection = { session: session as ServerHttp2Session, certificate };
    connections.set(peer, connection);
    session.once('close', () => {
      if (connections.get(peer) === connection) connections.delete(peer);
    });
  }

  diagnostics.subscribe(CALLS, onCall);
  return {
    of: (peer) => connections.get(peer)?.certificate,
    end(isRefused) {
      for (const { session, certificate } of connections.values()) {
        if (session.closed || !isRefused(certificate)) continue;
        session.close();
        setTimeout(() => session.destroy(), GRACE_MS).unref();
      }
    },
    stop: () => diagnostics.unsubscribe(CALLS, onCall),
  };
}

/** As the directory keeps it. */
export const fingerprintOf = ({ fingerprint256 }: { fingerprint256: string }): string =>
  fingerprint256.replaceAll(':', '').toLowerCase();
