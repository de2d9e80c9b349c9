import { Readable } from 'node:stream';
import { MessageChannel } from '@lienthong/contracts/notification';
import type { Clock } from '@lienthong/kit';
import { createTransport } from 'nodemailer';
import type { Channel, OutgoingMessage, SendResult } from '../domain/channel.ts';
import type { ChannelSettings } from './config.ts';
import { answerLine } from './http-result.ts';
import { headerText, htmlOf } from './mail-content.ts';
import { queueIdOf, type SmtpFailure, toSendResult } from './smtp-result.ts';

export type EmailSettings = ChannelSettings & { SMTP_URL: string; MAIL_FROM: string };

/** The header that carries the message's key: a relay may replace the Message-ID, a bounce returns this one. */
export const KEY_HEADER = 'X-Lien-Thong-Message';

/** One address, and nothing that could be read as a second one, a name or a header. */
const ADDRESS = /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[^\s@<>(),;:"\\[\]\p{Cc}]{1,255}$/u;

/** Mails over a few connections that stay open. At least once: an attempt whose reply was lost is a failed one. */
export function emailChannel(settings: EmailSettings, clock: Clock): Channel {
  const transport = createTransport({ ...connection(settings), pool: true });
  // By the mail's headers object, which the library passes on: the stream that the server reads the mail from.
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

  async function sendOne(message: OutgoingMessage, signal: AbortSignal): Promise<SendResult> {
    const { id, to, title, body, language } = message;
    if (!ADDRESS.test(to))
      return { kind: 'refused', answer: 'not an e-mail address', cause: 'ADDRESS_INVALID' };
    const headers = {
      // RFC 3834: no absence notes come back.
      'Auto-Submitted': 'auto-generated',
      'Content-Language': language,
      [KEY_HEADER]: id,
      ...listHeaders(message.unsubscribeUrl, settings.MAIL_UNSUBSCRIBE_URL),
    };
    try {
      const { response = '' } = await transport.sendMail({
        from,
        to: { name: '', address: to },
        envelope: { from: from.address, to: [to] },
        // The same at every attempt: servers and readers drop a mail that they have.
        messageId: `<${id}@${domain}>`,
        date: clock.now(),
        // Where the server offers DSN (RFC 3461), a bounce returns this id and the headers.
        dsn: { id, return: 'headers', recipient: `rfc822;${to}` },
        subject: headerText(title),
        text: body,
        html: htmlOf(body, language),
        headers,
        signal,
      });
      return { kind: 'sent', answer: answerLine(response), providerId: queueIdOf(response) };
    } catch (error) {
      if (signal.aborted) return { kind: 'unavailable', answer: 'no reply in time', cause: 'TIMEOUT' };
      return toSendResult(error as SmtpFailure, texts.get(headers)?.readableDidRead ?? false);
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

/**
 * How readers stop the mails (RFC 2369): with one click (RFC 8058), where there is a link of the recipient's own. Beside it
 * only an address may stand. A header is not folded: a link in two lines would be another one.
 */
function listHeaders(oneClick: string | undefined, contact: string | undefined) {
  const inOneLine = (value: string) => ({ prepared: true, foldLines: false, value });
  if (oneClick === undefined) return contact === undefined ? {} : { 'List-Unsubscribe': `<${contact}>` };
  const links = [oneClick, ...(contact?.startsWith('mailto:') ? [contact] : [])];
  return {
    'List-Unsubscribe': inOneLine(links.map((link) => `<${link}>`).join(', ')),
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/** The domain of an address; Message-IDs end with the sender's. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** The library produces a mail in dozens of small pieces; each would be a system call. */
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
    // A connection has no limit of messages; a server that wants one closes the connection itself.
    maxMessages: Number.POSITIVE_INFINITY,
    // The library queues a mail again only if its connection was closed before a byte of the mail was sent. Each of the
    // idle connections may turn out to be closed.
    maxRequeues: settings.SMTP_CONNECTIONS,
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
