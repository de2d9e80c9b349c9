import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions } from 'smtp-server';

/** A mail as it arrived, read by a parser that is independent of the sender. */
export interface ArrivedMail {
  from: string;
  to: readonly string[];
  raw: string;
  parsed: ParsedMail;
}

export interface MailServer {
  /** A value for SMTP_URL. */
  url: string;
  port: number;
  /** The mails that were kept. */
  arrived: readonly ArrivedMail[];
  /** Number of accepted mails, kept or not. */
  received(): number;
  connections(): number;
  close(): Promise<void>;
}

export interface MailServerOptions {
  /** On 127.0.0.1; 0, the default, picks a free one. */
  port?: number;
  /** False: mails are counted and discarded, for measurements. */
  keep?: boolean;
  /** Further options of the SMTP server; they override the defaults. */
  smtp?: SMTPServerOptions;
}

/** A real SMTP server on this machine. */
export async function openMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { port = 0, keep = true, smtp } = options;
  const arrived: ArrivedMail[] = [];
  let received = 0;
  let connections = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_, done) {
      connections += 1;
      done();
    },
    async onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      try {
        const raw = await readAll(stream, keep);
        received += 1;
        if (keep) {
          arrived.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw: raw.toString('latin1'),
            parsed: await simpleParser(raw),
          });
        }
        done(null, 'queued');
      } catch (error) {
        done(error as Error);
      }
    },
    ...smtp,
  });
  // A client that hangs up in the middle of a mail ends its connection, not the server.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    arrived,
    received: () => received,
    connections: () => connections,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

async function readAll(stream: SMTPServerDataStream, keep: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (keep) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
