import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** A mail as it arrived, read by a parser that is not the sender's. */
export interface Mail {
  messageId: string;
  to: readonly string[];
  subject: string;
  text: string;
}

export interface MailServer {
  /** As SMTP_URL says it. */
  url: string;
  mails: readonly Mail[];
  close(): Promise<void>;
}

/** A real SMTP server on this machine. */
export async function openMailServer(): Promise<MailServer> {
  const mails: Mail[] = [];
  async function take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const { messageId = '', subject = '', text = '' } = await simpleParser(stream);
    mails.push({
      messageId,
      to: envelope.rcptTo.map(({ address }) => address),
      subject,
      text,
    });
  }
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1_000,
    onData: (stream, session, done) => void take(stream, session).then(() => done(null, 'taken'), done),
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
