import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy to a database, which can hold back the replies and records what was sent. */
export async function mutableLine(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  const received: Buffer[] = [];
  const answers: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    answers.push(far);
    near.on('data', (bytes: Buffer) => received.push(bytes));
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    received: () => Buffer.concat(received).toString(),
    mute: () => answers.forEach((far) => void far.pause()),
    unmute: () => answers.forEach((far) => void far.resume()),
    close: () => void server.close(),
  };
}
