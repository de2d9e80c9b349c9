import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export type Answer = (call: Received) => Reply | 'silent' | 'drop' | Promise<Reply>;

/** A real HTTP server; `answer` gives the reply to each call: 'silent' never, 'drop' by closing the connection. */
export async function httpPeer(answer: Answer) {
  const calls: Received[] = [];
  let open = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    most = Math.max(most, open);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
    calls.push(call);
    response.on('close', () => {
      open -= 1;
    });
    const reply = await answer(call);
    if (reply === 'drop') request.socket.destroy();
    else if (reply !== 'silent') response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    mostAtOnce: () => most,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
