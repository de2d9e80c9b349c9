import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { isConnectionError, openDatabase } from '../src/index.ts';

/** A message of PostgreSQL's protocol: its type, its length, its body. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
const authenticated = message('R', Buffer.alloc(4));
const ready = message('Z', Buffer.from('I'));
const ended = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

/** A server that ends each session after `bytes`, in the same packet. */
async function endingServer(bytes: readonly Buffer[]): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([...bytes, ended])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `postgres://nobody@127.0.0.1:${(server.address() as AddressInfo).port}/none`;
}

// An 'error' without a listener would be an unhandled error, which fails the run.
test.each([
  ['before it is authenticated', []],
  ['before it is ready', [authenticated]],
  ['in the packet that makes it ready', [authenticated, ready]],
])('a session that the server ends %s fails its calls, not the process', async (_, bytes) => {
  const url = await endingServer(bytes);
  const db = openDatabase({ url, schema: 'none', connections: 2, onError: () => {} });
  onTestFinished(() => db.close());
  const sql = { text: 'select 1' };
  for (const call of [
    () => db.transaction((tx) => tx.query(sql)),
    () => db.query(sql),
    async () => (await db.connect()).query('select 1'),
  ]) {
    const error: unknown = await call().catch((error: unknown) => error);
    expect(isConnectionError(error)).toBe(true);
  }
});
