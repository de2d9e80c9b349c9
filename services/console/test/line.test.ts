import { once } from 'node:events';
import { type ClientRequest, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';
import { type Line, openLine } from '../src/live/line.ts';

/** A server with one line, and a page that has opened it and does not read yet. */
async function open(stalledMs: number): Promise<{ line: Line; page: IncomingMessage }> {
  const opened = Promise.withResolvers<Line>();
  const app = new Hono<{ Bindings: HttpBindings }>().get('/', (c) => {
    const line = openLine(stalledMs, () => c.env.outgoing.destroy());
    opened.resolve(line);
    return c.body(line.body);
  });
  const server = createServer(getRequestListener(app.fetch));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request: ClientRequest = get({ port: (server.address() as AddressInfo).port, agent: false });
  onTestFinished(() => {
    request.destroy();
    server.closeAllConnections();
    server.close();
  });
  const [page] = (await once(request, 'response')) as [IncomingMessage];
  page.on('error', () => {});
  return { line: await opened.promise, page };
}

/** Much more than sockets hold. */
const MANY = 200;
const LARGE = 'x'.repeat(256 * 1024);

async function sendMany(line: Line): Promise<number> {
  let sent = 0;
  for (; sent < MANY && !line.signal.aborted; sent += 1)
    await line.send({ event: 'event', id: String(sent), data: { LARGE } });
  return sent;
}

test('events wait until the page reads, and then come in order', async () => {
  const { line, page } = await open(60_000);
  const all = sendMany(line).then(() => line.end());
  let text = '';
  page.setEncoding('utf8');
  for await (const chunk of page) text += chunk;
  await all;
  expect(text).toMatch(/^retry: \d{4}\n\n/);
  expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual([...Array(MANY).keys()]);
});

test('a page that does not read holds a few events, and loses its connection', async () => {
  const { line, page } = await open(300);
  const sent = await sendMany(line);
  expect(sent).toBeLessThan(MANY);
  expect(line.signal.aborted).toBe(true);
  page.resume();
  await expect(once(page, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a page that leaves ends its line, also while an event waits', async () => {
  const { line, page } = await open(60_000);
  const sending = sendMany(line);
  page.destroy();
  expect(await sending).toBeLessThan(MANY);
  await line.send({ event: 'event', data: {} });
  line.end();
});
