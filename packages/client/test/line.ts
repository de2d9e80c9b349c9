import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP line to `address` that can be cut while in use; new connections go through. */
export async function cuttableLine(address: string): Promise<{ address: string; cut: () => void }> {
  const [host, port] = address.split(':');
  const open = new Set<Socket>();
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      open.add(socket);
      // A cut shows as a reset at either end; both ends close together.
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    cut();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, cut };
}
