import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { boundConnections, type ConnectionLimits } from '../../src/limits/connections.ts';
import { clerk, connectAs, serve } from '../support/server.ts';

const WIDE: ConnectionLimits = { perProcess: 1_000, perAddress: 1_000, trustedProxies: [] };
const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1));

async function listening(limits: Partial<ConnectionLimits>, silentMs?: number) {
  const server: Server = createServer((socket) => socket.resume().on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const unbound = boundConnections(port, { ...WIDE, ...limits }, silentMs);
  onTestFinished(() => {
    unbound();
    server.close();
  });
  return port;
}

/** An open connection, and the promise of its end. */
async function open(port: number, localAddress = '127.0.0.1', sent?: string) {
  const socket: Socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  if (sent !== undefined) socket.write(sent);
  return { socket, closed: once(socket.resume(), 'close') };
}

test('one address has so many connections; one that ends makes room, and other addresses go on', async () => {
  const port = await listening({ perAddress: 2 });
  const [first] = [await open(port), await open(port)];
  await (await open(port)).closed;
  const other = await open(port, '127.0.0.2');
  first.socket.destroy();
  await first.closed;
  // The server sees the end of a connection a little later than its client.
  let again = await open(port);
  while (await Promise.race([again.closed.then(() => true), new Promise((r) => setTimeout(r, 50, false))]))
    again = await open(port);
  expect([again.socket.destroyed, other.socket.destroyed]).toEqual([false, false]);
});

test('the process has so many connections, also from a proxy that may have more than an address', async () => {
  const port = await listening({ perAddress: 1, perProcess: 3, trustedProxies: ['127.0.0.1'] });
  const kept = [await open(port), await open(port), await open(port)];
  await (await open(port)).closed;
  await (await open(port, '127.0.0.2')).closed;
  expect(kept.some(({ socket }) => socket.destroyed)).toBe(false);
});

test('a connection that stays silent is closed, one that has sent something is not', async () => {
  const port = await listening({}, 200);
  const [silent, speaking] = [await open(port), await open(port, '127.0.0.1', 'x')];
  await silent.closed;
  await (await open(port)).closed;
  expect(speaking.socket.destroyed).toBe(false);
});

test('silent connections to the gRPC server leave room for those who call', async () => {
  const { address } = await serve({
    unary: async () => ({}) as never,
    connections: { perAddress: 20, trustedProxies: [] },
  });
  const silent = await Promise.all(Array.from({ length: 200 }, () => open(portOf(address), '127.0.0.2')));
  await Promise.all(
    silent
      .slice(20)
      .map(({ closed }) => closed)
      .slice(0, 1),
  );
  const { operations } = connectAs(address, clerk);
  await operations.replayParkedEvents({} as never);
  await expect
    .poll(() => silent.filter(({ socket }) => !socket.destroyed).length, { timeout: 20_000 })
    .toBe(20);
});
