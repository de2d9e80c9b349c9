import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export interface Mail {
  to: string;
  /** Headers and body as they came, decoded from neither. */
  raw: string;
  /** The id of the notification, from the Message-ID. */
  id: string;
}

/** The reply to a mail: 250 takes it, 4xx is temporary, 5xx permanent; `hang` sends none and keeps the connection. */
export type Answer = string | 'hang';

/** A real SMTP server whose replies a test chooses. */
export interface PostOffice {
  port: number;
  /** Taken, in order. */
  mails: Mail[];
  /** Connections so far. */
  connections(): number;
  /** What a mail to this address is answered with; 250 by default. */
  answer(to: string, answer: Answer | undefined): void;
  /** What the server replies when a mail for this address is offered; 250 by default. */
  answerRecipient(to: string, answer: string | undefined): void;
  /** Called when a mail has come; it is answered when that is done. */
  onMail(listener: ((mail: Mail) => void | Promise<void>) | undefined): void;
  /** Ends all connections and refuses new ones. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function openPostOffice(): Promise<PostOffice> {
  const mails: Mail[] = [];
  const answers = new Map<string, Answer>();
  const recipients = new Map<string, string>();
  const lines = new Set<Socket>();
  let listener: ((mail: Mail) => void | Promise<void>) | undefined;
  let connections = 0;
  let port = 0;
  let server: Server;

  function serve(socket: Socket): void {
    connections += 1;
    lines.add(socket);
    socket.on('close', () => lines.delete(socket)).on('error', () => {});
    socket.setEncoding('utf8');
    const write = (line: string) => void socket.write(`${line}\r\n`);
    let buffer = '';
    let to = '';
    let inData = false;
    write('220 post.test ESMTP');
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      while (true) {
        const end = buffer.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const text = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          take(text);
        } else command(text);
      }
    });

    function command(text: string): void {
      const verb = text.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') write('250-post.test\r\n250-8BITMIME\r\n250 SMTPUTF8');
      else if (verb === 'RCPT') {
        to = /<(.*?)>/.exec(text)?.[1] ?? '';
        write(recipients.get(to) ?? '250 ok');
      } else if (verb === 'DATA') {
        inData = true;
        write('354 go on');
      } else if (verb === 'QUIT') {
        write('221 bye');
        socket.end();
      } else write('250 ok');
    }

    function take(raw: string): void {
      const mail = { to, raw, id: /^message-id: *<([0-9a-f-]{36})/im.exec(raw)?.[1] ?? '' };
      const answer = answers.get(to) ?? '250 taken';
      if (answer.startsWith('250')) mails.push(mail);
      const handled = listener?.(mail);
      const reply = () => {
        if (answer !== 'hang') write(answer);
      };
      if (handled === undefined) reply();
      else void handled.then(reply);
    }
  }

  async function open(): Promise<void> {
    server = createServer(serve).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as { port: number }).port;
  }

  await open();
  return {
    get port() {
      return port;
    },
    mails,
    connections: () => connections,
    answer(to, answer) {
      if (answer === undefined) answers.delete(to);
      else answers.set(to, answer);
    },
    answerRecipient(to, answer) {
      if (answer === undefined) recipients.delete(to);
      else recipients.set(to, answer);
    },
    onMail(given) {
      listener = given;
    },
    open,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const line of lines) line.destroy();
      await closed;
    },
  };
}
