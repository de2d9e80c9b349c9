import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP line to a database whose answers can be held back, and which hears what is asked. */
export async function mutableLine(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  const heard: Buffer[] = [];
  const answers: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    answers.push(far);
    near.on('data', (bytes: Buffer) => heard.push(bytes));
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    heard: () => Buffer.concat(heard).toString(),
    mute: () => answers.forEach((far) => void far.pause()),
    unmute: () => answers.forEach((far) => void far.resume()),
    close: () => void server.close(),
  };
}
