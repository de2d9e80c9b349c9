import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Line, openLine } from '../src/index.ts';

/** A server that repeats what it gets, a line to it, and a connection through the line. */
async function echo(options?: Parameters<typeof openLine>[1]) {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const line = await openLine(`127.0.0.1:${(server.address() as AddressInfo).port}`, options);
  onTestFinished(async () => {
    await line.close();
    server.close();
  });
  return { line, ...(await join(line)) };
}

async function join(line: Line) {
  const [host, port] = line.url.split(':') as [string, string];
  const socket: Socket = connect(Number(port), host);
  const read: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => read.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'connect');
  const heard = (text: string) => vi.waitFor(() => expect(Buffer.concat(read).toString()).toBe(text));
  return { socket, heard };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

test('passes everything on, and keeps what went up where that is wanted', async () => {
  const { line, socket, heard } = await echo({ record: true });
  socket.write('một ');
  await heard('một ');
  socket.write('hai');
  await heard('một hai');
  expect(Buffer.from(line.sent(), 'latin1').toString()).toBe('một hai');
});

test('holds before and after a marker, also one that comes in two parts', async () => {
  for (const [at, there] of [
    ['before', 'ab'],
    ['after', 'ab'],
  ] as const) {
    const { line, socket, heard } = await echo();
    socket.write('ab');
    await heard(there);
    const held = line.hold(at, 'xy', 2);
    socket.write('xy-x');
    await settle();
    socket.write('y-z');
    await held;
    socket.write('!');
    await settle();
    await heard('abxy-x');
    line.release();
    await heard('abxy-xy-z!');
  }
});

test('stalls one way until it is released', async () => {
  for (const way of ['up', 'back'] as const) {
    const { line, socket, heard } = await echo();
    line.stall(way);
    socket.write('a');
    socket.write('b');
    await settle();
    await heard('');
    line.release();
    await heard('ab');
  }
});

test('drops one way in silence; mended, the torn connection ends and a new one is whole', async () => {
  for (const way of ['up', 'back'] as const) {
    const { line, socket, heard } = await echo();
    line.drop(way);
    socket.write('gone');
    await settle();
    await heard('');
    expect(socket.destroyed).toBe(false);
    line.mend();
    await once(socket, 'close');
    const next = await join(line);
    next.socket.write('whole');
    await next.heard('whole');
  }
});

test('delays, and keeps the order when the delay ends', async () => {
  const { line, socket, heard } = await echo();
  line.delay(60_000);
  for (const part of ['a', 'b', 'c']) socket.write(part);
  await settle();
  await heard('');
  line.mend();
  socket.write('d');
  await heard('abcd');
});

test('a cut breaks what is open and refuses what is new, until it is mended', async () => {
  const { line, socket } = await echo();
  line.cut();
  await once(socket, 'close');
  const refused = await join(line);
  if (!refused.socket.destroyed) await once(refused.socket, 'close');
  line.mend();
  const next = await join(line);
  next.socket.write('again');
  await next.heard('again');
});
