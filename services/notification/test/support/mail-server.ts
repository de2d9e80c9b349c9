import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Arrived {
  from: string;
  to: string[];
  raw: string;
  parsed: ParsedMail;
}

/** A reply of the server's own choosing. */
export const smtpReply = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/** A real SMTP server that keeps what arrives, read by a parser that is not the sender's. */
export async function mailServer(options: SMTPServerOptions = {}, port = 0) {
  const arrived: Arrived[] = [];
  let connections = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_, done) {
      connections += 1;
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        arrived.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: raw.toString('latin1'),
          parsed: await simpleParser(raw),
        });
        done(null, 'queued');
      });
    },
    ...options,
  });
  // A client that hangs up in the middle is what some tests are about.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    arrived,
    connections: () => connections,
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}

/** A server that speaks line by line as told: `reply` gives the answer, or ends the connection. */
export async function rawServer(reply: (line: string, socket: Socket) => string | 'hang up' | undefined) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.setEncoding('utf8');
    const say = (line: string) => {
      const answer = reply(line, socket);
      if (answer === 'hang up') socket.destroy();
      else if (answer !== undefined) socket.write(`${answer}\r\n`);
    };
    socket.on('data', (text: string) => {
      for (const line of text.split('\r\n').slice(0, -1)) say(line);
    });
    say('');
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
