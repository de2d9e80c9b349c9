import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  id: string;
  type: string;
  subject: string;
  sequence: number;
  resend: boolean;
  data: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  /** As it came. */
  body: string;
  path: string;
  /** When it came, on the monotonic clock. */
  at: number;
  /** The status of the reply; undefined: the script replies itself. */
  status: number | undefined;
}

/** Answers a request by a status, or by itself. */
export type Script = (
  event: Received,
  answer: ServerResponse,
) => number | undefined | Promise<number | undefined>;

export interface Receiver {
  url: string;
  /** Everything that came, in its order. */
  readonly all: readonly Received[];
  /** What was answered by 2xx. */
  readonly taken: readonly Received[];
  script: Script;
  /** The most requests of all, and of one subject, that were open at once. */
  readonly most: { all: number; subject: number };
  close(): Promise<void>;
  open(): Promise<void>;
}

/** A real receiver. Once it has the secret, the specification's own library checks every request. */
export async function openReceiver(
  secret: () => string | undefined = () => undefined,
  tls?: { key: string; cert: string },
): Promise<Receiver> {
  const all: Received[] = [];
  const most = { all: 0, subject: 0 };
  const openBySubject = new Map<string, number>();
  let open = 0;
  let port = 0;
  const receiver = {
    url: '',
    all,
    get taken() {
      return all.filter(({ status = 0 }) => status >= 200 && status < 300);
    },
    script: (() => 200) as Script,
    most,
    async open() {
      server.listen(port, '127.0.0.1');
      await new Promise((done) => server.once('listening', done));
      port = (server.address() as AddressInfo).port;
      receiver.url = `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}/hook`;
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
  const take: RequestListener = async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const key = secret();
    if (key !== undefined) new Webhook(key).verify(body, request.headers as Record<string, string>);
    const event = JSON.parse(body);
    const received: Received = {
      ...event,
      subject: event.subject ?? '',
      sequence: Number(event.sequence ?? 0),
      resend: event.resend === true,
      headers: request.headers,
      body,
      path: request.url ?? '',
      at: performance.now(),
      status: undefined,
    };
    all.push(received);
    const own = (openBySubject.get(received.subject) ?? 0) + 1;
    openBySubject.set(received.subject, own);
    open += 1;
    most.all = Math.max(most.all, open);
    most.subject = Math.max(most.subject, own);
    const status = await receiver.script(received, answer);
    openBySubject.set(received.subject, (openBySubject.get(received.subject) ?? 1) - 1);
    open -= 1;
    if (status === undefined) return;
    received.status = status;
    answer.writeHead(status).end();
  };
  const server = tls ? createHttpsServer({ key: tls.key, cert: tls.cert }, take) : createServer(take);
  await receiver.open();
  return receiver;
}

/** Of each subject the ids in the order they were first taken. */
export function orders(events: readonly Received[]): Map<string, number[]> {
  const bySubject = new Map<string, number[]>();
  for (const { subject, sequence } of events)
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), sequence]);
  return bySubject;
}
