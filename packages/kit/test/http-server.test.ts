import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpServer, LOOPBACK_ONLY, startTelemetry } from '../src/index.ts';

/** The two kinds of HTTP servers of a process: for metrics, and for everything else. */
const servers: Record<string, () => Promise<string>> = {
  'of a worker': async () => {
    const listen = await freeAddress();
    const server = httpServer({
      name: 'test',
      listen,
      tls: LOOPBACK_ONLY,
      serve: async (_, response) => void response.end('served'),
    });
    await server.start();
    onTestFinished(() => server.stop());
    return listen;
  },
  'of metrics': async () => {
    const telemetry = await startTelemetry({ service: 'kit-test', metricsListen: '127.0.0.1:0' });
    onTestFinished(() => telemetry.stop());
    return telemetry.metricsAddress as string;
  },
};

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

function open(address: string): Socket {
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

test.each(Object.entries(servers))(
  'a server %s closes connections beyond its bound, and silent ones; then it serves again',
  async (_, start) => {
    const address = await start();
    const sockets = Array.from({ length: 256 }, () => open(address));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const slow = sockets[0] as Socket;
    slow.write('GET /metrics HTTP/1.1\r\n');
    // Closed at once: the others are still there.
    const beyond = open(address).resume();
    await once(beyond, 'close');
    expect(sockets.filter((socket) => socket.closed)).toEqual([]);
    // Those that send no headers are closed without any call of theirs.
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
    expect((await fetch(`http://${address}/metrics`)).status).toBe(200);
  },
);
