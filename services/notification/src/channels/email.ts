import { Readable } from 'node:stream';
import { MessageChannel } from '@lienthong/contracts/notification';
import { createTransport } from 'nodemailer';
import type { Channel, Outgoing, Sent } from '../domain/channel.ts';
import { answerOf } from './answer.ts';
import type { ChannelSettings } from './config.ts';
import { headerText, htmlOf } from './mail-content.ts';
import { type SmtpFailure, sentBySmtp } from './smtp-answer.ts';

export type EmailSettings = ChannelSettings & { SMTP_URL: string; MAIL_FROM: string };

/** One address and nothing that could be read as a second one, a name or a header. */
const ADDRESS = /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[^\s@<>(),;:"\\[\]\p{Cc}]{1,255}$/u;

/** Mails over a few connections that stay open. At least once: an answer that was lost is an attempt that failed. */
export function emailChannel(settings: EmailSettings): Channel {
  const transport = createTransport({ ...connection(settings), pool: true });
  // By its headers object, which the library hands on: the text of a mail as the server gets it.
  const texts = new WeakMap<object, Readable>();
  transport.use('stream', ({ message, data }, done) => {
    const { createReadStream } = message;
    message.createReadStream = (options) => {
      const text = Readable.from(inOnePiece(createReadStream.call(message, options)), { objectMode: false });
      texts.set(data.headers as object, text);
      return text;
    };
    done();
  });
  const from = senderOf(settings.MAIL_FROM);
  const domain = domainOf(from.address);
  const unsubscribe = settings.MAIL_UNSUBSCRIBE_URL;

  async function sendOne({ id, to, title, body, language }: Outgoing, signal: AbortSignal): Promise<Sent> {
    if (!ADDRESS.test(to)) return { outcome: 'refused', answer: 'not an e-mail address' };
    const headers = {
      // RFC 3834: no absence notes come back.
      'Auto-Submitted': 'auto-generated',
      'Content-Language': language,
      ...(unsubscribe === undefined ? {} : { 'List-Unsubscribe': `<${unsubscribe}>` }),
    };
    try {
      const { response } = await transport.sendMail({
        from,
        to: { name: '', address: to },
        envelope: { from: from.address, to: [to] },
        // The same whenever it is sent again: servers and readers drop what they have.
        messageId: `<${id}@${domain}>`,
        subject: headerText(title),
        text: body,
        html: htmlOf(body, language),
        headers,
        signal,
      });
      return { outcome: 'sent', answer: answerOf(response ?? '') };
    } catch (error) {
      if (signal.aborted) return { outcome: 'unavailable', answer: 'no answer in time' };
      return sentBySmtp(error as SmtpFailure, texts.get(headers)?.readableDidRead ?? false);
    }
  }

  return {
    kind: MessageChannel.EMAIL,
    send: (batch, signal) => Promise.all(batch.map((message) => sendOne(message, signal))),
    async close() {
      transport.close();
    },
  };
}

/** The part of an address that mails are known by. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** The library hands a mail on in dozens of small pieces, and each would be a system call. */
async function* inOnePiece(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  yield Buffer.concat(all);
}

function connection(settings: EmailSettings) {
  const url = new URL(settings.SMTP_URL);
  const secure = url.protocol === 'smtps:';
  const timeout = settings.SMTP_TIMEOUT_MS;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && settings.SMTP_STARTTLS === 'required',
    ignoreTLS: !secure && settings.SMTP_STARTTLS === 'never',
    ...(settings.SMTP_CA === undefined ? {} : { tls: { ca: settings.SMTP_CA } }),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    maxConnections: settings.SMTP_CONNECTIONS,
    // A connection is not given up after some messages; servers that want that close it themselves.
    maxMessages: Number.POSITIVE_INFINITY,
    // Only for a connection that was found closed before a byte of the message had gone.
    maxRequeues: 1,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The sender's name and address. */
export function senderOf(text: string): { name: string; address: string } {
  const [, name, address] = /^(.*)<([^<>]+)>$/.exec(text) ?? ['', '', text];
  return { name: (name as string).trim().replace(/^"(.*)"$/, '$1'), address: (address as string).trim() };
}
