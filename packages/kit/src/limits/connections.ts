import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { countedAddress, isIn } from './address.ts';

export interface ConnectionLimits {
  perProcess: number;
  perAddress: number;
  /** Proxies connect for many; only `perProcess` bounds them. */
  trustedProxies: readonly string[];
}

/** Node publishes each connection here before any of its bytes is read. The gRPC library gives its listener to nobody. */
const CONNECTIONS = 'net.server.socket';
/** A connection that has sent nothing for this time is closed; a client of HTTP/2 begins at once. */
const SILENT_MS = 10_000;

/**
 * Closes connections to a port beyond the limits, and those that stay silent. Returns a function that ends it.
 * @param silentMs how long a new connection may be silent
 */
export function boundConnections(port: number, limits: ConnectionLimits, silentMs = SILENT_MS): () => void {
  const perProcess = Math.min(limits.perProcess, Math.floor(openFilesAllowed() / 2));
  const perAddress = Math.ceil((limits.perAddress * perProcess) / limits.perProcess);
  const isProxy = isIn(limits.trustedProxies);
  const counts = new Map<string, number>();
  /** The unspoken connections with the time at which they came, oldest first. */
  const silent = new Map<Socket, number>();
  let total = 0;

  function accept(message: unknown): void {
    const { socket } = message as { socket: Socket };
    if (socket.localPort !== port) return;
    const remote = socket.remoteAddress ?? '';
    const address = countedAddress(remote);
    const count = counts.get(address) ?? 0;
    if (total >= perProcess || (count >= perAddress && !isProxy(remote))) {
      socket.destroy();
      return;
    }
    total += 1;
    counts.set(address, count + 1);
    silent.set(socket, performance.now());
    socket.once('close', () => {
      total -= 1;
      silent.delete(socket);
      const left = (counts.get(address) ?? 0) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
  }

  function closeSilent(): void {
    const before = performance.now() - silentMs;
    for (const [socket, since] of silent) {
      if (since > before) return;
      silent.delete(socket);
      if (socket.bytesRead === 0) socket.destroy();
    }
  }

  diagnostics.subscribe(CONNECTIONS, accept);
  const timer = setInterval(closeSilent, silentMs / 4).unref();
  return () => {
    clearInterval(timer);
    diagnostics.unsubscribe(CONNECTIONS, accept);
  };
}

/** How many files, and so connections, the operating system lets this process open. */
function openFilesAllowed(): number {
  // Without this the report resolves the name of every connected peer.
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report;
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as { userLimits?: { open_files: { soft: number | string } } };
  report.excludeNetwork = before ?? false;
  const soft = Number(userLimits?.open_files.soft);
  // Windows has no such limit; elsewhere it may be "unlimited".
  return Number.isFinite(soft) ? soft : Number.POSITIVE_INFINITY;
}
