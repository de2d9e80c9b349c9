import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { openMailServer } from '@lienthong/test-mail-server';
import type { SMTPServerOptions } from 'smtp-server';

/** A reply of the server's own choosing. */
export const smtpReply = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/** The shared test mail server with options of its own. */
export const mailServer = (smtp: SMTPServerOptions = {}, port = 0) => openMailServer({ smtp, port });

/** A server whose `reply` gives the answer to each line, or ends the connection. */
export async function rawServer(reply: (line: string, socket: Socket) => string | 'hang up' | undefined) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.setEncoding('utf8');
    const write = (line: string) => {
      const answer = reply(line, socket);
      if (answer === 'hang up') socket.destroy();
      else if (answer !== undefined) socket.write(`${answer}\r\n`);
    };
    socket.on('data', (text: string) => {
      for (const line of text.split('\r\n').slice(0, -1)) write(line);
    });
    write('');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
